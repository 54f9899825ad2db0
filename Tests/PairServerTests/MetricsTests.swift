import PairCore
import Testing

@testable import PairScheduler
@testable import PairServer

@Suite("What the daemon measures of itself")
struct MetricsTests {
  /// The samples of `GET /v1/metrics` by their names with labels.
  private func samples(_ api: RouterFixture) async throws -> [String: Double] {
    let answer = try await api.get(.metrics)
    #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
    var samples: [String: Double] = [:]
    for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
      let space = try #require(line.lastIndex(of: " "))
      let value = try #require(Double(line[line.index(after: space)...]))
      samples[String(line[..<space])] = value
    }
    return samples
  }

  @Test("Jobs, attempts, epochs, checkpoints and the database's size are counted as they come")
  func counts() async throws {
    let api = try RouterFixture(isOpen: false, workers: 1)
    let before = try await samples(api)
    #expect(before["pairnet_checkpoints"] == 0 && before["pairnet_checkpoints_written_total"] == 0)
    let study = try await api.submit(#","seed":[1,2,3]"#).study.id
    while api.scheduler.running.map(\.epoch) != [1] { await Task.yield() }
    let attempt = try #require(api.scheduler.running.first?.attempt)
    let size = 1_000
    api.scheduler.recorder.save(
      .init(epochs: 1, steps: 0, seconds: 1, state: Array(repeating: 7, count: size)), of: attempt)
    api.scheduler.recorder.flush()
    let during = try await samples(api)
    #expect(during[#"pairnet_jobs{state="queued"}"#] == 2 && during[#"pairnet_jobs{state="running"}"#] == 1)
    #expect(during["pairnet_workers"] == 1 && during["pairnet_workers_busy"] == 1)
    #expect(during["pairnet_checkpoints"] == 1 && during["pairnet_checkpoints_bytes"] == Double(size))
    #expect(during["pairnet_epochs_total"] == 1)
    api.gate.open()
    _ = try await api.finished(study)
    let after = try await samples(api)
    #expect(after["pairnet_checkpoints"] == 0 && after["pairnet_checkpoints_bytes"] == 0)
    #expect(after["pairnet_checkpoints_written_total"] == 1)
    #expect(after["pairnet_checkpoints_written_bytes_total"] == Double(size))
    #expect(after[#"pairnet_attempts_total{ending="succeeded"}"#] == 3 && after["pairnet_epochs_total"] == 6)
    #expect(after[#"pairnet_store_bytes{file="pairnet.db"}"#] ?? 0 > 0)
    #expect(after[#"pairnet_store_bytes{file="pairnet.db-wal"}"#] ?? 0 > 0)
    #expect(after["pairnet_store_available_bytes"] ?? 0 > 0)
    #expect(after["process_resident_memory_bytes"] ?? 0 > 1e6)
  }

  @Test("Whether the queue is paused is a sample to alert on")
  func paused() async throws {
    let api = try RouterFixture()
    for (action, value) in [("drain", 1.0), ("resume", 0), ("pause", 1)] {
      #expect(try await api.post(.queue, #"{"action":"\#(action)"}"#).status == 200)
      #expect(try await samples(api)["pairnet_queue_paused"] == value)
    }
  }
}
