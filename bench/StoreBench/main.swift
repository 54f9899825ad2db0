// How fast the store is, from an empty queue to a long history. Run with
//
//   swift run -c release store-bench [ROWS]
//
// It fills a database in a temporary directory with ROWS jobs (1,000,000 unless given), most of them finished, and prints
// what the daemon does most often: median and 99th percentile.

import Foundation
import GRDB
import PairCore
import PairStore

let rows = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 1_000_000
let path = FileManager.default.temporaryDirectory.path + "/pairnet-store-bench-\(getpid())"
try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
defer { try? FileManager.default.removeItem(atPath: path) }

let clock = ContinuousClock()

func milliseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
}

/// User and system time of this process so far.
func processorMilliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
}

/// Prints the wall time's median and 99th percentile of so many runs, and the mean processor time of one.
func measure(_ what: String, times: Int = 1, _ work: () throws -> Void) rethrows {
  var samples: [Double] = []
  let start = processorMilliseconds()
  for _ in 0..<times { samples.append(milliseconds(try clock.measure(work))) }
  let processor = (processorMilliseconds() - start) / Double(times)
  samples.sort()
  let figures = [samples[times / 2], samples[min(times - 1, times * 99 / 100)], processor]
  print(
    what.padding(toLength: 50, withPad: " ", startingAt: 0),
    String(format: "%9.2f ms  p99 %9.2f ms  processor %9.2f ms", figures[0], figures[1], figures[2]))
}

/// 100,000 jobs: 4 models x 2 x 5 dropouts x 2,500 seeds.
func grid(from seed: Int64, seeds: Int64 = 2_500) throws -> Grid {
  try Grid(validating: [
    "model": Model.allCases.map { .text($0.rawValue) }, "batch_norm": [.flag(false), .flag(true)],
    "dropout": [0, 0.1, 0.2, 0.5, 0.8].map { .number($0) }, "seed": (seed..<seed + seeds).map { .integer($0) },
    "epochs": [.integer(2)],
  ])
}
let digests = ["mnist": String(repeating: "da", count: 32)]

func result(_ seed: Int64) -> JobResult {
  JobResult(
    trainAccuracy: 1, testAccuracy: 0.8 + Double(seed % 100) / 1000, trainLoss: 0.01, testLoss: 0.5, trainErrors: 0,
    testErrors: 200, weightsSHA256: String(repeating: "0123456789abcdef", count: 4))
}

/// A job from the queue to its result, without the training.
func run(_ store: Store, by worker: Int) throws {
  guard let job = try store.claim(by: worker) else { fatalError("the queue is empty") }
  let epochs = (1...job.spec.epochs).map { EpochMetrics(epoch: $0, trainLoss: 0.5, testAccuracy: 0.8) }
  try store.append(epochs, to: job.attempt)
  try store.finish(job.attempt, with: .succeeded(result(job.spec.seed)), after: .seconds(1))
}

func queries(_ store: Store) throws {
  try measure("claim (and requeue)", times: 200) {
    guard let job = try store.claim(by: 1) else { return }
    try store.requeue(job.attempt)
  }
  try measure("claim, two epochs and finish", times: 200) { try run(store, by: 1) }
  try measure("counts", times: 200) { _ = try store.counts() }
  try measure("studies", times: 200) { _ = try store.studies() }
  try measure("jobs --limit 50", times: 200) { _ = try store.jobs() }
  for filter in [
    JobFilter(states: [.succeeded]), JobFilter(states: [.failed]), JobFilter(states: [.queued, .running]),
    JobFilter(study: 1), JobFilter(study: 1, states: [.failed]),
  ] {
    let states = filter.states.map { " --state " + $0.map(\.rawValue).joined(separator: ",") } ?? ""
    let study = filter.study.map { " --study \($0)" } ?? ""
    try measure("jobs --limit 50\(study)\(states)", times: 100) { _ = try store.jobs(matching: filter) }
  }
  try measure("results of one study", times: 3) {
    _ = try store.jobs(matching: JobFilter(study: 1, states: [.succeeded]), page: Page(.oldestFirst))
  }
  try measure("aggregate of one study", times: 3) { _ = try store.aggregate(JobFilter(study: 1)) }
}

/// Lets that many jobs succeed, a step for all of them at a time.
func finish(_ jobs: Int64) throws {
  let database = try DatabaseQueue(path: "\(path)/pairnet.db")
  let time = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
  let some = "FROM jobs WHERE state = 'running'"
  for sql in [
    "UPDATE jobs SET state = 'running', worker = id, attempts = 1, started_at = \(time) WHERE state = 'queued' AND id <= \(jobs)",
    "INSERT INTO attempts SELECT id, 1, worker, 'host', '0', 'none', started_at, \(time), 'succeeded' \(some)",
    "INSERT INTO epochs SELECT id, 1, 0.5, 0.7, NULL, NULL \(some)",
    "INSERT INTO epochs SELECT id, 2, 0.4, 0.8, NULL, NULL \(some)",
    "INSERT INTO outcomes SELECT id, 1, 1, 0.8, 0.1, 0.5, 0, 200, NULL, NULL, dataset_digest \(some)",
    "UPDATE jobs SET state = 'succeeded', worker = NULL, duration_seconds = 1, finished_at = \(time) WHERE state = 'running'",
  ] {
    try database.write { try $0.execute(sql: sql) }
  }
  try database.close()
}

let store = try Store(
  in: StateDirectory(locking: path), provenance: Provenance(numericsVersion: 1, instructionSet: "none"))

var specs: [JobSpec] = []
try measure("expand a grid of 100,000") { specs = try grid(from: 1).cells() }
try measure("submit 100,000") { _ = try store.submit(specs, datasetDigests: digests) }
print("--- \(specs.count) jobs, all queued")
try queries(store)

print("--- filling to \(rows) jobs ...")
var seed: Int64 = 10_000
var count = specs.count
while count < rows {
  let specs = try grid(from: seed, seeds: min(2_500, Int64((rows - count) / 40))).cells()
  guard !specs.isEmpty else { break }
  _ = try store.submit(specs, datasetDigests: digests)
  count += specs.count
  seed += 2_500
}
// Most of a long history is finished jobs; here by SQL, because at a commit each it would take an hour.
try finish(Int64(rows - 100_000))
print("--- \(count) jobs, \(try store.counts()[.succeeded] ?? 0) of them succeeded")
try queries(store)
measure("aggregate of everything") { _ = try? store.aggregate() }
try measure("recover") { _ = try store.recover() }
try store.close()
