import Foundation
import Testing

@testable import Torture

/// What the real daemon says and does where the machine under it is not as it should be: docs/durability.md lists it all.
@Suite("Answers to a bad machine", .timeLimit(.minutes(5)))
struct AnswerTests {
  let directory: Directory
  var database: String { "\(directory.path)/state/pairnet.db" }
  var faults: String { "\(directory.path)/faults" }

  init() throws { directory = try Directory() }

  /// Jobs that the test does not wait for, or that are done in a moment.
  private func job(seed: Int = 1, epochs: Int = 3) -> [String: Any] {
    Universe.specs[0].mapValues(\.object).merging(["seed": seed, "epochs": epochs]) { $1 }
  }

  private func submit(_ daemon: Daemon, _ jobs: [[String: Any]]) -> Client.Answer {
    daemon.client.post("/v1/studies", ["jobs": jobs])
  }

  private func state(_ daemon: Daemon, _ id: Int) -> String? {
    (daemon.client.get("/v1/jobs/\(id)").body?["job"] as? [String: Any])?["state"] as? String
  }

  private func epochs(_ daemon: Daemon) -> Int? {
    (daemon.client.get("/v1/status").body?["running"] as? [[String: Any]])?.first?["epochs_done"] as? Int
  }

  /// Makes a database with a finished job and two hundred long ones, the daemon killed or stopped.
  private func makeDatabase(isKilled: Bool = false) throws {
    let daemon = try Daemon(in: directory, workers: 1)
    try #require(daemon.isReady(), "\(daemon.log)")
    try #require(submit(daemon, [job()]).body != nil)
    try #require(daemon.settles(seconds: 60))
    try #require(daemon.stop() == 0)
    let again = try Daemon(in: directory, workers: 1)
    try #require(again.isReady())
    try #require(submit(again, (1...200).map { job(seed: $0, epochs: 10_000) }).body != nil)
    if isKilled { again.kill9() } else { try #require(again.stop() == 0) }
  }

  /// Starts a daemon that must refuse to, and returns what it says.
  private func refusal(
    status: Child.Status, state: String? = nil, environment: [String: String] = [:],
    _ location: SourceLocation = #_sourceLocation
  ) throws -> String {
    unlink("\(directory.path)/pairnetd.err")
    let daemon = try Daemon(in: directory, state: state, environment: environment)
    #expect(daemon.child.wait(seconds: 20) == status, "\(daemon.log)", sourceLocation: location)
    let sentences = daemon.log.split(separator: "\n").filter { $0.hasPrefix("pairnetd: ") }
    #expect(sentences.count == 1, "\(daemon.log)", sourceLocation: location)
    return sentences.joined()
  }

  // MARK: A database that is damaged

  @Test("A flipped byte in the database's header is refused as damage, and the file is left as it is")
  func flippedHeader() throws {
    try makeDatabase()
    // The log has a good copy of the header, and all that is in the database too.
    unlink("\(database)-wal")
    var content = bytes(of: database)
    content[3] ^= 0x40
    try write(content, to: database)
    #expect(try refusal(status: 65).contains("pairnet.db is damaged or no database of pairnet"))
    let isLeft = bytes(of: database) == content
    #expect(isLeft)
  }

  @Test("A truncated database is refused as damage")
  func truncated() throws {
    try makeDatabase()
    unlink("\(database)-wal")
    try write(Array(bytes(of: database).prefix(50_000)), to: database)
    #expect(try refusal(status: 65).contains("pairnet.db is damaged or no database of pairnet"))
  }

  @Test("Garbage in the schema's page is refused as damage")
  func damagedPage() throws {
    try makeDatabase()
    unlink("\(database)-wal")
    var content = bytes(of: database)
    for index in 100..<4096 { content[index] = 0xFF }
    try write(content, to: database)
    #expect(try refusal(status: 65).contains("pairnet.db is damaged or no database of pairnet"))
  }

  @Test("A WAL whose header is garbage is refused, because SQLite would drop its transactions without a word")
  func damagedJournal() throws {
    try makeDatabase(isKilled: true)
    let whole = bytes(of: "\(database)-wal")
    try #require(whole.count > 32)
    var content = whole
    content[17] ^= 1
    try write(content, to: "\(database)-wal")
    let message = try refusal(status: 65)
    #expect(message.contains("pairnet.db-wal is damaged") && message.contains("Restore the directory from a backup"))

    // Nothing was lost by that: with the log as it was, all is there.
    try write(whole, to: "\(database)-wal")
    let snapshot = try Snapshot(of: database, in: directory)
    #expect(snapshot.jobs.count == 201 && snapshot.violations.isEmpty, "\(snapshot.violations)")
  }

  @Test("The torn end of a WAL is dropped, and everything before it is there")
  func tornJournal() throws {
    try makeDatabase(isKilled: true)
    try write(
      bytes(of: "\(database)-wal") + (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }, to: "\(database)-wal")
    let daemon = try Daemon(in: directory)
    try #require(daemon.isReady(), "\(daemon.log)")
    daemon.kill9()
    let snapshot = try Snapshot(of: database, in: directory)
    #expect(snapshot.jobs.count == 201 && snapshot.violations.isEmpty, "\(snapshot.violations)")
  }

  // MARK: A disk that cannot be written to

  @Test("A read-only file system is refused at the start with what cannot be written")
  func readOnly() throws {
    let state = try directory.make("state")
    guard let disk = SmallDisk(at: state, bytes: 8 << 20) else { return say("skipped: mounting a tmpfs needs root") }
    try makeDatabase()
    try #require(disk.remount(readOnly: true))
    #expect(try refusal(status: 73).contains("Read-only file system"))
    try #require(disk.remount(readOnly: false))
    let daemon = try Daemon(in: directory)
    #expect(daemon.isReady(), "\(daemon.log)")
    daemon.kill9()
  }

  @Test(
    "A file system that becomes read-only ends the daemon with 74; after a restart everything acknowledged is there")
  func becomesReadOnly() throws {
    try makeDatabase()
    let daemon = try Daemon(
      in: directory, workers: 1, environment: Scenario.faultLayer("any:pairnet.db-wal:30+:EROFS", report: faults))
    try #require(daemon.isReady(), "\(daemon.log)")
    #expect(daemon.child.wait(seconds: 30) == 74)
    #expect(daemon.log.contains("pairnetd: \(database): the disk failed"), "\(daemon.log)")
    try expectToGoOn(jobs: 201)
  }

  @Test(
    "When a commit fails the daemon ends with 74 and says so; a second fsync is not trusted, and nothing is lost",
    arguments: ["write", "sync"])
  func failedCommit(call: String) throws {
    try makeDatabase()
    // Only once: whoever tries again is told that all is well, although the bytes are gone.
    let daemon = try Daemon(
      in: directory, workers: 1, environment: Scenario.faultLayer("\(call):pairnet.db-wal:25:EIO", report: faults))
    try #require(daemon.isReady(), "\(daemon.log)")
    var acknowledged = 201
    var refusals: [String] = []
    for seed in 1...40 {
      switch submit(daemon, [job(seed: seed, epochs: 10_000)]) {
      case .answered(200..<300, _):
        #expect(refusals.isEmpty, "a submission is acknowledged after one that failed")
        acknowledged += 1
      case .answered(let status, let body):
        #expect(status == 503)
        refusals.append(body["message"] as? String ?? "")
      case .unknown, .unsent: break
      }
    }
    #expect(daemon.child.wait(seconds: 30) == 74)
    #expect(daemon.log.contains("pairnetd: \(database): the disk failed"), "\(daemon.log)")
    #expect(refusals.allSatisfy { $0.contains("the disk failed") && $0.contains("see whether it has") }, "\(refusals)")
    try expectToGoOn(jobs: acknowledged)
  }

  @Test("A failed sync of the database, after the commit that its bytes belong to, ends the daemon as well")
  func failedCheckpoint() throws {
    try makeDatabase()
    let daemon = try Daemon(
      in: directory, workers: 1, environment: Scenario.faultLayer("sync:pairnet.db:1:EIO", report: faults))
    try #require(daemon.isReady(), "\(daemon.log)")
    // SQLite copies its log into the database when the log has a thousand pages.
    var acknowledged = 201
    for _ in 1...50 where submit(daemon, (1...200).map { job(seed: $0, epochs: 9999) }).body != nil {
      acknowledged += 200
    }
    #expect(acknowledged < 10_201)
    #expect(daemon.child.wait(seconds: 30) == 74)
    #expect(daemon.log.contains("pairnetd: \(database): the disk failed"), "\(daemon.log)")
    try expectToGoOn(jobs: acknowledged)
  }

  @Test("A full disk refuses submissions with a clear message, and takes them once there is room again")
  func fullDisk() throws {
    guard let disk = SmallDisk(at: try directory.make("state"), bytes: 8 << 20) else {
      return say("skipped: mounting a tmpfs needs root")
    }
    let daemon = try Daemon(in: directory)
    try #require(daemon.isReady(), "\(daemon.log)")
    try #require(submit(daemon, [job()]).body != nil)
    try #require(daemon.settles(seconds: 60))
    disk.fill(allBut: 0)
    let answer = submit(daemon, (1...500).map { job(seed: $0) })
    guard case .answered(503, let body) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(
      (body["message"] as? String)?.contains("no room left on the disk of \(database): nothing was written") == true)
    #expect(state(daemon, 1) == "succeeded" && daemon.child.hasEnded == nil)
    disk.fill(allBut: nil)
    #expect(submit(daemon, (1...500).map { job(seed: $0) }).body?["first_job"] as? Int == 2)
    #expect(daemon.stop() == 0)
  }

  @Test("A disk that fills up while a job runs ends the daemon with 74; with room and a restart the job goes on")
  func fillsUp() throws {
    guard let disk = SmallDisk(at: try directory.make("state"), bytes: 24 << 20) else {
      return say("skipped: mounting a tmpfs needs root")
    }
    let daemon = try Daemon(in: directory, workers: 1)
    try #require(daemon.isReady(), "\(daemon.log)")
    try #require(submit(daemon, [job(epochs: 10_000)]).body != nil)
    _ = wait(seconds: 30) { (epochs(daemon) ?? 0) > 5 ? true : nil }
    disk.fill(allBut: 0)
    #expect(daemon.child.wait(seconds: 60) == 74, "\(daemon.log)")
    #expect(daemon.log.contains("pairnetd: there is no room left on the disk of \(database)"), "\(daemon.log)")
    // Without room the next one says the same, or serves what there is.
    disk.fill(allBut: nil)
    try expectToGoOn(jobs: 1)
  }

  @Test("Without any room the daemon does not start, and says why")
  func fullFromTheStart() throws {
    guard let disk = SmallDisk(at: try directory.make("state"), bytes: 8 << 20) else {
      return say("skipped: mounting a tmpfs needs root")
    }
    disk.fill(allBut: 0)
    #expect(try refusal(status: 74).contains("there is no room left on the disk of"))
    disk.fill(allBut: nil)
    let daemon = try Daemon(in: directory)
    #expect(daemon.isReady(), "\(daemon.log)")
    daemon.kill9()
  }

  /// The next daemon has everything that was acknowledged, and trains.
  private func expectToGoOn(jobs: Int, _ location: SourceLocation = #_sourceLocation) throws {
    let snapshot = try Snapshot(of: database, in: directory)
    #expect(snapshot.violations.isEmpty && snapshot.jobs.count >= jobs, sourceLocation: location)
    let daemon = try Daemon(in: directory, workers: 1)
    try #require(daemon.isReady(), "\(daemon.log)", sourceLocation: location)
    let progress = wait(seconds: 30) { (epochs(daemon) ?? 0) > 0 ? true : nil }
    #expect(progress == true, sourceLocation: location)
    #expect(daemon.stop() == 0, "\(daemon.log)", sourceLocation: location)
  }

  // MARK: A job that kills the daemon

  @Test("A job that kills the daemon three times is set aside as failed with the reason, and the others end")
  func crashLimit() throws {
    let environment = ["PAIRNET_CRASH_AT": "train.epoch@1:2"]
    let first = try Daemon(in: directory, environment: environment)
    _ = first.isReady()
    _ = submit(first, (1...4).map { job(seed: $0, epochs: 5) })
    #expect(first.child.wait(seconds: 30) == 128 + SIGKILL)
    for _ in 2...3 {
      let daemon = try Daemon(in: directory, environment: environment)
      #expect(daemon.child.wait(seconds: 30) == 128 + SIGKILL)
    }
    let last = try Daemon(in: directory, environment: environment)
    try #require(last.isReady(), "\(last.log)")
    #expect(last.settles(seconds: 60))
    let record = last.client.get("/v1/jobs/1").body?["job"] as? [String: Any]
    #expect(record?["state"] as? String == "failed")
    #expect((record?["reason"] as? String)?.hasPrefix("pairnetd died 3 times while this job ran") == true)
    #expect((2...4).allSatisfy { state(last, $0) == "succeeded" })
    #expect(last.stop() == 0)
    #expect(try Snapshot(of: database, in: directory).violations.isEmpty)
  }

  // MARK: A state directory that is none

  @Test("A state directory whose parent is missing, or that is a file, is refused with its name")
  func noDirectory() throws {
    let missing = "\(directory.path)/none/state"
    #expect(try refusal(status: 73, state: missing).contains("\(missing): the directory cannot be made"))
    let file = "\(directory.path)/file"
    try write([1], to: file)
    #expect(try refusal(status: 73, state: file).contains("\(file): the state directory is a file"))
  }

  // MARK: Clocks and signals

  @Test("When the clock jumps back a day and on a year, jobs go on, durations stay true and order is kept")
  func clock() throws {
    let shift = "\(directory.path)/shift"
    try setClock(shift, 0)
    let daemon = try Daemon(
      in: directory, workers: 1, environment: ["LD_PRELOAD": Scenario.faultLayerPath, "FAULT_CLOCK": shift])
    try #require(daemon.isReady(), "\(daemon.log)")
    let start = ContinuousClock.now
    try #require(submit(daemon, [job(epochs: 300), job(seed: 2), job(seed: 3)]).body != nil)
    for seconds in [-86_400, 86_400 * 365, -3600] as [Int64] {
      let before = epochs(daemon) ?? 0
      try setClock(shift, seconds)
      _ = wait(seconds: 5) { (epochs(daemon) ?? .max) > before + 5 ? true : nil }
      #expect(submit(daemon, [job(seed: 4)]).body != nil)
    }
    try #require(daemon.settles(seconds: 60), "\(daemon.log)")
    let took = (ContinuousClock.now - start) / .seconds(1)
    for id in 1...6 {
      let record = daemon.client.get("/v1/jobs/\(id)").body?["job"] as? [String: Any]
      #expect(record?["state"] as? String == "succeeded")
      // A job that reuses the result of another has no duration of its own.
      if let duration = record?["duration_seconds"] as? Double { #expect((0...took).contains(duration)) }
    }
    let uptime = daemon.client.get("/v1/status").body?["uptime_seconds"] as? Double
    #expect((uptime ?? -1) >= 0 && (uptime ?? .infinity) < took + 60)
    #expect(daemon.stop() == 0)
    #expect(try Snapshot(of: database, in: directory).violations.isEmpty)
  }

  private func setClock(_ path: String, _ seconds: Int64) throws {
    // In place, because the daemon has the file mapped.
    let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    let count = withUnsafeBytes(of: seconds) { pwrite(descriptor, $0.baseAddress!, 8, 0) }
    try #require(count == 8)
  }

  @Test("SIGTERM twice stops as once: status 0, running jobs back in the queue, and no socket left")
  func sigtermTwice() throws {
    let daemon = try Daemon(in: directory, workers: 1)
    try #require(daemon.isReady(), "\(daemon.log)")
    try #require(submit(daemon, [job(epochs: 10_000)]).body != nil)
    _ = wait(seconds: 30) { (epochs(daemon) ?? 0) > 0 ? true : nil }
    daemon.child.signal(SIGTERM)
    daemon.child.signal(SIGTERM)
    usleep(20_000)
    daemon.child.signal(SIGINT)
    #expect(daemon.child.wait(seconds: 30) == 0, "\(daemon.log)")
    #expect(access(daemon.socket, F_OK) != 0)
    let snapshot = try Snapshot(of: database, in: directory)
    #expect(snapshot.jobs[1]?.state == "queued" && snapshot.violations.isEmpty)
  }

  @Test("SIGSTOP holds the daemon and SIGCONT lets it go on: the waiting request is answered, the job ends")
  func stopped() throws {
    let daemon = try Daemon(in: directory, workers: 1)
    try #require(daemon.isReady(), "\(daemon.log)")
    try #require(submit(daemon, [job(epochs: 200)]).body != nil)
    daemon.child.signal(SIGSTOP)
    let client = daemon.client
    let child = daemon.child
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) { child.signal(SIGCONT) }
    let start = ContinuousClock.now
    #expect(client.get("/v1/status").body != nil)
    #expect(ContinuousClock.now - start >= .milliseconds(400))
    #expect(daemon.settles(seconds: 60))
    #expect(state(daemon, 1) == "succeeded")
    #expect(daemon.stop() == 0)
  }

  @Test("A second daemon on the directory is refused with the first one's process id, which goes on")
  func twoDaemons() throws {
    let first = try Daemon(in: directory)
    try #require(first.isReady(), "\(first.log)")
    let message = try refusal(status: 75)
    #expect(message.contains("state is in use by the daemon with process id \(first.child.process)"), "\(message)")
    #expect(first.client.get("/v1/health").body != nil)
    #expect(first.stop() == 0)
  }
}
