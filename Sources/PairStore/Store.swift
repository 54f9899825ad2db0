import Dispatch
import GRDB
import PairCore
import Synchronization

/// The queue, its history and its results, in one SQLite database.
///
/// Every method is synchronous, is one transaction, and has happened on disk when it returns. Methods may be called
/// from any thread; from asynchronous code call them through `perform`. Writers take turns, readers never wait.
package final class Store: Sendable {
  /// What this process trains with; recorded with every attempt.
  package let provenance: Provenance
  /// How often the daemon may die while a job runs before the job is set aside as failed; 0 for any number.
  package let crashLimit: Int
  package let directory: StateDirectory
  package let meter = StoreMeter()
  let pool: DatabasePool
  private let calls = DispatchQueue(label: "pairnet.store.calls", attributes: .concurrent)
  private let onFailure: @Sendable (StoreError) -> Void
  private let failure = Mutex<StoreError?>(nil)

  /// Opens the directory's database, creating or migrating it.
  ///
  /// - Parameter onFailure: called once, on any thread, when a transaction fails because the disk or the file gave way.
  ///   The process must end then: nothing is written any more, and what the disk has is known only after a restart.
  /// - Throws: `StoreError.newer`, `.corrupt`, `.inaccessible`, `.diskFull` or `.ioError`, each saying what a person can
  ///   do.
  package init(
    in directory: StateDirectory, provenance: Provenance, crashLimit: Int = 3,
    onFailure: @escaping @Sendable (StoreError) -> Void = { _ in }
  ) throws(StoreError) {
    self.directory = directory
    self.provenance = provenance
    self.crashLimit = crashLimit
    self.onFailure = onFailure
    SyncFailures.begin()
    pool = try Self.openPool(at: directory.databasePath)
    SyncFailures.listen(at: directory.databasePath) { [weak self] in self?.fail($0) }
  }

  deinit { SyncFailures.stopListening(at: path) }

  /// Closes all connections, once nothing uses the store any more.
  ///
  /// Before that everything moves from the log into the database, so that a copy of `pairnet.db` alone has it: when the
  /// last connection closes SQLite does so only if that one may write, and it often is a reader's.
  package func close() throws(StoreError) {
    do {
      try pool.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
    } catch {
      // What has no room in the database, or is being read, stays in the log, where it is as safe.
    }
    do { try pool.close() } catch { throw StoreError(error, at: path) }
  }

  /// Runs `work` on a thread of its own, so that an asynchronous caller does not block the cooperative pool.
  package func perform<Value: Sendable>(
    _ work: @escaping @Sendable (Store) throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      calls.async {
        do throws(StoreError) {
          continuation.resume(returning: .success(try work(self)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  var path: String { directory.databasePath }

  /// Runs `work` in a transaction, which has happened on disk when this returns.
  ///
  /// After an fsync that failed, a second one may succeed although the first one's bytes are lost (Rebello et al. 2020,
  /// "Can Applications Recover from fsync Failures?"), so that a transaction that failed so is the last one.
  ///
  /// - Parameter method: who calls; names the transaction's crash points.
  func write<Value>(as method: String = #function, _ work: (Database) throws -> Value) throws(StoreError) -> Value {
    if let failure = failure.withLock({ $0 }) { throw failure }
    CrashPoint.pass(method, "before")
    do {
      let value = try meter.measure {
        try pool.write { database in
          let value = try work(database)
          CrashPoint.pass(method, "written")
          return value
        }
      }
      CrashPoint.pass(method, "committed")
      return value
    } catch {
      let error = StoreError(error, at: path)
      if error.isFatal { fail(error) }
      throw error
    }
  }

  private func fail(_ error: StoreError) {
    let isFirst = failure.withLock { failure in
      defer { failure = failure ?? error }
      return failure == nil
    }
    if isFirst { onFailure(error) }
  }

  func read<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try pool.read(work) } catch { throw StoreError(error, at: path) }
  }

  /// Reads with one statement, which sees one moment without the cost of a transaction.
  func readOnce<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try pool.unsafeRead(work) } catch { throw StoreError(error, at: path) }
  }
}
