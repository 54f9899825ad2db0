import Glibc
import Logging
import PairCore
import PairNN
import PairScheduler
import PairServer
import PairStore
import PairTraining

extension Pairnetd {
  /// Starts in the one safe order, serves, and returns when the daemon was asked to stop.
  ///
  /// First the lock, because everything after it assumes that no other daemon is at work; then the database; then the
  /// socket, so that nobody is answered before a submission can be kept.
  func serve(_ configuration: Configuration, from sources: Configuration.Sources) async throws {
    let isUnderServiceManager = Self.isUnderServiceManager
    JournalLogHandler.level.withLock { $0 = configuration.logLevel }
    LoggingSystem.bootstrap { _ in JournalLogHandler(isUnderServiceManager: isUnderServiceManager) }
    let logger = Logger(label: "pairnetd")

    Self.raiseDescriptorLimit()
    let instructionSet = try InstructionSet.chosen()
    let inherited = try InheritedSockets.take()
    try Self.makeDirectory(configuration.stateDirectory)
    let directory = try StateDirectory(locking: configuration.stateDirectory)
    let provenance = Provenance(numericsVersion: Trainer.numericsVersion, instructionSet: instructionSet.rawValue)
    let failures = FailureLatch()
    let store = try Store(
      in: directory, provenance: provenance, crashLimit: configuration.crashLimit, onFailure: failures.report)
    let recovery = try store.recover()
    if !recovery.requeued.isEmpty {
      logger.notice("\(recovery.requeued.count) jobs were running when the daemon died; they are queued again")
    }
    for job in recovery.setAside {
      logger.error("job \(job) ran each time the daemon died and is set aside; 'pairnetctl show \(job)' has the reason")
    }
    if recovery.redigested > 0 {
      logger.notice("\(recovery.redigested) queued jobs will be trained by this version of the engine")
    }
    try Self.makeDirectory(configuration.dataDirectory)
    let sockets = inherited.isEmpty ? [try configuration.socket.listen()] : inherited

    let catalog = DatasetCatalog(dataDirectory: configuration.dataDirectory)
    let changes = ChangeHub()
    let scheduler = Scheduler(
      store: store, workers: configuration.workers, runner: catalog.runner(),
      checkpointInterval: configuration.checkpointInterval, logger: logger, onFailure: failures.report,
      onChange: changes.noteChange)
    let api = APIServer(
      scheduler: scheduler, catalog: catalog, changes: changes,
      facts: DaemonFacts(
        provenance: provenance, stateDirectory: configuration.stateDirectory,
        dataDirectory: configuration.dataDirectory))
    let reloader = Reloader(sources: sources, current: configuration, logger: logger)
    logger.notice(
      "pairnetd \(pairnetVersion) starts",
      metadata: ["state": "\(directory.path)", "instruction_set": "\(provenance.instructionSet)"])
    try await Daemon(
      api: api, sockets: sockets, failures: failures, logger: logger,
      limits: ListenerLimits(connectionsMax: configuration.connectionsMax), others: [reloader]
    ).run()
    try store.close()
  }

  /// Each connection takes a descriptor, and the usual soft limit is for programs that use select(2).
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(resource, &limit)
  }

  /// Makes the directory if only it is missing; its parents are for an administrator to make.
  private static func makeDirectory(_ path: String) throws(StoreError) {
    guard mkdir(path, 0o770) != 0, errno != EEXIST else { return }
    throw .inaccessible(path: path, reason: "the directory cannot be made: \(String(cString: strerror(errno)))")
  }
}
