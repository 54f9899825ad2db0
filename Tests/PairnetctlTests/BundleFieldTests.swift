import Glibc
import PairAPI
import PairCore
import Testing

@testable import pairnetctl

/// Every field of a bundle, altered in turn.
@Suite("Bundles, field by field")
struct BundleFieldTests {
  /// Two jobs of two epochs, one with digits, that nothing contradicts.
  static func bundle() throws -> Bundle {
    let digest = String(repeating: "5", count: 64)
    let entries = try [Model.baseNet, .baseNetAux].enumerated().map { index, model in
      let spec = try JobSpec(validating: [
        "model": .text(model.rawValue), "epochs": .integer(2), "train_pairs": .integer(40), "test_pairs": .integer(50),
      ])
      let digit = model.hasAuxiliaryLoss ? 0.9 : nil
      func epoch(_ number: Int, _ accuracy: Double) -> EpochMetrics {
        EpochMetrics(
          epoch: number, trainLoss: 0.7 / Double(number), testAccuracy: accuracy, digit1Accuracy: digit,
          digit2Accuracy: digit)
      }
      let second = "2026-01-02T03:04:0\(index)"
      return Bundle.JobEntry(
        job: JobRecord(
          id: Int64(7 + index), study: 3, spec: spec,
          specDigest: spec.digest(datasetDigest: digest, numericsVersion: 1), state: .succeeded, attempts: 1,
          epochsDone: 2, worker: nil, submittedAt: "\(second).100Z", startedAt: "\(second).200Z",
          finishedAt: "\(second).300Z", durationSeconds: 0.1, reason: nil,
          result: JobResult(
            trainAccuracy: 0.95, testAccuracy: 0.8, trainLoss: 0.2, testLoss: 0.5, trainErrors: 2, testErrors: 10,
            digit1Accuracy: digit, digit2Accuracy: digit, weightsSHA256: String(repeating: "a", count: 64))),
        provenance: JobProvenance(
          datasetDigest: digest, numericsVersion: 1,
          attempts: [
            .init(
              number: 1, worker: 2, host: "vm", programVersion: "0.1.0", instructionSet: "avx2",
              startedAt: "\(second).200Z", endedAt: "\(second).300Z", ending: "succeeded")
          ]), epochs: [epoch(1, 0.7), epoch(2, 0.8)])
    }
    return try Bundle(
      study: StudyRecord(id: 3, name: "s", submittedAt: "2026-01-02T03:04:00.100Z", counts: ["succeeded": 2]),
      programVersion: "0.1.0", jobs: entries)
  }

  /// What `verify` finds in a bundle of this text: sentences about the file, or nothing.
  private func found(_ text: String) throws -> String {
    var template = Array("/tmp/pairnet-bundle-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    try #require(descriptor >= 0)
    close(descriptor)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    try WholeFile.write(text, to: path)
    do {
      return try Bundle(file: path).contradictions().joined(separator: "\n")
    } catch let failure as Failure {
      return failure.message
    }
  }

  @Test("Written and read back, a bundle says the same and contradicts nothing, however it is indented")
  func intact() throws {
    let bundle = try Self.bundle()
    #expect(try bundle.contradictions() == [])
    #expect(try found(try JSON.pretty(bundle)).isEmpty)
    #expect(try found(String(decoding: try JSON.encode(bundle), as: UTF8.self)).isEmpty)
    #expect(try JSONTree.parse(Array(try JSON.pretty(bundle).utf8)) == JSONTree.parse(try JSON.encode(bundle)))
  }

  @Test("Every single value that is altered is noticed")
  func altered() throws {
    let tree = try JSONTree.parse(try JSON.encode(try Self.bundle()))
    #expect(tree.leaves.count > 90)
    for path in tree.leaves {
      let text = tree.altering(path).text
      #expect(try !found(text).isEmpty, "\(path.joined(separator: "."))")
    }
  }

  @Test("With a new digest everything that a training gives is still noticed, here or by a rerun; the rest is named")
  func forged() throws {
    let original = try Self.bundle()
    let tree = try JSONTree.parse(try JSON.encode(original))
    var unnoticed: Set<String> = []
    for path in tree.leaves where path != ["manifest", "sha256"] {
      guard var forged = try? JSON.decode(Bundle.self, from: Array(tree.altering(path).text.utf8)) else { continue }
      forged.manifest.sha256 = try forged.digest
      let isConsistent = try forged.contradictions().isEmpty && forged.manifest.format == Bundle.format
      let reruns = zip(forged.jobs, original.jobs).flatMap { forged, honest in
        Rerun.differences(forged, JobResponse(job: honest.job, epochs: honest.epochs, provenance: honest.provenance))
      }
      if isConsistent && reruns.isEmpty { unnoticed.insert(path.filter { Int($0) == nil }.joined(separator: ".")) }
    }
    // Who, where and when: no training says it again.
    #expect(
      unnoticed == [
        "jobs.job.crashes", "jobs.job.forced", "manifest.program_version", "manifest.study.name",
        "manifest.study.submitted_at", "jobs.job.duration_seconds",
        "jobs.job.started_at", "jobs.job.submitted_at", "jobs.job.finished_at", "jobs.provenance.attempts.ended_at",
        "jobs.provenance.attempts.host", "jobs.provenance.attempts.instruction_set",
        "jobs.provenance.attempts.program_version", "jobs.provenance.attempts.started_at",
        "jobs.provenance.attempts.worker",
      ])
  }

  @Test("A field that no bundle has, that is missing or that is there twice is named")
  func fields() throws {
    let text = String(decoding: try JSON.encode(try Self.bundle()), as: UTF8.self)
    func sentence(_ old: String, _ new: String) throws -> String {
      try #require(text.contains(old))
      let range = try #require(text.firstRange(of: old))
      return try found(text.replacingCharacters(in: range, with: new))
    }
    #expect(try sentence("{\"jobs\"", "{\"note\":1,\"jobs\"").contains("\n  note is no field that belongs there"))
    #expect(
      try sentence("\"result\":{", "\"result\":{\"f1\":0.9,").contains(
        "\n  jobs[0].job.result.f1 is no field that belongs there"))
    #expect(try sentence("\"seed\":1,", "").contains("\n  jobs[0].job.spec.seed is missing"))
    #expect(
      try sentence("\"test_errors\":10", "\"test_errors\":10,\"test_errors\":9").contains(
        "no bundle that can be read: test_errors: '' is not allowed; give each key once"))
    #expect(
      try sentence("\"epoch\":1", "\"epoch\":1.5").contains("no bundle that can be read: "))
    #expect(try sentence("pairnet bundle 2", "pairnet bundle 1").contains("this program reads pairnet bundle 2"))
    #expect(try found(String(text.dropLast(20))).contains("is no bundle that can be read"))
  }

  @Test("JSON is read as RFC 8259 has it, and nothing else is taken for it")
  func parser() throws {
    func tree(_ text: String) throws -> JSONTree { try JSONTree.parse(Array(text.utf8)) }
    #expect(
      try tree(#" {"a" : [1, -2.5e3, true, null], "b\u0041\n": "\ud83d\ude00\"" } "#)
        == .object([
          .init(name: "a", value: .array([.number("1"), .number("-2.5e3"), .word("true"), .word("null")])),
          .init(name: "bA\n", value: .string("😀\"")),
        ]))
    for text in ["", "{", "[1,]", "{\"a\":}", "{a:1}", "\"x", "nul", "[1 2]", "1 1", "\"\\x\"", "\"\\u12", "inf"] {
      #expect(throws: JSONTree.Malformed.self, "\(text)") { try tree(text) }
    }
    #expect(throws: JSONTree.Malformed.self) { try tree(String(repeating: "[", count: 100_000)) }
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}

extension JSONTree {
  /// The way to each value that is no object and no list.
  fileprivate var leaves: [[String]] {
    switch self {
    case .object(let fields): fields.flatMap { field in field.value.leaves.map { [field.name] + $0 } }
    case .array(let elements):
      elements.enumerated().flatMap { index, element in element.leaves.map { [String(index)] + $0 } }
    default: [[]]
    }
  }

  /// The tree with another value at `path`: the next number, or another last letter.
  fileprivate func altering(_ path: some Collection<String>) -> JSONTree {
    switch self {
    case .object(var fields):
      guard let index = fields.firstIndex(where: { $0.name == path.first }) else { return self }
      fields[index].value = fields[index].value.altering(Array(path.dropFirst()))
      return .object(fields)
    case .array(var elements):
      guard let index = path.first.flatMap({ Int($0) }) else { return self }
      elements[index] = elements[index].altering(Array(path.dropFirst()))
      return .array(elements)
    case .number(let text):
      return .number(Int(text).map { String($0 + 1) } ?? Double(text).map { String($0.nextUp) } ?? text)
    case .string(let text): return .string(text.dropLast() + (text.hasSuffix("b") ? "c" : "b"))
    case .word(let text): return .word(text == "true" ? "false" : "true")
    }
  }

  fileprivate var text: String {
    switch self {
    case .object(let fields): "{\(fields.map { "\"\($0.name)\":\($0.value.text)" }.joined(separator: ","))}"
    case .array(let elements): "[\(elements.map(\.text).joined(separator: ","))]"
    case .string(let text): "\"\(text)\""
    case .number(let text), .word(let text): text
    }
  }
}
