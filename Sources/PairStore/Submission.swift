import Dispatch
import GRDB
import PairCore

/// A study that is on disk, and the ids of its jobs.
package struct Submission: Hashable, Sendable {
  package var study: StudyRecord
  /// Consecutive, in the order of the specs.
  package var jobs: ClosedRange<Int64>
  /// How many of them have succeeded already, with results that were there.
  package var reused: Int { study.count(.succeeded) }
}

extension Store {
  /// Adds a study of one job a spec: all of it or none. When this returns, it survives a loss of power.
  ///
  /// A job whose digest has been trained before has succeeded with that result; the others are queued.
  ///
  /// - Parameters:
  ///   - specs: at least one, in the order in which they shall run.
  ///   - name: 1 to 100 characters without control characters that no other study has, and neither a number nor
  ///     `study-NUMBER`; by default `study-` and the study's id.
  ///   - datasetDigests: for every dataset that the specs name, the SHA-256 of its content in lower-case hexadecimal.
  ///   - options: what the study asks for besides its jobs.
  /// - Throws: `StoreError.refusedName` if the name is in use or the daemon's own, `.refused` if no study can have it, or
  ///   for a study to come after that there is not, `.diskFull` or another storage error.
  package func submit(
    _ specs: [JobSpec], named name: String? = nil, datasetDigests: [String: String],
    options: StudyOptions = StudyOptions()
  ) throws(StoreError) -> Submission {
    precondition(!specs.isEmpty, "a study has at least one job")
    if let name { try Self.check(name) }
    // Before the transaction, so that hashing a large grid holds up no other writer.
    let digests = specDigests(of: specs, datasetDigests: datasetDigests)
    return try write {
      try insert(specs, named: name, digests: digests, datasetDigests: datasetDigests, options: options, into: $0)
    }
  }

  /// Adds a study within a transaction that does more.
  ///
  /// - Parameters:
  ///   - digests: of the specs, in their order.
  ///   - audited: for each spec, the job whose result it is to repeat; such jobs must be forced.
  func insert(
    _ specs: [JobSpec], named name: String?, digests: [String], datasetDigests: [String: String],
    options: StudyOptions = StudyOptions(), auditing audited: [Int64]? = nil, into database: Database
  ) throws -> Submission {
    let id = 1 + (try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'studies'") ?? 0)
    let now = try database.now()
    let name = name ?? "study-\(id)"
    guard try !Self.isTaken(name, database) else {
      throw StoreError.refusedName(name, reason: "another study has this name; give another, or none")
    }
    try database.execute(
      sql: "INSERT INTO studies (id, name, submitted_at, workers_max, time_limit_seconds) VALUES (?, ?, ?, ?, ?)",
      arguments: [id, name, now, options.workersMax, options.timeLimitSeconds])
    for label in options.labels {
      try database.execute(sql: "INSERT INTO study_labels (study, label) VALUES (?, ?)", arguments: [id, label])
    }
    for other in options.after {
      guard other < id, try Self.exists(study: other, database) else {
        throw StoreError.refused(
          SpecError(
            key: "after", value: String(other), allowed: "give a study that there is; there is none of this number",
            isUnfit: true))
      }
      try database.execute(
        sql: "INSERT INTO study_dependencies (study, after) VALUES (?, ?)", arguments: [id, other])
    }

    let insertion = try JobInsertion(
      database, study: id, submittedAt: now, numericsVersion: provenance.numericsVersion, options: options)
    let trained = options.isForced ? nil : try TrainedJobs(database).first(ofEach: digests)
    var counts: [JobState: Int] = [:]
    for index in specs.indices {
      let reused = trained?[index]
      try insertion.insert(
        specs[index], digest: digests[index], datasetDigest: datasetDigests[specs[index].dataset]!,
        reusing: reused, auditing: audited?[index])
      counts[reused == nil ? .queued : Transition.reuse.target, default: 0] += 1
    }
    let last = database.lastInsertedRowID
    // Counted once: a trigger that counts row by row costs as much as the rows.
    for (state, jobs) in counts {
      try database.execute(
        sql: "UPDATE study_counts SET jobs = ? WHERE study = ? AND state = ?", arguments: [jobs, id, state.rawValue])
    }
    return Submission(
      study: StudyRecord(
        id: id, name: name, submittedAt: now,
        counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.rawValue, $1) }), labels: options.labels,
        after: options.after, workersMax: options.workersMax, timeLimitSeconds: options.timeLimitSeconds),
      jobs: (last - Int64(specs.count) + 1)...last)
  }

  static func isTaken(_ name: String, _ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM studies WHERE name = ?)", arguments: [name])!
  }

  private static func exists(study: Int64, _ database: Database) throws -> Bool {
    try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM studies WHERE id = ?)", arguments: [study])!
  }

  static func check(_ name: String) throws(StoreError) {
    guard (1...100).contains(name.unicodeScalars.count) else {
      throw .refused(SpecError(key: "name", value: name, allowed: "give 1 to 100 characters"))
    }
    let scalars = name.unicodeScalars
    guard scalars.allSatisfy({ !$0.properties.isControl }), scalars.first != " ", scalars.last != " " else {
      throw .refused(
        SpecError(key: "name", value: name, allowed: "give no control characters, and no space at its ends"))
    }
    let number = name.hasPrefix("study-") ? name.dropFirst(6) : name[...]
    guard !number.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      throw .refusedName(name, reason: "numbers and study-NUMBER are given by the daemon")
    }
  }

  func specDigests(of specs: [JobSpec], datasetDigests: [String: String]) -> [String] {
    let chunk = 4096
    let chunks = (specs.count + chunk - 1) / chunk
    return [String](unsafeUninitializedCapacity: specs.count) { digests, count in
      // Each iteration initialises a range of its own, and all have ended before the closure returns.
      nonisolated(unsafe) let base = digests.baseAddress!
      DispatchQueue.concurrentPerform(iterations: chunks) { index in
        for position in index * chunk..<min(specs.count, (index + 1) * chunk) {
          guard let datasetDigest = datasetDigests[specs[position].dataset] else {
            preconditionFailure("the digest of dataset \(specs[position].dataset) is given")
          }
          (base + position).initialize(
            to: specs[position].digest(datasetDigest: datasetDigest, numericsVersion: provenance.numericsVersion))
        }
      }
      count = specs.count
    }
  }
}

extension Unicode.Scalar.Properties {
  fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .lineSeparator }
}

/// The statement that inserts jobs.
private struct JobInsertion {
  private let statement: FastStatement
  private let submittedAt: String

  init(
    _ database: Database, study: Int64, submittedAt: String, numericsVersion: Int, options: StudyOptions
  ) throws {
    self.submittedAt = submittedAt
    statement = try FastStatement(
      database,
      sql: """
        INSERT INTO jobs (
          study, submitted_at, numerics_version, dataset_digest, spec_digest,
          model, batch_norm, dropout, dataset, train_pairs, test_pairs, evaluate_on, epochs, batch_size,
          learning_rate, shuffle, seed, priority, forced, state, finished_at, reused_from, audit_of)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        """)
    statement.bind(study, at: 1)
    statement.bind(submittedAt, at: 2)
    statement.bind(numericsVersion, at: 3)
    statement.bind(options.priority.rank, at: 18)
    statement.bind(options.isForced, at: 19)
  }

  /// - Parameters:
  ///   - source: the job whose result it has from the start, if there is one.
  ///   - audited: the job whose result it is to repeat.
  func insert(
    _ spec: JobSpec, digest: String, datasetDigest: String, reusing source: Int64?, auditing audited: Int64?
  ) throws {
    statement.bind(datasetDigest, at: 4)
    statement.bind(digest, at: 5)
    statement.bind(spec.model.rawValue, at: 6)
    statement.bind(spec.batchNorm, at: 7)
    statement.bind(spec.dropout, at: 8)
    statement.bind(spec.dataset, at: 9)
    statement.bind(spec.trainPairs, at: 10)
    statement.bind(spec.testPairs, at: 11)
    statement.bind(spec.evaluateOn.rawValue, at: 12)
    statement.bind(spec.epochs, at: 13)
    statement.bind(spec.batchSize, at: 14)
    statement.bind(spec.learningRate, at: 15)
    statement.bind(spec.shuffle, at: 16)
    statement.bind(spec.seed, at: 17)
    statement.bind((source == nil ? JobState.queued : Transition.reuse.target).rawValue, at: 20)
    statement.bind(source == nil ? nil : submittedAt, at: 21)
    statement.bind(source, at: 22)
    statement.bind(audited, at: 23)
    try statement.run()
  }
}
