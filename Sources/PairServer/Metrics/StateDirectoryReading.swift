import Glibc

/// What the state directory takes of its file system, and what that has left.
struct StateDirectoryReading {
  /// Of each file of the database that is there.
  private(set) var bytes: [String: Int] = [:]
  private(set) var availableBytes = 0

  init(_ directory: String) {
    for name in ["pairnet.db", "pairnet.db-wal"] {
      var status = stat()
      if stat("\(directory)/\(name)", &status) == 0 { bytes[name] = Int(status.st_size) }
    }
    var system = statvfs()
    if statvfs(directory, &system) == 0 { availableBytes = Int(system.f_bavail * system.f_frsize) }
  }
}
