import PairAPI
import PairCore
import PairStore

extension APIServer {
  func addJobs(to table: inout RouteTable) {
    table.getList(.jobs, "jobs") { (query: JobsQuery) in jobs(query) }
    table.get(.jobDetails) { (query: JobsQuery, _) in JobDetailsResponse(jobs: try await jobDetails(query)) }
    table.get(.job) { (_: NoQuery, context) in try await job(try context.id("job")) }
  }

  func jobs(_ query: JobsQuery) -> Portions<JobRecord> {
    Portions(limit: query.page.limit) { last, count in
      var page = Page(query.page)
      page.limit = count
      if let last { page.after = last.id }
      return live(
        try await store.perform { [page] store throws(StoreError) in
          try store.jobs(matching: query.filter, page: page)
        })
    }
  }

  private func jobDetails(_ query: JobsQuery) async throws -> [JobResponse] {
    guard query.page.limit <= Limits.detailsMax else {
      throw SpecError(
        key: "limit", value: String(query.page.limit), allowed: "give an integer from 1 to \(Limits.detailsMax)")
    }
    let details = try await store.perform { store throws(StoreError) in
      try store.details(matching: query.filter, page: Page(query.page))
    }
    return zip(live(details.map(\.job)), details).map { job, details in
      JobResponse(job: job, epochs: details.epochs, provenance: details.provenance)
    }
  }

  private func job(_ id: Int64) async throws -> JobResponse {
    let (job, epochs, provenance, wait) = try await store.perform { store throws(StoreError) in
      let job = try store.job(id)
      return (
        job, try store.epochs(of: id), try store.provenance(of: id),
        job?.state == .queued ? try store.wait(of: id) : nil
      )
    }
    guard let job else { throw APIError.notFound("there is no job \(id)") }
    return JobResponse(job: live([job])[0], epochs: epochs, provenance: provenance, waiting: wait)
  }
}

extension Page {
  init(_ query: PageQuery) {
    self.init(query.order == .newest ? .newestFirst : .oldestFirst, limit: query.limit, after: query.after)
  }
}
