import GRDB

extension Store {
  /// Since when no worker takes a job; nil if they do.
  package func queuePausedAt() throws(StoreError) -> String? {
    try read { try String.fetchOne($0, sql: "SELECT paused_at FROM queue") }
  }

  /// From now on no worker takes a job, also after a restart of the daemon, until `resumeQueue`.
  package func pauseQueue() throws(StoreError) {
    try write { try $0.execute(sql: "UPDATE queue SET paused_at = coalesce(paused_at, \(Timestamp.now))") }
  }

  package func resumeQueue() throws(StoreError) {
    try write { try $0.execute(sql: "UPDATE queue SET paused_at = NULL") }
  }
}
