import Dispatch
import GRDB
import PairCore

/// The queue, its history and its results, in one SQLite database.
///
/// Every method is synchronous, is one transaction, and has happened on disk when it returns. Methods may be called
/// from any thread; from asynchronous code call them through `perform`. Writers take turns, readers never wait.
package final class Store: Sendable {
  /// What this process trains with; recorded with every attempt.
  package let provenance: Provenance
  package let directory: StateDirectory
  let pool: DatabasePool
  private let calls = DispatchQueue(label: "pairnet.store.calls", attributes: .concurrent)

  /// Opens the directory's database, creating or migrating it.
  ///
  /// - Throws: `StoreError.newer`, `.corrupt`, `.inaccessible` or `.diskFull`, each saying what a person can do.
  package init(in directory: StateDirectory, provenance: Provenance) throws(StoreError) {
    self.directory = directory
    self.provenance = provenance
    pool = try Self.openPool(at: directory.databasePath)
  }

  /// Closes all connections, once nothing uses the store any more.
  package func close() throws(StoreError) {
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

  func write<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try pool.write(work) } catch { throw StoreError(error, at: path) }
  }

  func read<Value>(_ work: (Database) throws -> Value) throws(StoreError) -> Value {
    do { return try pool.read(work) } catch { throw StoreError(error, at: path) }
  }
}
