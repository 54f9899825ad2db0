import PairAPI
import PairCore
import Testing

@testable import PairServer

@Suite("Progress")
struct ProgressTests {
  @Test("A request without a version is answered at once, with the running jobs' epochs")
  func immediate() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let submitted = try await api.submit()
    var progress: ProgressResponse = try await api.get(.progress(study: submitted.study.id)).decode()
    // The worker has taken the job and done its first epoch when nothing changes any more but by the gate.
    while progress.running.first?.epochsDone != 1 {
      let query = ProgressQuery(after: progress.version, timeoutSeconds: 60, intervalSeconds: 0)
      progress = try await api.get(.progress(study: submitted.study.id), query.queryItems).decode()
    }
    #expect(progress.running.map(\.epochs) == [2])
    #expect(!progress.isDone)
    api.gate.open()
    #expect(try await api.finished(submitted.study.id).isDone)
  }

  @Test("A request with the current version waits for a change and is answered by it")
  func waits() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let first = try await api.submit()
    let second = try await api.submit()
    // The second study waits for the only worker: nothing of it changes.
    let current: ProgressResponse = try await api.get(.progress(study: second.study.id)).decode()
    let query = ProgressQuery(after: current.version, timeoutSeconds: 60, intervalSeconds: 0)
    async let next: ProgressResponse = api.get(.progress(study: second.study.id), query.queryItems).decode()
    api.gate.open()
    #expect(try await next.version != current.version)
    #expect(try await api.finished(first.study.id).isDone)
    #expect(try await api.finished(second.study.id).isDone)
  }

  @Test("A wait without a change ends at its timeout with the same version")
  func timeout() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    _ = try await api.submit()
    let second = try await api.submit()
    let current: ProgressResponse = try await api.get(.progress(study: second.study.id)).decode()
    let query = ProgressQuery(after: current.version, timeoutSeconds: 0.05)
    let next: ProgressResponse = try await api.get(.progress(study: second.study.id), query.queryItems).decode()
    #expect(next == current)
    api.gate.open()
    _ = try await api.finished(second.study.id)
  }

  @Test("A study that is done is not waited for")
  func done() async throws {
    let api = try RouterFixture()
    let submitted = try await api.submit()
    let end = try await api.finished(submitted.study.id)
    await api.scheduler.drain()
    let last: ProgressResponse = try await api.get(.progress(study: submitted.study.id)).decode()
    let query = ProgressQuery(after: last.version, timeoutSeconds: 60)
    let again: ProgressResponse = try await api.get(.progress(study: submitted.study.id), query.queryItems).decode()
    #expect(again.study == end.study)
  }

  @Test("Closing the hub sends everybody home")
  func close() async {
    let hub = ChangeHub()
    await withTaskGroup(of: Void.self) { group in
      for study in 1...10 {
        group.addTask {
          await hub.waitForChange(of: Int64(study), since: hub.version(of: Int64(study)), until: .now + .seconds(600))
        }
      }
      group.addTask {
        while hub.waiterCount < 10 { await Task.yield() }
        hub.close()
      }
    }
    #expect(hub.waiterCount == 0)
    // Nobody waits after that.
    await hub.waitForChange(of: 1, since: hub.version(of: 1), until: .now + .seconds(600))
  }

  @Test("A version changes with its own study's changes, with those of all, and with the daemon's run")
  func versions() {
    let hub = ChangeHub()
    let one = hub.version(of: 1)
    hub.noteChange(of: 2)
    #expect(hub.version(of: 1) == one)
    hub.noteChange(of: 1)
    let two = hub.version(of: 1)
    #expect(two != one)
    hub.noteChangeOfAll()
    #expect(hub.version(of: 1) != two)
    #expect(ChangeHub().version(of: 1) != one)
  }

  @Test("However many studies change, few are remembered, and no version comes twice")
  func pruning() async {
    let hub = ChangeHub()
    var seen: Set = [hub.version(of: 1)]
    hub.noteChange(of: 1)
    seen.insert(hub.version(of: 1))
    let waiting = Task { await hub.waitForChange(of: 1, since: hub.version(of: 1), until: .now + .seconds(600)) }
    while hub.waiterCount == 0 { await Task.yield() }
    for study in 2...Int64(3 * ChangeHub.studiesMax) {
      hub.noteChange(of: study)
      #expect(hub.studyCount <= ChangeHub.studiesMax)
    }
    // It was told that its study may have changed, which it cannot know any more.
    await waiting.value
    #expect(!seen.contains(hub.version(of: 1)))
    hub.noteChange(of: 1)
    #expect(seen.insert(hub.version(of: 1)).inserted)
  }

  @Test("A cancelled wait leaves no waiter behind")
  func cancelledWait() async {
    let hub = ChangeHub()
    let task = Task { await hub.waitForChange(of: 1, since: hub.version(of: 1), until: .now + .seconds(600)) }
    while hub.waiterCount == 0 { await Task.yield() }
    task.cancel()
    await task.value
    #expect(hub.waiterCount == 0)
  }
}
