extension Scenario {
  static func users(_ run: Run) throws {
    try campaigns("users", run, lives: 40, users: 6) { campaign in
      // Now and then long enough for a checkpoint to be taken.
      let milliseconds = Int.random(in: 0...(campaign.random.chance(0.1) ? 2500 : 400), using: &campaign.random)
      if campaign.random.chance(0.8) {
        try campaign.live(to: .killed(after: milliseconds))
        run.report.fault("users", "kill -9")
      } else {
        let end = try campaign.live(to: .stopped(after: milliseconds))
        run.report.fault("users", "SIGTERM")
        if end.status != 0 { campaign.finding("SIGTERM ends the daemon with \(end.status): \(end.log)") }
      }
    }
  }
}
