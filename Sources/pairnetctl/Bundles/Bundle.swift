import Crypto
import PairAPI
import PairCore

/// A study in one file: what was asked for, what came of it, and what it comes from.
///
/// The digest covers all the rest, as JSON with sorted keys, without spaces and with the shortest decimals that read
/// back as the same numbers; so that it does not matter how a file is indented, and matters if one number differs.
struct Bundle: Codable, Hashable {
  static let format = "pairnet bundle 2"

  var manifest: Manifest
  /// In the study's order.
  var jobs: [JobEntry]

  struct Manifest: Codable, Hashable {
    var format: String
    /// SHA-256 of the bundle without this field.
    var sha256: String?
    var study: StudyRecord
    /// Of the daemon that wrote the bundle.
    var programVersion: String
    /// Of the engines whose numerics the results are of, ascending; more than one if it was updated in between.
    var numericsVersions: [Int]
    /// Digests of the datasets that the jobs were submitted for, by name, ascending.
    var datasets: [String: [String]]

    enum CodingKeys: String, CodingKey {
      case format, sha256, study, datasets
      case programVersion = "program_version"
      case numericsVersions = "numerics_versions"
    }
  }

  struct JobEntry: Codable, Hashable {
    var job: JobRecord
    var provenance: JobProvenance
    var epochs: [EpochMetrics]
  }

  init(study: StudyRecord, programVersion: String, jobs: [JobEntry]) throws {
    manifest = Manifest(
      format: Self.format, sha256: nil, study: study, programVersion: programVersion,
      numericsVersions: Self.numericsVersions(jobs), datasets: Self.datasets(jobs))
    self.jobs = jobs
    manifest.sha256 = try digest
  }

  /// SHA-256 of everything but itself.
  var digest: String {
    get throws {
      var content = self
      content.manifest.sha256 = nil
      return SHA256.hexadecimal(of: try JSON.encode(content))
    }
  }

  static func numericsVersions(_ jobs: [JobEntry]) -> [Int] { Set(jobs.map(\.provenance.numericsVersion)).sorted() }

  static func datasets(_ jobs: [JobEntry]) -> [String: [String]] {
    Dictionary(grouping: jobs, by: \.job.spec.dataset).mapValues { Set($0.map(\.provenance.datasetDigest)).sorted() }
  }
}
