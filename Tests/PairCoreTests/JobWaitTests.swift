import PairCore
import Testing

/// Why a queued job does not run: a pure function of what the store read.
@Suite struct JobWaitTests {
  @Test("Of several reasons the first that the queue would ask about is told")
  func order() {
    var facts = JobWait.Facts(
      queuePausedAt: "2026-11-23T15:04:05.678Z", suspect: 8, study: 3,
      unfinished: [.init(study: 1, counts: [.queued: 1])], workersMax: 2, studyRunning: 2, sameTraining: 9, crashes: 2,
      isSuspect: true, before: 4)
    var told: [JobWait] = []
    func tell() { told.append(JobWait(facts)) }
    tell()
    facts.queuePausedAt = nil
    tell()
    facts.suspect = nil
    tell()
    facts.unfinished = []
    tell()
    facts.studyRunning = 1
    tell()
    facts.sameTraining = nil
    tell()
    facts.isSuspect = false
    tell()
    #expect(
      told == [
        .queuePaused(since: "2026-11-23T15:04:05.678Z"), .suspectRuns(job: 8),
        .studiesBefore([.init(study: 1, counts: [.queued: 1])]), .studyLimit(study: 3, workersMax: 2),
        .sameTraining(job: 9), .runsAlone(crashes: 2), .turn(before: 4),
      ])
    #expect(told.map(\.word) == JobWait.words)
  }

  @Test(
    "Each reason is a sentence with its numbers",
    arguments: [
      (.queuePaused(since: "T"), "the queue has been paused or drained since T"),
      (
        .suspectRuns(job: 8),
        "job 8 runs alone, because the daemon died whenever it ran, and no other is taken meanwhile"
      ),
      (
        .studiesBefore([
          .init(study: 1, counts: [.running: 1, .queued: 2]), .init(study: 2, counts: [.paused: 1]),
        ]),
        "its study comes after study 1, of which 2 jobs are queued, 1 is running, and after study 2, of which 1 job is "
          + "paused"
      ),
      (.studyLimit(study: 3, workersMax: 1), "1 of study 3 is running, as many as it may at a time"),
      (.sameTraining(job: 9), "job 9 is the same training and running: its result will be this one's"),
      (
        .runsAlone(crashes: 2),
        "the daemon died 2 times while it ran, so that it runs alone: when no other job runs or could be taken before it"
      ),
      (.turn(before: 0), "it is next: the next free worker takes it"), (.turn(before: 1), "1 queued job is before it"),
      (.turn(before: 12), "12 queued jobs are before it"),
    ] as [(JobWait, String)])
  func sentence(wait: JobWait, text: String) {
    #expect(wait.description == text)
  }
}
