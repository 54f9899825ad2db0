import GRDB
import PairCore

extension Store {
  /// Why a job that is queued does not run yet, as `Turn` decides; nil if it is not queued, or there is no such job.
  package func wait(of job: Int64) throws(StoreError) -> JobWait? {
    try read { database in
      let suspectCrashes = Turn.suspectCrashes(limit: crashLimit)
      let row = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT jobs.study, jobs.crashes, (SELECT paused_at FROM queue),
              (SELECT id FROM jobs WHERE state = 'running' AND crashes >= :suspect),
              studies.workers_max,
              (SELECT jobs FROM study_counts WHERE study = jobs.study AND state = 'running'),
              (SELECT min(id) FROM jobs AS others
                WHERE state = 'running' AND others.spec_digest = jobs.spec_digest AND NOT jobs.forced),
              (SELECT count(*) FROM jobs AS others WHERE state = 'queued' AND priority > jobs.priority)
                + (SELECT count(*) FROM jobs AS others
                    WHERE state = 'queued' AND priority = jobs.priority AND others.id < jobs.id)
                - (SELECT count(*) FROM jobs AS others
                    WHERE state = 'queued' AND (priority, -others.id) > (jobs.priority, -jobs.id)
                      AND others.study IN (
                        SELECT id FROM studies
                        WHERE id IN (SELECT study FROM study_counts WHERE state = 'queued' AND jobs > 0)
                          AND (\(Turn.studyMustWait))))
            FROM jobs JOIN studies ON studies.id = jobs.study WHERE jobs.id = :job AND jobs.state = 'queued'
            """),
        arguments: ["job": job, "suspect": suspectCrashes])
      guard let row else { return nil }
      let crashes: Int = row[1]
      return JobWait(
        JobWait.Facts(
          queuePausedAt: row[2], suspect: row[3], study: row[0],
          unfinished: try database.unfinishedStudies(before: row[0]), workersMax: row[4], studyRunning: row[5] ?? 0,
          sameTraining: row[6], crashes: crashes, isSuspect: crashes >= suspectCrashes, before: row[7]))
    }
  }
}

extension Database {
  /// The studies that a study comes after and that have not ended.
  fileprivate func unfinishedStudies(before study: Int64) throws -> [JobWait.Unfinished] {
    let rows = try Row.fetchAll(
      cachedStatement(
        sql: """
          SELECT after, state, jobs FROM study_dependencies JOIN study_counts ON study_counts.study = after
          WHERE study_dependencies.study = ? AND state IN ('queued', 'running', 'paused') AND jobs > 0 ORDER BY after
          """),
      arguments: [study])
    var studies: [JobWait.Unfinished] = []
    for row in rows {
      let id: Int64 = row[0]
      guard let state = JobState(rawValue: row[1]) else { continue }
      if studies.last?.study != id { studies.append(JobWait.Unfinished(study: id, counts: [:])) }
      studies[studies.count - 1].counts[state] = row[2]
    }
    return studies
  }
}
