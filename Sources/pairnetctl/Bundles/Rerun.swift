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
  /// They are forced: what this daemon has recorded of the same jobs proves nothing about its engine.
  ///
  /// - Returns: the study and, for each cell, what differs; empty where every bit is the same.
  func differences(_ cells: [Bundle.JobEntry], name: String) throws(Failure) -> (Int64, [(Bundle.JobEntry, [String])]) {
    let forced: StudyOptions
    do { forced = try StudyOptions(validating: .normal, isForced: true) } catch { throw Failure(error) }
    let answer: SubmitResponse = try client.post(
      .studies, SubmitRequest(name: name, jobs: cells.map(\.job.spec), options: forced))
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
    var found = Difference.between((cell.job.result, cell.epochs), (rerun.job.result, rerun.epochs))
    if cell.job.specDigest != rerun.job.specDigest {
      found.insert(
        Difference(figure: "spec_digest", recorded: cell.job.specDigest, repeated: rerun.job.specDigest), at: 0)
    }
    return found.map { difference in
      "\(difference.figure) is \(difference.recorded ?? "nothing") in the bundle and "
        + "\(difference.repeated ?? "nothing") here"
    }
  }

  private func programVersions(_ cells: [Bundle.JobEntry], _ numericsVersion: Int) -> String {
    let versions = cells.filter { $0.provenance.numericsVersion == numericsVersion }
      .compactMap { $0.provenance.attempts.last?.programVersion }
    return Set(versions).sorted().joined(separator: " or ")
  }
}
