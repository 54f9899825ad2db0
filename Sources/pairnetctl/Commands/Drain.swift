import ArgumentParser
import PairAPI
import PairCore

struct Drain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let running jobs end and start no others, as before maintenance.",
    discussion: """
      No worker takes a job from now on, also after a restart of the daemon, until
      'pairnetctl resume --queue'. Waits until the last running job has ended, and
      shows which still run. Ctrl-C ends the waiting, not the draining.

      EXAMPLES:
        pairnetctl drain && sudo systemctl stop pairnetd
        pairnetctl drain --no-wait
      """)

  @Flag(inversion: .prefixedNo, help: "Wait until nothing runs.")
  var wait = true

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  func run() throws {
    let client = connection.client
    var running = try QueueControl.post(.drain, client).running
    guard wait else {
      if !quiet {
        Standard.output.write("no worker takes another job; \(Format.count(running.count, "job")) still running\n")
      }
      return
    }
    Interruption.arm(
      message: "\npairnetctl: interrupted; the queue stays paused. 'pairnetctl resume --queue' ends that.\n")
    defer { Interruption.disarm() }
    var shown: [Int64] = []
    while !running.isEmpty {
      let status: StatusResponse = try client.get(.status)
      guard status.queuePausedAt != nil else {
        throw Failure(.failed, "somebody has resumed the queue; nothing is being drained any more")
      }
      running = status.running.map(\.id)
      if running != shown, !running.isEmpty, !quiet { note(Self.text(of: status.running)) }
      shown = running
      if !running.isEmpty { Pause.briefly() }
    }
    if !quiet {
      Standard.output.write("the queue is drained: nothing runs, and no worker takes a job\n")
      note("'pairnetctl resume --queue' ends this")
    }
  }

  /// `2 jobs still running: 7 (epoch 14 of 30), 9 (epoch 3 of 30)`
  static func text(of jobs: [JobRecord]) -> String {
    let some = jobs.prefix(8).map { "\($0.id) (epoch \(min($0.epochsDone + 1, $0.spec.epochs)) of \($0.spec.epochs))" }
    let more = jobs.count > some.count ? ", …" : ""
    return "\(Format.count(jobs.count, "job")) still running: \(some.joined(separator: ", "))\(more)"
  }
}
