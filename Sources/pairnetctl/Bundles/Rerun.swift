import PairAPI
import PairCore

/// Trains cells of a bundle again and holds what comes of it against what the bundle says.
struct Rerun {
  var client: DaemonClient
  var isQuiet: Bool

  /// Says why the daemon cannot give the same bits, before it is asked to train.
  ///
  /// - Throws: a failure for a missing dataset, other files of it, or another engine.
  func check(_ cells: [Bundle.JobEntry]) throws(Failure) {
    let status: StatusResponse = try client.get(.status)
    for version in Bundle.numericsVersions(cells) where version != status.numericsVersion {
      throw Failure(
        .failed,
        "the bundle's results are of numerics version \(version), and this daemon computes version "
          + "\(status.numericsVersion), whose bits differ: verify with pairnet \(programVersions(cells, version)); "
          + "--sample 0 checks the bundle alone")
    }
    for (name, digests) in Bundle.datasets(cells).sorted(by: { $0.key < $1.key }) {
      let dataset: DatasetResponse
      do {
        dataset = try client.get(.dataset(name))
      } catch {
        throw error.status == .unreachable
          ? error : Failure(.failed, "the bundle needs dataset '\(name)', which is not here: \(error.message)")
      }
      for digest in digests where digest != dataset.digest {
        throw Failure(
          .failed,
          "dataset '\(name)' is not the bundle's: its SHA-256 is \(dataset.digest) here and \(digest) in the bundle")
      }
    }
  }

  /// Submits the cells as one study and waits for it.
  ///
  /// - Returns: the study and, for each cell, what differs; empty where every bit is the same.
  func differences(_ cells: [Bundle.JobEntry], name: String) throws(Failure) -> (Int64, [(Bundle.JobEntry, [String])]) {
    let answer: SubmitResponse = try client.post(.studies, SubmitRequest(name: name, jobs: cells.map(\.job.spec)))
    if !isQuiet { note("\(Format.count(cells.count, "job")) of the bundle are trained again as study \(name)") }
    _ = try Waiting(client: client, subject: .study(answer.study.id), isQuiet: isQuiet).wait()
    var all: [(Bundle.JobEntry, [String])] = []
    for (cell, rerun) in zip(cells, try client.details(JobFilter(study: answer.study.id))) {
      all.append((cell, Self.differences(cell, rerun)))
    }
    return (answer.study.id, all)
  }

  /// Every number that is not the same to the last bit.
  static func differences(_ cell: Bundle.JobEntry, _ rerun: JobResponse) -> [String] {
    guard rerun.job.state == cell.job.state else {
      return ["\(rerun.job.state.rawValue) as job \(rerun.job.id) (\(rerun.job.reason ?? "no reason"))"]
    }
    var found: [String] = []
    func compare<Value: Equatable>(_ name: String, _ bundle: Value?, _ here: Value?) {
      func text(_ value: Value?) -> String { value.map { "\($0)" } ?? "nothing" }
      if bundle != here { found.append("\(name) is \(text(bundle)) in the bundle and \(text(here)) here") }
    }
    compare("spec_digest", cell.job.specDigest, rerun.job.specDigest)
    let (old, new) = (cell.job.result, rerun.job.result)
    compare("train_accuracy", old?.trainAccuracy, new?.trainAccuracy)
    compare("test_accuracy", old?.testAccuracy, new?.testAccuracy)
    compare("train_loss", old?.trainLoss, new?.trainLoss)
    compare("test_loss", old?.testLoss, new?.testLoss)
    compare("train_errors", old?.trainErrors, new?.trainErrors)
    compare("test_errors", old?.testErrors, new?.testErrors)
    compare("digit1_accuracy", old?.digit1Accuracy, new?.digit1Accuracy)
    compare("digit2_accuracy", old?.digit2Accuracy, new?.digit2Accuracy)
    compare("weights_sha256", old?.weightsSHA256, new?.weightsSHA256)
    compare("number of epochs", cell.epochs.count, rerun.epochs.count)
    for (old, new) in zip(cell.epochs, rerun.epochs) {
      compare("train_loss of epoch \(old.epoch)", old.trainLoss, new.trainLoss)
      compare("test_accuracy of epoch \(old.epoch)", old.testAccuracy, new.testAccuracy)
      compare("digit1_accuracy of epoch \(old.epoch)", old.digit1Accuracy, new.digit1Accuracy)
      compare("digit2_accuracy of epoch \(old.epoch)", old.digit2Accuracy, new.digit2Accuracy)
    }
    return found
  }

  private func programVersions(_ cells: [Bundle.JobEntry], _ numericsVersion: Int) -> String {
    let versions = cells.filter { $0.provenance.numericsVersion == numericsVersion }
      .compactMap { $0.provenance.attempts.last?.programVersion }
    return Set(versions).sorted().joined(separator: " or ")
  }
}
