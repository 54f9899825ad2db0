import PairCore
import PairStore

/// Fills the store to so many jobs, nine of ten of them finished, and measures what it does within this process.
func measureStore(_ history: History, rows: Int, _ table: inout ScaleTable) throws {
  ScaleTable.heading("the store, from empty to \(rows) jobs")
  let store = history.store!
  var specs: [JobSpec] = []
  try table.measure("expand a grid of 100,000") { specs = try History.grid(from: 1).cells() }
  try table.measure("submit 100,000 to an empty store", limit: 1_000) {
    _ = try store.submit(specs, datasetDigests: History.digests)
  }
  try measureClaims(store, "100,000 jobs", &table)
  var seed: Int64 = 10_000
  var count = specs.count
  while rows - count >= 40 {
    let specs = try History.grid(from: seed, seeds: min(2_500, Int64((rows - count) / 40))).cells()
    _ = try store.submit(specs, datasetDigests: History.digests)
    count += specs.count
    seed += 2_500
  }
  try history.finish(upTo: Int64(rows - 100_000))
  try table.measure("submit 100,000 to \(count) jobs", limit: 1_000) {
    _ = try store.submit(try History.grid(from: seed).cells(), datasetDigests: History.digests)
  }
  try table.measure("submit 100,000 again, all of them known", limit: 1_000) {
    let submission = try store.submit(specs, datasetDigests: History.digests)
    precondition(submission.reused == specs.count, "all were trained")
  }
  try measureClaims(store, "\(rows) jobs", &table)
  try table.measure("aggregate of one study of 100,000") { _ = try store.aggregate(JobFilter(study: 1)) }
  try table.measure("aggregate of everything") { _ = try store.aggregate() }
  try table.measure("recover after a crash") { _ = try store.recover() }
}

/// The claim alone; the job goes back to the queue outside of what is measured.
private func measureClaims(_ store: Store, _ among: String, _ table: inout ScaleTable) throws {
  var samples: [Double] = []
  var processor = 0.0
  for _ in 1...300 {
    var job: ClaimedJob?
    let start = processorMilliseconds()
    samples.append(try wall { job = try store.claim(by: 1) })
    processor += processorMilliseconds() - start
    try store.requeue(job!.attempt)
  }
  table.add("claim among \(among)", milliseconds: samples, processor: processor, limit: 50, isLimitOfTail: true)
}
