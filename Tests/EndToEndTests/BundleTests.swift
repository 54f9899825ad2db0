import Glibc
import PairAPI
import PairCore
import Testing

@testable import pairnetctl

/// Bundles over the built programs: written, checked and trained again.
@Suite("Bundles, end to end", .timeLimit(.minutes(3)))
struct BundleTests {
  private let daemon: PrivateDaemon
  private var file: String { "\(daemon.directory)/bundle.json" }

  init() throws {
    daemon = try PrivateDaemon()
    let submitted = try daemon.ctl(
      "submit", "grid", "--dataset", "synthetic", "--pairs", "30", "--epochs", "2", "--batch-size", "10", "--model",
      "BaseNet,BaseNetAux", "--dropout", "0,0.1", "--name", "small", "-q", "--wait")
    #expect(submitted.status == 0, "\(submitted)")
    let written = try daemon.ctl("bundle", "small", "-o", file)
    #expect(written.status == 0 && written.standardOutput.contains("4 jobs"), "\(written)")
  }

  private func read() throws -> Bundle { try JSON.decode(Bundle.self, from: try WholeFile.read(file)) }

  private func write(_ bundle: Bundle, withDigest: Bool) throws {
    var bundle = bundle
    if withDigest { bundle.manifest.sha256 = try bundle.digest }
    try WholeFile.write(try JSON.pretty(bundle), to: file)
  }

  @Test("An untouched bundle is verified to the last bit, on this daemon and on another one")
  func verified() throws {
    for daemon in [daemon, try PrivateDaemon()] {
      let output = try daemon.ctl("verify", file, "--sample", "9", "--seed", "1")
      #expect(output.status == 0, "\(output)")
      #expect(output.lines.last?.contains("4 jobs of 4, drawn with seed 1") == true, "\(output)")
      #expect(output.lines.last?.contains("every number is the same to the last bit") == true)
    }
    #expect(try daemon.ctl("studies").standardOutput.contains("verify-"))
  }

  /// Numbers that nothing in the bundle contradicts, one of each kind.
  static let alterations: [(name: String, alter: @Sendable (inout Bundle) -> Void)] = [
    ("test_loss is", { $0.jobs[3].job.result?.testLoss.bump() }),
    ("train_loss is", { $0.jobs[3].job.result?.trainLoss.bump() }),
    ("weights_sha256 is", { $0.jobs[3].job.result?.weightsSHA256 = String(repeating: "0", count: 64) }),
    ("train_loss of epoch 1 is", { $0.jobs[3].epochs[0].trainLoss.bump() }),
    ("test_accuracy of epoch 1 is", { $0.jobs[3].epochs[0].testAccuracy = 1.0 / 30 }),
    (
      "test_errors is",
      { bundle in
        // As somebody would who knows what belongs together.
        bundle.jobs[3].job.result?.testErrors = 0
        bundle.jobs[3].job.result?.testAccuracy = 1
        bundle.jobs[3].epochs[1].testAccuracy = 1
      }
    ),
  ]

  @Test("An altered number is caught by the digest; with a new digest, by training that job again", arguments: 0..<6)
  func altered(index: Int) throws {
    let (name, alter) = Self.alterations[index]
    var bundle = try read()
    alter(&bundle)
    try write(bundle, withDigest: false)
    let caught = try daemon.ctl("verify", file, "--sample", "0")
    #expect(caught.status == 1 && caught.standardError.contains("the manifest's digest is"), "\(caught)")

    try write(bundle, withDigest: true)
    #expect(try daemon.ctl("verify", file, "--sample", "0").status == 0)
    let rerun = try daemon.ctl("verify", file, "--sample", "4", "-q")
    #expect(rerun.status == 1, "\(rerun)")
    #expect(rerun.standardError.contains("1 of 4 jobs trained again"), "\(rerun)")
    #expect(rerun.standardError.contains("job 4: \(name)"), "\(rerun)")
  }

  @Test("Numbers that contradict each other are caught without training, even with a new digest")
  func contradictions() throws {
    let original = try read()
    #expect(try original.contradictions().isEmpty)
    func sentence(_ alter: (inout Bundle) -> Void) throws -> String {
      var bundle = original
      alter(&bundle)
      bundle.manifest.sha256 = try bundle.digest
      return try bundle.contradictions().joined(separator: "\n")
    }
    #expect(try sentence { $0.jobs[0].job.result?.testErrors += 1 }.contains("job 1: its test accuracy is"))
    #expect(try sentence { $0.jobs[1].job.result?.trainAccuracy.bump() }.contains("job 2: its train accuracy is"))
    #expect(try sentence { $0.jobs[0].job.specDigest = "0" }.contains("its spec's digest is"))
    #expect(try sentence { $0.jobs[0].provenance.datasetDigest = "0" }.contains("its spec's digest is"))
    #expect(try sentence { $0.jobs[0].epochs.removeLast() }.contains("it has 1 epochs of 2"))
    #expect(try sentence { $0.jobs.removeLast() }.contains("the study has 4 jobs, and the bundle 3"))
    #expect(try sentence { $0.jobs[0].epochs[0].testAccuracy = 0.51 }.contains("no count of 30 pairs gives"))
  }

  @Test("Another dataset, a missing one and another engine are named before anything is trained")
  func elsewhere() throws {
    let original = try read()
    func refusal(_ alter: (inout Bundle.JobEntry) throws -> Void) throws -> ProgramOutput {
      var jobs = original.jobs
      for index in jobs.indices {
        try alter(&jobs[index])
        jobs[index].job.specDigest = jobs[index].job.spec.digest(
          datasetDigest: jobs[index].provenance.datasetDigest, numericsVersion: jobs[index].provenance.numericsVersion)
      }
      try write(
        Bundle(study: original.manifest.study, programVersion: original.manifest.programVersion, jobs: jobs),
        withDigest: true)
      return try daemon.ctl("verify", file)
    }
    let digest = String(repeating: "1", count: 64)
    let changed = try refusal { $0.provenance.datasetDigest = digest }
    #expect(changed.status == 1)
    #expect(changed.standardError.contains("dataset 'synthetic' is not the bundle's: its SHA-256 is "), "\(changed)")
    #expect(changed.standardError.contains("\(digest) in the bundle"))
    let missing = try refusal { entry in
      var values = entry.job.spec.values
      values["dataset"] = .text("letters")
      entry.job.spec = try JobSpec(validating: values)
    }
    #expect(missing.status == 1 && missing.standardError.contains("the bundle needs dataset 'letters'"), "\(missing)")
    let engine = try refusal { $0.provenance.numericsVersion = 9 }
    #expect(engine.status == 1 && engine.standardError.contains("are of numerics version 9, and this"), "\(engine)")
    #expect(!(try daemon.ctl("studies").standardOutput.contains("verify-")))
  }

  @Test("What cannot be bundled or read ends with 1 and says why")
  func refusals() throws {
    #expect(try daemon.ctl("bundle", "nothing", "-o", file).standardError.contains("no study named 'nothing'"))
    #expect(try daemon.ctl("bundle", "small", "-o", "/nowhere/b.json").standardError.contains("cannot be written"))
    #expect(try daemon.ctl("verify", "\(daemon.directory)/none").standardError.contains("cannot be read"))
    let text = try daemon.shell("echo '{\"jobs\":[]}' > \(file); pairnetctl verify \(file)")
    #expect(text.status == 1 && text.standardError.contains("no bundle that can be read: manifest"), "\(text)")
    _ = try daemon.ctl("submit", "run", "--dataset", "synthetic", "--epochs", "10000", "--name", "long")
    let running = try daemon.ctl("bundle", "long", "-o", file)
    #expect(running.status == 1 && running.standardError.contains("1 job of study 2 have not ended"), "\(running)")
  }
}

extension Double {
  /// To the next number there is.
  fileprivate mutating func bump() { self = nextUp }
}
