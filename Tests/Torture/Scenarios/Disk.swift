import Glibc

extension Scenario {
  static let faultLayerPath = "\(Child.directory)/libFaultLayer.so"

  /// The environment that puts the fault layer between the daemon and its disk.
  static func faultLayer(_ rules: String, report: String) -> [String: String] {
    ["LD_PRELOAD": faultLayerPath, "FAULT_RULES": rules, "FAULT_REPORT": report]
  }

  static func disk(_ run: Run) throws {
    try campaigns("disk", run, lives: 30) { campaign in
      let call = ["write", "write", "sync", "truncate"].randomElement(using: &campaign.random)!
      let file = ["pairnet.db-wal", "pairnet.db-wal", "pairnet.db-wal", "pairnet.db", "pairnet.db-shm"]
        .randomElement(using: &campaign.random)!
      let action =
        call == "write"
        ? ["EIO", "ENOSPC", "SHORT", "KILL"].randomElement(using: &campaign.random)!
        : ["EIO", "ENOSPC", "KILL"].randomElement(using: &campaign.random)!
      let nth =
        campaign.random.chance(0.3)
        ? Int.random(in: 1...4, using: &campaign.random) : Int.random(in: 1...25, using: &campaign.random)
      let again = action != "SHORT" && campaign.random.chance(0.5) ? "+" : ""
      let reportPath = "\(campaign.directory.path)/faults"
      unlink(reportPath)
      let ending: Campaign.Ending = campaign.random.chance(0.5) ? .killed(after: 500) : .stopped(after: 300)
      let end = try campaign.live(
        faultLayer("\(call):\(file):\(nth)\(again):\(action)", report: reportPath), to: ending)
      let happened = contents(of: reportPath).split(separator: "\n").count
      guard happened > 0 else { return }
      run.report.fault("disk", "\(action) of \(call)")
      // Asked to stop or not: a daemon whose disk fails says so, and ends with the status for it.
      if ![0, 74, 128 + SIGKILL].contains(end.status) || (end.status == 74 && !end.log.contains("pairnetd: ")) {
        campaign.finding(
          "\(action) of \(call) on \(file), passing \(nth): it ends with \(end.status) and says: \(end.log)")
      }
    }
  }
}
