import PairAPI
import PairCore

extension DaemonClient {
  /// All jobs that meet the filter, oldest first.
  func jobs(_ route: Route, _ filter: JobFilter) throws(Failure) -> [JobRecord] {
    try jobs(route, filter, .oldest, limit: .max)
  }

  /// The first jobs that meet the filter, at most `limit` of them.
  func oldestJobs(_ filter: JobFilter, limit: Int) throws(Failure) -> [JobRecord] {
    try jobs(.jobs, filter, .oldest, limit: limit)
  }

  /// The newest jobs that meet the filter, at most `limit` of them, oldest first.
  func newestJobs(_ filter: JobFilter, limit: Int) throws(Failure) -> [JobRecord] {
    try jobs(.jobs, filter, .newest, limit: limit).reversed()
  }

  /// Those of the jobs with these ids that there are.
  func jobs(ids: [Int64]) throws(Failure) -> [JobRecord] {
    var found: [JobRecord] = []
    var rest = ids[...]
    while !rest.isEmpty {
      // Portions that fit in a request's target.
      found += try jobs(.jobs, JobFilter(jobs: Array(rest.prefix(1_000))))
      rest = rest.dropFirst(1_000)
    }
    return found
  }

  /// Everything about all jobs that meet the filter, oldest first.
  func details(_ filter: JobFilter) throws(Failure) -> [JobResponse] {
    var details: [JobResponse] = []
    while true {
      let page = PageQuery(.oldest, limit: Limits.detailsMax, after: details.last?.job.id)
      let answer: JobDetailsResponse = try get(.jobDetails, JobsQuery(filter: filter, page: page).queryItems)
      details += answer.jobs
      if answer.jobs.count < page.limit { return details }
    }
  }

  private func jobs(
    _ route: Route, _ filter: JobFilter, _ order: PageQuery.Order, limit: Int
  ) throws(Failure) -> [JobRecord] {
    var jobs: [JobRecord] = []
    while true {
      let page = PageQuery(order, limit: min(Limits.pageOfClient, limit - jobs.count), after: jobs.last?.id)
      let answer: JobsResponse = try get(route, JobsQuery(filter: filter, page: page).queryItems)
      jobs += answer.jobs
      if answer.jobs.count < page.limit || jobs.count >= limit { return jobs }
    }
  }

  /// All studies, or those of a name, oldest first.
  func studies(name: String? = nil) throws(Failure) -> [StudyRecord] {
    var studies: [StudyRecord] = []
    while true {
      let page = StudiesQuery(limit: Limits.pageOfClient, after: studies.last?.id, name: name)
      let answer: StudiesResponse = try get(.studies, page.queryItems)
      studies += answer.studies
      if answer.studies.count < page.limit { return studies.reversed() }
    }
  }
}
