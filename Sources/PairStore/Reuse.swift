import GRDB
import PairCore

/// What a worker that asked for a job got.
package struct Assignment: Hashable, Sendable {
  /// Nil if there is nothing that has to be trained now.
  package var job: ClaimedJob?
  /// The studies of jobs that were before it and did not have to be trained, because their results were there.
  package var settled: Set<Int64> = []
}

extension Store {
  /// How many jobs are given results in one transaction, so that other writers' turns come.
  static let settledMax = 1_000

  /// Gives a queued job the result of its digest, if it is there and the job is not forced.
  ///
  /// - Returns: the job's study; nil if it has to be trained.
  func settle(_ job: Int64, _ trained: TrainedJobs, _ database: Database) throws -> Int64? {
    let row = try Row.fetchOne(
      database.cachedStatement(sql: "SELECT study, spec_digest, forced FROM jobs WHERE id = ?"), arguments: [job])!
    guard !(row[2] as Bool), let source = try trained.first(of: row[1]) else { return nil }
    // What it had of a training of its own, before that was interrupted.
    try database.cachedStatement(sql: "DELETE FROM epochs WHERE job = ?").execute(arguments: [job])
    try database.cachedStatement(
      sql: "UPDATE jobs SET state = ?, reused_from = ?, finished_at = \(Timestamp.now) WHERE id = ?"
    ).execute(arguments: [Transition.reuse.target.rawValue, source, job])
    return row[0]
  }
}

/// The jobs that were trained and succeeded, by digest: what a job of the same digest need not do again.
struct TrainedJobs {
  private let statement: FastStatement

  /// For the transaction of `database`.
  init(_ database: Database) throws { statement = try FastStatement(database, sql: Self.sql) }

  /// Served by the index `jobs_trained`.
  static let sql = """
    SELECT id FROM jobs WHERE spec_digest = ? AND state = 'succeeded' AND reused_from IS NULL ORDER BY id LIMIT 1
    """

  /// The first job that was trained under that digest, or nil.
  func first(of digest: String) throws -> Int64? {
    statement.bind(digest, at: 1)
    return try statement.firstInteger()
  }

  /// The same for each of many digests, in their order. They are looked up sorted, because then the index is read from
  /// its beginning to its end instead of all over the file.
  func first(ofEach digests: [String]) throws -> [Int64?] {
    // By their first eight characters, which sort as one number, and far faster than texts.
    let order = digests.indices
      .map { (prefix: digests[$0].utf8.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, index: $0) }
      .sorted { $0.prefix < $1.prefix }
    var found = [Int64?](repeating: nil, count: digests.count)
    for (_, index) in order { found[index] = try first(of: digests[index]) }
    return found
  }
}
