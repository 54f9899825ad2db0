import ArgumentParser
import PairAPI
import PairCore

struct PauseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Set jobs aside until they are resumed, or stop the whole queue.",
    discussion: """
      Queued jobs wait from then on; running ones stop within a step. 'pairnetctl
      resume' puts them back in their old places. With --queue no worker takes a
      job, and running jobs go back to the queue, until 'pairnetctl resume --queue';
      a restart of the daemon changes neither. 'pairnetctl drain' lets running jobs
      end.

      EXAMPLES:
        pairnetctl pause 12 15-20
        pairnetctl pause --study tuning
        pairnetctl pause --label nightly --state queued
        pairnetctl pause --queue
      """)

  @Flag(help: "Stop the queue instead of single jobs.")
  var queue = false

  @OptionGroup var options: ControlOptions

  func run() throws {
    guard queue else {
      return try options.run(ControlVerb("paused", .pause)) { client, filter throws(Failure) in
        try client.post(.pause, ControlRequest(filter))
      }
    }
    try QueueControl.refuseJobs(options)
    _ = try QueueControl.post(.pause, options.connection.client)
    if !options.quiet {
      Standard.output.write("the queue is paused: nothing runs, and no worker takes a job\n")
      note("'pairnetctl resume --queue' ends this")
    }
  }
}

struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Put paused jobs back into the queue, or let a paused queue go on.",
    discussion: """
      EXAMPLES:
        pairnetctl resume --study tuning
        pairnetctl resume --all
        pairnetctl resume --queue
      """)

  @Flag(help: "Let workers take jobs again, after 'pairnetctl pause --queue' or 'pairnetctl drain'.")
  var queue = false

  @OptionGroup var options: ControlOptions

  func run() throws {
    guard queue else {
      return try options.run(ControlVerb("resumed", .resume)) { client, filter throws(Failure) in
        try client.post(.resume, ControlRequest(filter))
      }
    }
    try QueueControl.refuseJobs(options)
    _ = try QueueControl.post(.resume, options.connection.client)
    if !options.quiet { Standard.output.write("the queue goes on\n") }
  }
}

/// What `pause --queue`, `resume --queue` and `drain` have in common.
enum QueueControl {
  static func post(_ action: QueueRequest.Action, _ client: DaemonClient) throws(Failure) -> QueueResponse {
    try client.post(.queue, QueueRequest(action))
  }

  /// Says so if no worker takes a job: whoever submits or waits would wonder.
  static func notePause(_ client: DaemonClient) throws(Failure) {
    let status: StatusResponse = try client.get(.status)
    guard let since = status.queuePausedAt else { return }
    note("the queue is paused since \(since): no worker takes a job until 'pairnetctl resume --queue'")
  }

  static func refuseJobs(_ options: ControlOptions) throws(Failure) {
    guard !options.namesJobs else {
      throw Failure(.usage, "--queue is about all jobs; leave it out to name some of them")
    }
  }
}
