import GRDB

/// What holds in every database at every moment, whatever happened to the daemon.
enum Invariants {
  /// - Returns: each broken one with the first rows that break it.
  static func violated(in database: Database) throws -> [String] {
    try promises.compactMap { promise, sql in
      let rows = try Row.fetchAll(database, sql: sql)
      return rows.isEmpty ? nil : "\(promise): \(rows.prefix(3).map(\.description).joined(separator: "; "))"
    }
  }

  /// For each promise a query that lists what breaks it.
  private static let promises = [
    (
      "a job's epochs are contiguous from 1",
      "SELECT job FROM epochs GROUP BY job HAVING count(*) <> max(epoch) OR min(epoch) <> 1"
    ),
    (
      "a job that succeeded has a result",
      "SELECT id FROM jobs WHERE state = 'succeeded' AND id NOT IN (SELECT job FROM results)"
    ),
    (
      "only a job that succeeded has an outcome",
      "SELECT job FROM outcomes JOIN jobs ON id = job WHERE state <> 'succeeded'"
    ),
    (
      "a job that was trained to its end has all of its epochs",
      """
      SELECT id, epochs FROM jobs JOIN outcomes ON job = id
      WHERE epochs <> (SELECT count(*) FROM epochs WHERE job = id)
      """
    ),
    (
      "no job finishes twice",
      "SELECT job FROM attempts WHERE ending = 'succeeded' GROUP BY job HAVING count(*) > 1"
    ),
    (
      "a result comes from one attempt that succeeded",
      """
      SELECT id FROM jobs WHERE state = 'succeeded'
        AND (SELECT count(*) FROM attempts WHERE job = coalesce(reused_from, id) AND ending = 'succeeded') <> 1
      """
    ),
    (
      "of one digest only forced jobs are trained twice",
      """
      SELECT spec_digest, group_concat(id) FROM jobs
      WHERE state = 'succeeded' AND reused_from IS NULL AND forced = 0 GROUP BY spec_digest HAVING count(*) > 1
      """
    ),
    (
      "no study has more workers than it may",
      """
      SELECT id FROM studies
      WHERE workers_max < (SELECT count(*) FROM jobs WHERE study = studies.id AND state = 'running')
      """
    ),
    (
      "an audit repeats a job of the same digest that was trained",
      """
      SELECT new.id FROM jobs AS new JOIN jobs AS old ON old.id = new.audit_of
      WHERE old.spec_digest IS NOT new.spec_digest OR old.state <> 'succeeded' OR old.reused_from IS NOT NULL
        OR old.audit_of IS NOT NULL
      """
    ),
    ("attempts are numbered from 1", "SELECT job FROM attempts GROUP BY job HAVING count(*) <> max(number)"),
    (
      "a job's attempts are counted",
      "SELECT id FROM jobs WHERE attempts <> (SELECT count(*) FROM attempts WHERE job = id)"
    ),
    (
      "an attempt is open exactly while its job runs",
      """
      SELECT job, number, ending, state FROM attempts JOIN jobs ON id = job
      WHERE (ending IS NULL) <> (state = 'running' AND number = attempts)
      """
    ),
    (
      "study_counts are true",
      """
      SELECT study, state, jobs FROM study_counts AS c
      WHERE jobs <> (SELECT count(*) FROM jobs WHERE study = c.study AND state = c.state)
      """
    ),
    ("foreign keys hold", "SELECT * FROM pragma_foreign_key_check"),
    (
      "a waiting job's epochs are its checkpoint's",
      """
      SELECT id, state FROM jobs WHERE state IN ('queued', 'paused')
        AND (SELECT count(*) FROM epochs WHERE job = id)
          <> coalesce((SELECT checkpoints.epochs FROM checkpoints WHERE job = id), 0)
      """
    ),
    (
      "a checkpoint's epochs are there",
      """
      SELECT job FROM checkpoints AS c WHERE epochs > (SELECT count(*) FROM epochs WHERE job = c.job)
      """
    ),
    (
      "a job that ended has no checkpoint",
      """
      SELECT job, jobs.state FROM checkpoints JOIN jobs ON id = job
      WHERE jobs.state NOT IN ('queued', 'running', 'paused')
      """
    ),
    (
      "a reused result is of the same digest and was trained",
      """
      SELECT new.id FROM jobs AS new LEFT JOIN jobs AS old ON old.id = new.reused_from
      WHERE new.reused_from IS NOT NULL
        AND (old.spec_digest IS NOT new.spec_digest OR old.state <> 'succeeded' OR old.reused_from IS NOT NULL)
      """
    ),
  ]
}
