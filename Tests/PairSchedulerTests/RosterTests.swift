import PairCore
import PairStore
import StoreTesting
import Testing

@testable import PairScheduler

@Suite struct RosterTests {
  private func job(_ id: Int64, by worker: Int, _ priority: Priority = .normal) throws -> ClaimedJob {
    ClaimedJob(
      attempt: Attempt(job: id, number: 1), study: 1, spec: try JobSpec(), datasetDigest: "", worker: worker,
      priority: priority)
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

  /// Jobs by the worker that runs them, taken in this order, and the workers whose jobs are to stop.
  static let preemptions: [(running: [(worker: Int, priority: Priority)], waiting: Int, victims: Set<Int>)] = [
    ([(1, .normal), (2, .normal), (3, .normal)], 0, []),
    // Of equals the one that was taken last.
    ([(1, .normal), (2, .normal), (3, .normal)], 1, [3]),
    ([(3, .normal), (1, .normal), (2, .normal)], 2, [2, 1]),
    ([(1, .normal), (2, .low), (3, .normal)], 1, [2]),
    ([(1, .high), (2, .normal), (3, .low)], 2, [3, 2]),
    // The worker that has no job takes the urgent one.
    ([(1, .normal), (2, .normal)], 1, []),
    ([(1, .normal), (2, .normal)], 2, [2]),
    // Urgent jobs are not stopped for each other.
    ([(1, .urgent), (2, .normal), (3, .urgent)], 3, [2]),
    ([(1, .urgent), (2, .urgent), (3, .urgent)], 3, []),
    ([(1, .high), (2, .normal), (3, .low)], 9, [1, 2, 3]),
  ]

  @Test("Urgent jobs stop the least urgent and latest ones, and no more than they need workers", arguments: preemptions)
  func preempts(running: [(worker: Int, priority: Priority)], waiting: Int, victims: Set<Int>) throws {
    var roster = Roster(workers: 3)
    var signals: [Int: StopSignal] = [:]
    for (worker, priority) in running {
      signals[worker] = roster.add(try job(Int64(10 + worker), by: worker, priority))
    }
    // The second time finds that enough are stopping already.
    for _ in 1...2 {
      roster.preempt(for: waiting)
      #expect(Set(signals.filter { $0.value.reason == .preempt }.keys) == victims)
    }
  }

  @Test("A job that stops for another reason makes room too, and a changed priority counts")
  func preemptsOthers() throws {
    var roster = Roster(workers: 2)
    let first = roster.add(try job(1, by: 1))
    let second = roster.add(try job(2, by: 2))
    roster.setPriority(.low, of: [1])
    roster.stop([Attempt(job: 2, number: 1)], because: .cancel)
    roster.preempt(for: 1)
    #expect(first.reason == nil && second.reason == .cancel)
    roster.preempt(for: 2)
    #expect(first.reason == .preempt)
    roster.remove(2)
    let third = roster.add(try job(3, by: 2))
    roster.drain()
    roster.preempt(for: 2)
    #expect(third.reason == .stop)
  }
}
