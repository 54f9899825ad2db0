import FuzzTesting
import HTTPTypes
import PairAPI
import PairCore
import PairStore
import Testing

@testable import PairServer
@testable import pairnetd

/// See `FuzzRun` for how to run more, or the same again.
@Suite("Bad input at random", .timeLimit(.minutes(60)))
struct FuzzTests {
  private static let bodies: [(path: String, body: String)] = [
    (
      "/v1/studies",
      #"{"name":"a","grid":{"dataset":["synthetic"],"train_pairs":[50],"test_pairs":[20],"seed":[1,2],"dropout":[0,0.5]}}"#
    ),
    (
      "/v1/studies",
      #"{"jobs":[{"model":"BaseNetAux","batch_norm":true,"dataset":"synthetic","train_pairs":50,"test_pairs":20}]}"#
    ),
    (
      "/v1/studies",
      #"{"grid":{"dataset":["synthetic"]},"priority":"high","labels":["x"],"after":[1],"workers_max":1,"time_limit_seconds":9}"#
    ),
    ("/v1/jobs/priority", #"{"priority":"low","labels":["a"],"priorities":["high","urgent"]}"#),
    ("/v1/jobs/pause", #"{"study":1}"#), ("/v1/jobs/resume", #"{"states":["paused"]}"#),
    ("/v1/jobs/retry", #"{"states":["failed"]}"#), ("/v1/queue", #"{"action":"drain"}"#),
    ("/v1/jobs/cancel", #"{"jobs":[1,2],"study":1,"states":["queued"],"parameters":{"seed":[1,2],"shuffle":[false]}}"#),
    (
      "/v1/results/compare",
      #"{"settings":[{"name":"a","filter":{"study":1}},{"name":"b","filter":{"jobs":[3]}}],"level":0.9,"half_width":0.01}"#
    ),
    ("/v1/sql", #"{"sql":"SELECT state, count(*) FROM jobs GROUP BY state","rows_max":10,"seconds_max":0.5}"#),
    (
      "/v1/reproductions",
      #"{"protocol":"clean","dataset":"synthetic","runs":2,"seed":3,"epochs":1,"train_pairs":50,"test_pairs":20}"#
    ),
  ]
  private static let tokens = [
    "null", "true", "false", "0", "-0", "-1", "1e308", "1e999", "1e-999", "0.5", "9223372036854775807",
    "9223372036854775808", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "{}", "[]", "[[", "{\"seed\":1,\"seed\":1}",
    "\"jobs\"",
    "\"grid\"", "\"name\"", "\"parameters\"", ",", ":", "{", "}", "]", "\"", "\\", "\u{FEFF}", "'; DROP TABLE jobs; --",
  ]

  @Test("Whatever body comes, the answer is as documented, names what is wrong, and what is refused writes nothing")
  func bodies() async throws {
    var run = FuzzRun("bodies", cases: 300)
    let api = try RouterFixture(isOpen: false)
    _ = try await api.submit(#","seed":[1,2,3]"#)
    let contract = Contract.shared
    let check = SchemaCheck(document: contract.document)
    var accepted = 0
    for index in 0..<run.cases {
      let (path, body) = run.one(of: Self.bodies)
      let bytes = run.damaged(Array(body.utf8), dictionary: Self.tokens)
      let before = try Census(api.scheduler.store)
      let answer = try await api.send(.post, path, body: bytes)
      let shown = "\(run.place(index)): \(path) \(String(decoding: bytes, as: UTF8.self)): \(answer.status)"
      #expect(answer.status != 500, "\(shown)")
      if answer.status == 200 {
        accepted += 1
      } else {
        #expect(try answer.error.key?.isEmpty == false, "\(shown)")
        #expect(try Census(api.scheduler.store) == before, "\(shown)")
      }
      // The schema is a second opinion, as far as it sees what the parser saw.
      if let value: JSONValue = try? JSON.parse(bytes),
        let schema = contract.operation(.post, path).flatMap(contract.body)
      {
        let problems = check.problems(value, schema)
        #expect(problems.isEmpty || answer.status != 200, "\(shown), though \(problems)")
      }
    }
    #expect(accepted > 0 && accepted < run.cases)
    _ = try await api.post(.cancel, #"{"states":["queued","running"]}"#)
    api.gate.open()
    await api.scheduler.drain()
  }

  private static let targets = [
    "/v1/jobs?job=1,5-9&study=1&state=queued,running&order=oldest&limit=5&after=1",
    "/v1/jobs?model=all&batch_norm=both&dropout=0-0.8:0.2&seed=1-5&learning_rate=0.1,1e-3&shuffle=no&dataset=synthetic",
    "/v1/results?limit=3&state=succeeded", "/v1/results/aggregate?by=model,dropout&metric=test_loss&values=true",
    "/v1/results/curves?by=&metric=train_loss&study=1", "/v1/studies?limit=1&after=2&name=a%20b", "/v1/studies/1",
    "/v1/studies/1/progress?timeout=0&interval=0&after=x.1", "/v1/jobs/1", "/v1/reproductions/1",
    "/v1/datasets/synthetic/pairs?seed=1&count=2&split=test", "/v1/status", "/v1/health", "/v1/datasets",
  ]
  private static let pieces = [
    "%00", "%FF", "%C3%A9", "%", "%2", "&", "=", "&&", "?", ",", "-", ":", "..", "/", "//", "#", "+", " ", "1e308",
    "nan",
    "inf", "-1", "0x1p3", "9223372036854775807", "9223372036854775808", "1-9223372036854775807", "0-1:1e-300", "seed=1",
    "all", "both", "\u{0}", "é",
  ]

  @Test("Whatever is asked for, the answer is as documented, names what is wrong, and writes nothing")
  func queries() async throws {
    var run = FuzzRun("queries", cases: 300)
    let api = try RouterFixture()
    _ = try await api.finished(try await api.submit(#","seed":[1,2,3]"#).study.id)
    await api.scheduler.idle()
    let before = try Census(api.scheduler.store)
    for index in 0..<run.cases {
      let bytes = run.damaged(Array(run.one(of: Self.targets).utf8), dictionary: Self.pieces)
      // The HTTP parser lets no others through.
      let target = String(decoding: bytes.filter { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") }, as: UTF8.self)
      guard target.hasPrefix("/") else { continue }
      let answer = try await api.send(.get, target)
      #expect([200, 400, 404, 405, 422].contains(answer.status), "\(run.place(index)): \(target): \(answer.status)")
      if answer.status == 400 {
        #expect(try answer.error.key?.isEmpty == false, "\(run.place(index)): \(target)")
      }
    }
    #expect(try Census(api.scheduler.store) == before)
  }

  @Test("Whatever a configuration file holds, each complaint has a place in it and a sentence")
  func configurations() throws {
    var run = FuzzRun("configurations", cases: 500)
    let files = [
      "state_directory: /var/lib/pairnet\nsocket:\n  path: /run/x.sock\n  mode: \"0660\"\n  group: pairnet\nworkers: 4\n",
      "# nothing\n---\nlog_level: info\nworkers: 0x10\n...\n", "{workers: 3, socket: {connections_max: 5}}",
      "a: &a [1, 2]\nworkers: *a\n? {x: y}\n: z\n", "log_level: |\n  info\nworkers: !!int \"3\"\n",
    ]
    let tokens = [
      "&a", "*a", "<<: *a", "!!binary", "? ", ": ", "- ", "|", ">", "---\n", "...\n", "\t", "%YAML 1.2\n", "{", "[",
      "\"\\x",
      "workers: 1\n", "socket:\n", "  mode: ", "\u{FEFF}", "\u{85}", "null", "~", "1e9", "\u{0}",
    ]
    for index in 0..<run.cases {
      let bytes = run.damaged(Array(run.one(of: files).utf8), dictionary: tokens)
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      do throws(ConfigurationError) {
        let file = try ConfigurationFile(yaml: text, path: "f.yaml")
        for (key, entry) in file.entries { #expect(key.accepts(entry.value), "\(run.place(index)): \(text)") }
      } catch {
        #expect(!error.problems.isEmpty, "\(run.place(index)): \(text)")
        for problem in error.problems {
          guard case .file(_, let line, let column) = problem.origin else {
            Issue.record("\(run.place(index)): \(problem) has no place in \(text)")
            continue
          }
          #expect(line >= 1 && column >= 1 && !problem.message.isEmpty, "\(run.place(index)): \(problem): \(text)")
        }
      }
    }
  }
}

/// How much the store holds.
private struct Census: Equatable {
  var jobs: [JobState: Int]
  var studies: Int
  var reproductions: Int

  init(_ store: Store) throws {
    jobs = try store.counts()
    // Workers take jobs by themselves.
    jobs[.queued, default: 0] += jobs.removeValue(forKey: .running) ?? 0
    studies = try store.studies(limit: .max).count
    reproductions = try store.reproductions().count
  }
}
