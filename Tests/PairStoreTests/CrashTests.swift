import Foundation
import GRDB
import PairCore
import StoreTesting
import Testing

@testable import PairStore

/// A daemon in miniature (Tests/CrashHarness) is killed again and again; what it had acknowledged must be there.
@Suite struct CrashTests {
  @Test("After kill -9 at any time nothing acknowledged is lost, nothing is done twice and nothing stays running")
  func killed() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["PAIRNET_TEST_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0 ... .max)
    let cycles = environment["PAIRNET_CRASH_CYCLES"].flatMap(Int.init) ?? 12
    print("crash test: \(cycles) cycles; PAIRNET_TEST_SEED=\(seed) repeats them")
    var random = SplitMix64(state: seed)

    let directory = try TemporaryDirectory()
    var acknowledged = Acknowledged()
    for cycle in 1...cycles {
      try acknowledged.read(from: directory, killAfter: Int.random(in: 0...120, using: &random))
      let store = try directory.open()
      try check(store, acknowledged, "cycle \(cycle), after the kill")
      _ = try store.recover()
      try check(store, acknowledged, "cycle \(cycle), after recovery")
      #expect(try store.counts()[.running] == 0)
      try store.close()
    }
    #expect(!acknowledged.finished.isEmpty)
  }

  private func check(_ store: Store, _ acknowledged: Acknowledged, _ when: Comment) throws {
    try store.pool.read { database throws in
      #expect(try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok", when)
      func ids(_ sql: String) throws -> Set<Int64> { try Set(Int64.fetchAll(database, sql: sql)) }
      #expect(try ids("SELECT id FROM jobs").isSuperset(of: acknowledged.submitted), when)
      #expect(try ids("SELECT job FROM results").isSuperset(of: acknowledged.finished), when)
      #expect(
        try ids("SELECT id FROM jobs WHERE state = 'cancelled'").isSuperset(of: acknowledged.cancelled), when)
      // Each of these lists what must not be.
      for sql in [
        "SELECT study FROM jobs GROUP BY study HAVING count(*) <> 10",
        "SELECT job FROM epochs GROUP BY job HAVING count(*) <> max(epoch) OR min(epoch) <> 1",
        "SELECT id FROM jobs WHERE state = 'succeeded' AND id NOT IN (SELECT job FROM results)",
        "SELECT job FROM results JOIN jobs ON id = job WHERE state <> 'succeeded'",
        "SELECT job FROM attempts WHERE ending = 'succeeded' GROUP BY job HAVING count(*) > 1",
        "SELECT job FROM attempts GROUP BY job HAVING count(*) <> max(number)",
        "SELECT id FROM jobs WHERE attempts <> (SELECT count(*) FROM attempts WHERE job = id)",
        "SELECT job FROM attempts JOIN jobs ON id = job WHERE (ending IS NULL) <> (state = 'running' AND number = attempts)",
        """
        SELECT epochs.job FROM epochs JOIN jobs ON id = epochs.job LEFT JOIN checkpoints ON checkpoints.job = id
        WHERE jobs.state = 'queued' AND epoch > coalesce(checkpoints.epochs, 0)
        """,
        "SELECT job FROM checkpoints WHERE epochs > (SELECT count(*) FROM epochs WHERE epochs.job = checkpoints.job)",
        """
        SELECT checkpoints.job FROM checkpoints JOIN jobs ON id = checkpoints.job
        WHERE jobs.state NOT IN ('queued', 'running')
        """,
        "SELECT jobs FROM study_counts AS c WHERE jobs <> (SELECT count(*) FROM jobs WHERE study = c.study AND state = c.state)",
      ] {
        #expect(try Row.fetchAll(database, sql: sql).isEmpty, "\(when): \(sql)")
      }
    }
  }
}

/// What the harness has said in all of its lives.
private struct Acknowledged {
  var submitted: Set<Int64> = []
  var finished: Set<Int64> = []
  var cancelled: Set<Int64> = []

  /// Runs the harness and kills it after so many lines.
  mutating func read(from directory: TemporaryDirectory, killAfter lines: Int) throws {
    let harness = Process()
    harness.executableURL = try Self.executable
    harness.arguments = [directory.path]
    let output = Pipe()
    harness.standardOutput = output
    try harness.run()
    var text = ""
    while text.filter({ $0 == "\n" }).count < lines {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { break }
      text += String(decoding: data, as: UTF8.self)
    }
    kill(harness.processIdentifier, SIGKILL)
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    harness.waitUntilExit()
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      switch words[0] {
      case "recovered": break
      case "submitted": submitted.formUnion(Int64(words[1])!...Int64(words[2])!)
      case "cancelled": cancelled.insert(Int64(words[1])!)
      case "finished": #expect(finished.insert(Int64(words[1])!).inserted, "job \(words[1]) finished twice")
      default: Issue.record("the harness says: \(line)")
      }
    }
  }

  /// Beside the test bundle, where the build puts it.
  private static var executable: URL {
    get throws {
      let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      let candidates = [program, CommandLine.arguments[0]].map {
        URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("crash-harness")
      }
      return try #require(candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) })
    }
  }
}

/// - Source: Steele, Lea & Flood 2014, "Fast Splittable Pseudorandom Number Generators", figure 1
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
