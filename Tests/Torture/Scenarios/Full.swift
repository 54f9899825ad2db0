import Glibc

/// A small file system in memory, gone with the last reference.
final class SmallDisk: Sendable {
  let path: String

  /// - Returns: nil where this user may not mount.
  init?(at path: String, bytes: Int) {
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0700") == 0 else { return nil }
    self.path = path
  }

  deinit { umount2(path, Int32(MNT_DETACH)) }

  func remount(readOnly: Bool) -> Bool {
    mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0), nil) == 0
  }

  /// Takes all room but so many bytes; none if nil.
  func fill(allBut free: Int?) {
    let filler = "\(path)/filler"
    unlink(filler)
    guard let free else { return }
    var status = statvfs()
    statvfs(path, &status)
    let size = Int(status.f_bavail) * Int(status.f_bsize) - free
    guard size > 0 else { return }
    let descriptor = open(filler, O_WRONLY | O_CREAT, 0o600)
    posix_fallocate(descriptor, 0, size)
    close(descriptor)
  }
}

extension Scenario {
  static func full(_ run: Run) throws {
    try campaigns("full", run, lives: 20) { campaign in
      if campaign.disk == nil {
        campaign.disk = SmallDisk(at: try campaign.directory.make("state"), bytes: 24 << 20)
      }
      guard let disk = campaign.disk else {
        return say("full: skipped, because mounting a tmpfs needs root")
      }
      disk.fill(allBut: Int.random(in: 0...600, using: &campaign.random) << 10)
      let end = try campaign.live(
        to: campaign.random.chance(0.5) ? .killed(after: 500) : .stopped(after: 300),
        afterwards: { disk.fill(allBut: nil) })
      run.report.fault("full", end.isBeforeItsTime ? "no room to record" : "no room")
      if ![0, 74, 128 + SIGKILL].contains(end.status) || (end.status == 74 && !end.log.contains("no room left")) {
        campaign.finding("without room it ends with \(end.status) and says: \(end.log)")
      }
    }
  }
}
