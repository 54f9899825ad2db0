import Glibc
import PairAPI
import PairCore
import Testing

/// The queue as its users and its administrator control it, over the built programs.
@Suite("Control of the queue, end to end")
struct ControlTests {
  /// Jobs that do not end by themselves while a test looks.
  private static let long = ["submit", "grid", "--dataset", "synthetic", "--epochs", "10000"]
  private static let short = [
    "submit", "grid", "--dataset", "synthetic", "--pairs", "40", "--epochs", "2", "--batch-size", "10",
  ]

  /// The states of a study's jobs, in its order.
  private func states(_ daemon: PrivateDaemon, _ study: String) throws -> [JobState] {
    let output = try daemon.ctl("jobs", "--study", study, "--all", "-o", "json")
    return try JSON.decode(JobsResponse.self, from: Array(output.standardOutput.utf8)).jobs.map(\.state)
  }

  /// Returns when so many jobs run.
  private func waitForRunning(_ count: Int, _ daemon: PrivateDaemon) throws {
    for _ in 1...600 {
      let status = try JSON.decode(
        StatusResponse.self, from: Array(try daemon.ctl("status", "-o", "json").standardOutput.utf8))
      if status.running.count == count { return }
      usleep(20_000)
    }
    Issue.record("\(count) jobs do not run")
  }

  @Test("Jobs are paused, running and queued ones, and resumed to their end")
  func pauseAndResume() throws {
    let daemon = try PrivateDaemon(workers: 1)
    #expect(try daemon.begin(Self.long + ["--seeds", "1-3", "--name", "long", "-q"]).wait().status == 0)
    try waitForRunning(1, daemon)
    let paused = try daemon.ctl("pause", "--where", "study=long,seed=1-2")
    #expect(paused.status == 0 && paused.standardOutput == "paused 2 jobs: 1-2\n", "\(paused)")
    try waitForRunning(1, daemon)
    #expect(try states(daemon, "long") == [.paused, .paused, .running])
    #expect(try daemon.ctl("show", "1").standardOutput.contains(#/state +paused\n/#))
    #expect(try daemon.ctl("studies").lines[0].contains("paused"))

    let again = try daemon.ctl("pause", "1", "3")
    #expect(again.status == 1 && again.standardOutput == "paused 1 job: 3\n", "\(again)")
    #expect(again.standardError.contains("job 1 is paused, not queued or running"))
    #expect(try daemon.ctl("resume", "--study", "long", "--seed", "2", "-q").lines == ["2"])
    #expect(try daemon.ctl("cancel", "--all").standardOutput == "cancelled 3 jobs: 1-3\n")
    #expect(try daemon.ctl("resume", "1").standardError.contains("job 1 has already ended: cancelled"))
  }

  @Test("A paused queue says so, stays paused over a restart, and goes on when it is resumed")
  func pauseQueue() throws {
    let daemon = try PrivateDaemon(workers: 2)
    #expect(try daemon.begin(Self.long + ["--seeds", "1-2", "-q"]).wait().status == 0)
    try waitForRunning(2, daemon)
    let paused = try daemon.ctl("pause", "--queue")
    #expect(paused.standardOutput == "the queue is paused: nothing runs, and no worker takes a job\n", "\(paused)")
    #expect(paused.standardError.contains("pairnetctl resume --queue"))
    #expect(try states(daemon, "1") == [.queued, .queued])
    let status = try daemon.ctl("status").standardOutput
    #expect(status.contains(#/queue +PAUSED since .*: no worker takes a job, 0 still running/#), "\(status)")

    daemon.stop()
    try daemon.start()
    #expect(try daemon.begin(Self.short + ["--priority", "high", "-q"]).wait().lines == ["3"])
    #expect(try daemon.ctl("status").standardOutput.contains("PAUSED"))
    #expect(try states(daemon, "2") == [.queued])
    #expect(try daemon.ctl("resume", "--queue").standardOutput == "the queue goes on\n")
    #expect(try daemon.ctl("wait", "3", "-q").status == 0)
    #expect(try daemon.ctl("status").standardOutput.contains(#/queue +open\n/#))
  }

  @Test("A drain waits for what runs, showing it, and starts nothing else")
  func drain() throws {
    let daemon = try PrivateDaemon(workers: 1)
    #expect(try daemon.begin(Self.long + ["--seeds", "1-2", "-q"]).wait().status == 0)
    try waitForRunning(1, daemon)
    #expect(
      try daemon.ctl("drain", "--no-wait").standardOutput == "no worker takes another job; 1 job still running\n")
    let draining = try daemon.begin(["drain"])
    while !draining.standardErrorSoFar.contains("1 job still running: 1 (epoch ") { usleep(20_000) }
    // The end of the job, whatever brings it, ends the draining.
    #expect(try daemon.ctl("cancel", "1").status == 0)
    let drained = draining.wait()
    #expect(drained.status == 0, "\(drained)")
    #expect(drained.standardOutput == "the queue is drained: nothing runs, and no worker takes a job\n")
    #expect(try states(daemon, "1") == [.cancelled, .queued])

    let interrupted = try daemon.shell("pairnetctl resume --queue -q && pairnetctl priority urgent 2 -q")
    #expect(interrupted.status == 0, "\(interrupted)")
    try waitForRunning(1, daemon)
    let second = try daemon.begin(["drain"])
    while !second.standardErrorSoFar.contains("still running: 2") { usleep(20_000) }
    #expect(try daemon.ctl("resume", "--queue").status == 0)
    let refused = second.wait()
    #expect(refused.status == 1 && refused.standardError.contains("somebody has resumed the queue"), "\(refused)")
  }

  @Test("Failed and cancelled jobs are retried; conditions alone mean those that failed")
  func retry() throws {
    let daemon = try PrivateDaemon(workers: 1)
    let failed = try daemon.begin(
      Self.long + ["--seeds", "1-2", "--time-limit", "0.2s", "--name", "limited", "--wait"]
    ).wait()
    #expect(failed.status == 1, "\(failed)")
    #expect(
      failed.standardError.contains(#/job 1 failed: over its time limit of 0\.2s: stopped in epoch \d+ of 10000/#))
    #expect(try daemon.ctl("pause", "--queue").status == 0)
    let queued = try daemon.begin(Self.short + ["--seeds", "1-2", "--name", "given-up"]).wait()
    #expect(queued.status == 0 && queued.standardError.contains("the queue is paused since "), "\(queued)")
    #expect(try daemon.ctl("cancel", "--study", "given-up").status == 0)

    #expect(try daemon.ctl("retry", "--all").standardOutput == "queued again: 2 jobs: 1-2\n")
    #expect(try daemon.ctl("retry", "--study", "given-up").standardOutput == "queued again: 0 jobs\n")
    #expect(try daemon.ctl("retry", "--study", "given-up", "--state", "cancelled", "-q").lines == ["3", "4"])
    let waiting = try daemon.ctl("retry", "3")
    #expect(waiting.status == 1)
    #expect(waiting.standardError.contains("job 3 is queued, not failed, diverged or cancelled"), "\(waiting)")
    #expect(try daemon.ctl("cancel", "--study", "limited", "-q").lines == ["1", "2"])
    #expect(try daemon.ctl("resume", "--queue", "-q").standardOutput == "")
    #expect(try daemon.ctl("wait", "--study", "given-up", "-q").status == 0)
    #expect(try daemon.ctl("retry", "3").standardError.contains("job 3 has already ended: succeeded"))
  }

  @Test("Jobs run in the order of priorities, studies after those they wait for, and labels find them")
  func order() throws {
    let daemon = try PrivateDaemon(workers: 2)
    #expect(try daemon.ctl("pause", "--queue", "-q").status == 0)
    let script = """
      set -e
      submit="pairnetctl submit grid --dataset synthetic --pairs 40 --epochs 2 --batch-size 10 -q"
      $submit --name base --seeds 1-2 --label nightly --label 'two words'
      $submit --name last --seeds 3-4 --after base --after quick --priority high --workers 1 --time-limit 10m
      $submit --name quick --seeds 5
      """
    // A study cannot wait for one that is not there yet.
    let refused = try daemon.shell(script)
    #expect(refused.status == 1 && refused.standardError.contains("there is no study named 'quick'"), "\(refused)")
    #expect(
      try daemon.shell(script.replacing("--name base ", with: "--name base-2 ").replacing(" --after quick", with: ""))
        .status == 0)
    #expect(
      try daemon.ctl("jobs", "--label", "nightly", "-o", "csv").standardOutput.split(separator: "\r\n").count == 5)
    #expect(
      try daemon.ctl("jobs", "--where", "label=two words,priority=normal,seed=1", "-o", "csv").standardOutput
        .split(separator: "\r\n").count == 3)
    let studies = try daemon.ctl("studies").standardOutput
    #expect(
      studies.contains("nightly, two words") && studies.contains("at most 1") && studies.contains("10m"), "\(studies)")
    #expect(try daemon.ctl("priority", "low", "--label", "nightly").standardOutput == "low priority for 4 jobs: 1-4\n")
    #expect(try daemon.ctl("priority", "low", "1").standardOutput == "low priority for 1 job: 1\n")
    #expect(try daemon.ctl("jobs", "--priority", "low").lines[1].contains("low"))
    #expect(try daemon.ctl("resume", "--queue", "-q").status == 0)
    #expect(try daemon.ctl("wait", "--study", "last", "-q").status == 0)
    let output = try daemon.ctl(
      "sql", "-o", "csv",
      """
      SELECT (SELECT min(started_at) FROM jobs WHERE study = 3) >= (SELECT max(finished_at) FROM jobs WHERE study = 1),
        (SELECT max(started_at) FROM jobs WHERE study = 3) >= (SELECT min(finished_at) FROM jobs WHERE study = 3),
        (SELECT started_at FROM jobs WHERE id = 7) <= (SELECT min(started_at) FROM jobs WHERE study < 3)
      """)
    #expect(output.standardOutput.split(separator: "\r\n").last == "1,1,1", "\(output)")
  }

  @Test(
    "What cannot be asked is refused with its name and what is allowed, and nothing is changed",
    arguments: [
      (["pause"], "which jobs?"), (["resume"], "which jobs?"), (["retry"], "which jobs?"),
      (["priority", "high"], "which jobs?"), (["priority", "highest", "1"], "low, normal, high, urgent"),
      (["pause", "--queue", "1"], "--queue is about all jobs"),
      (["resume", "--queue", "--all"], "--queue is about all"),
      (["pause", "--all", "--seed", "1"], "--all means every job"),
      (["pause", "--where", "colour=red"], "label, state, priority, job"),
      (["pause", "--label", "a=b"], "--label: 'a=b'"),
      (["jobs", "--priority", "1"], "--priority: '1' is not allowed; give one of low, normal, high, urgent"),
      (["jobs", "--state", "stopped"], "queued, running, paused"),
      (
        ["submit", "grid", "--time-limit", "soon"],
        "--time-limit: 'soon' is not allowed; give a time above 0, as in 90s"
      ),
      (["submit", "grid", "--time-limit", "0"], "--time-limit: '0'"),
      (["submit", "grid", "--workers", "0"], "--workers: '0' is not allowed; give an integer from 1 to 1024"),
      (["submit", "grid", "--label", "a,b"], "--label: 'a,b' is not allowed"),
      (["submit", "grid", "--priority", "top"], "--priority: 'top' is not allowed"),
      (["submit", "grid", "--after", "0"], "--after: '0' is not allowed"),
    ])
  func refused(arguments: [String], message: String) throws {
    let daemon = try PrivateDaemon(workers: 1)
    let output = try daemon.begin(arguments).wait()
    #expect(output.status == 2 && output.standardOutput.isEmpty, "\(output)")
    #expect(output.standardError.contains(message), "\(output)")
    #expect(try daemon.ctl("status").standardOutput.contains("no jobs"))
  }

  @Test("A job that kills the daemon as often as the limit says is set aside, and the rest go on")
  func crashLimit() throws {
    let daemon = try PrivateDaemon(workers: 2)
    #expect(try daemon.begin(Self.long + ["--seeds", "1", "-q"]).wait().status == 0)
    for crash in 1...3 {
      try waitForRunning(1, daemon)
      daemon.stop(9)
      try daemon.start()
      if crash == 2 {
        // From now on it runs alone: what is submitted meanwhile waits.
        try waitForRunning(1, daemon)
        #expect(try daemon.begin(Self.short + ["--seeds", "1-3", "--name", "rest", "-q"]).wait().status == 0)
        #expect(
          try daemon.ctl("jobs", "--study", "rest", "--state", "queued", "-o", "csv").standardOutput
            .split(separator: "\r\n").count == 4)
      }
    }
    let shown = try daemon.ctl("show", "1").standardOutput
    #expect(shown.contains("pairnetd died 3 times while this job ran, so that it was set aside"), "\(shown)")
    #expect(try daemon.ctl("wait", "--study", "rest", "-q").status == 0)
    #expect(try daemon.ctl("retry", "1", "-q").lines == ["1"])
    try waitForRunning(1, daemon)
  }
}
