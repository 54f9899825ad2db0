import PairCore
import PairStore
import StoreTesting
import Testing

@testable import PairScheduler

@Suite struct RosterTests {
  private func job(_ id: Int64, by worker: Int) throws -> ClaimedJob {
    ClaimedJob(
      attempt: Attempt(job: id, number: 1), study: 1, spec: try JobSpec(), datasetDigest: "", worker: worker)
  }

  @Test("As many workers wake up as there are new jobs, and none that is busy")
  func wakes() {
    var roster = Roster(workers: 3)
    #expect(roster.start() == [1, 2, 3])
    for worker in [3, 1, 2] {
      let rests = roster.rest(worker, asOf: roster.version)
      #expect(rests)
    }
    #expect(roster.wake(for: 2) == [1, 2])
    #expect(roster.wake(for: 5) == [3])
    #expect(roster.wake(for: 5) == [])
  }

  @Test("A worker that found the queue empty looks again if something came meanwhile")
  func looksAgain() {
    var roster = Roster(workers: 1)
    let seen = roster.version
    #expect(roster.wake(for: 1) == [])
    let rested = roster.rest(1, asOf: seen)
    #expect(!rested)
    let restedNow = roster.rest(1, asOf: roster.version)
    #expect(restedNow)
  }

  @Test("Only the attempts named are stopped; a drain stops all, and those that come too late")
  func stops() throws {
    var roster = Roster(workers: 3)
    let first = roster.add(try job(1, by: 1))
    let second = roster.add(try job(2, by: 2))
    roster.advance(2, to: 5)
    roster.advance(3, to: 5)
    #expect(
      roster.running == [
        RunningJob(attempt: Attempt(job: 1, number: 1), worker: 1, epoch: 0),
        RunningJob(attempt: Attempt(job: 2, number: 1), worker: 2, epoch: 5),
      ])
    roster.stop([Attempt(job: 1, number: 1), Attempt(job: 2, number: 2)], because: .pause)
    #expect(first.reason == .pause && second.reason == nil)
    roster.drain()
    #expect(second.reason == .stop)
    // Whoever paused a job waits for it to be paused, not merely stopped.
    #expect(first.reason == .pause)
    #expect(roster.add(try job(3, by: 3)).reason == .stop)
    #expect(roster.wake(for: 1) == [] && roster.start() == [])
    roster.remove(1)
    #expect(roster.running.map(\.worker) == [2, 3])
  }
}
