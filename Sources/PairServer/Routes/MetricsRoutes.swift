import PairAPI
import PairStore

extension APIServer {
  func addMetrics(to table: inout RouteTable) {
    table.getText(.metrics, type: "text/plain; version=0.0.4; charset=utf-8") {
      Array(try await metrics().utf8)
    }
  }

  /// Counters count from the daemon's start but for those of attempts, which are read from the database.
  private func metrics() async throws -> String {
    let (counts, endings, checkpoints, pausedAt) = try await store.perform { store throws(StoreError) in
      (try store.counts(), try store.attemptEndings(), try store.checkpointsKept(), try store.queuePausedAt())
    }
    let files = StateDirectoryReading(facts.stateDirectory)
    let writes = store.meter.reading
    let requests = requests.reading
    let process = ProcessReading()
    var text = PrometheusText()
    text.family(
      "pairnet_build_info", .gauge, "The program, its numerics and its instruction set; always 1.",
      [
        (
          [
            "version": facts.provenance.programVersion, "numerics_version": String(facts.provenance.numericsVersion),
            "instruction_set": facts.provenance.instructionSet,
          ], 1
        )
      ])
    text.family(
      "pairnet_jobs", .gauge, "Jobs in each state.",
      counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { (["state": $0.key.rawValue], Double($0.value)) })
    text.family("pairnet_workers", .gauge, "Jobs that may run at a time.", Double(scheduler.workers))
    text.family("pairnet_workers_busy", .gauge, "Jobs that run now.", Double(scheduler.running.count))
    text.family(
      "pairnet_queue_paused", .gauge, "Whether no worker takes a job, because the queue is paused or drained.",
      pausedAt == nil ? 0 : 1)
    text.family("pairnet_epochs_total", .counter, "Epochs that were recorded.", Double(writes.epochs))
    text.family(
      "pairnet_attempts_total", .counter, "Attempts at jobs that have ended, by how they ended.",
      endings.sorted { $0.key < $1.key }.map { (["ending": $0.key], Double($0.value)) })
    text.family(
      "pairnet_checkpoints", .gauge, "Checkpoints that are kept, of jobs that run or are to go on.",
      Double(checkpoints.count))
    text.family("pairnet_checkpoints_bytes", .gauge, "Their size.", Double(checkpoints.bytes))
    text.family(
      "pairnet_checkpoints_written_total", .counter, "Checkpoints that were written.", Double(writes.checkpoints))
    text.family(
      "pairnet_checkpoints_written_bytes_total", .counter, "Their size.", Double(writes.checkpointBytes))
    text.family(
      "pairnet_store_bytes", .gauge, "The database and its journal on disk.",
      files.bytes.sorted { $0.key < $1.key }.map { (["file": $0.key], Double($0.value)) })
    text.family(
      "pairnet_store_available_bytes", .gauge, "What the file system of the state directory has left for the daemon.",
      Double(files.availableBytes))
    text.histogram(
      "pairnet_store_write_seconds", "Transactions that write, from asking for the turn to being on disk.",
      bounds: StoreMeter.bounds, counts: writes.writesByDuration, sum: writes.writeSeconds)
    text.family(
      "pairnet_store_write_failures_total", .counter, "Transactions that were refused or failed.",
      Double(writes.failedWrites))
    text.family(
      "pairnet_http_requests_total", .counter, "Requests that were answered, by method and status.",
      requests.answers.sorted { ($0.key.status, $0.key.method) < ($1.key.status, $1.key.method) }.map {
        (["method": $0.key.method, "status": String($0.key.status)], Double($0.value))
      })
    text.family(
      "pairnet_http_connections_refused_total", .counter, "Connections beyond socket.connections_max.",
      Double(requests.refused))
    text.family(
      "pairnet_progress_waiters", .gauge, "Requests that wait for a study to change.", Double(changes.waiterCount))
    text.family("process_cpu_seconds_total", .counter, "User and system time.", process.cpuSeconds)
    text.family("process_resident_memory_bytes", .gauge, "Memory in use.", Double(process.residentBytes))
    text.family("process_start_time_seconds", .gauge, "When the daemon started, since 1970.", process.startTime)
    text.family("process_open_fds", .gauge, "Open file descriptors.", Double(process.openDescriptors))
    text.family("process_max_fds", .gauge, "The most that may be open.", Double(process.maxDescriptors))
    return text.text
  }
}
