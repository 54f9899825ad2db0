import ArgumentParser
import Glibc
import PairCore

/// The client's root command: it parses, runs and turns every error into a message and an exit status.
@main
struct Pairnetctl: ParsableCommand {
  static let _errorPrefix = "pairnetctl: error: "

  static let configuration = CommandConfiguration(
    commandName: "pairnetctl",
    abstract: "Submit trainings to pairnetd, watch them and tabulate their results.",
    discussion: """
      EXAMPLES:
        pairnetctl submit grid --model all --batch-norm both --seeds 1-10 --wait
        pairnetctl results --aggregate
        pairnetctl compare model=BaseNetAux,batch_norm=no model=BaseNet,batch_norm=no
        pairnetctl jobs --state running,queued

      Output goes to standard output, everything else to standard error.

      EXIT STATUS:
        0    everything asked for succeeded
        1    some of it failed
        2    the command line or a value in it is wrong
        3    something could not be checked (audit)
        7    the daemon cannot be reached
        130  interrupted by Ctrl-C; what was submitted goes on

      ENVIRONMENT:
        PAIRNET_SOCKET  the daemon's socket, where --socket is not given
        NO_COLOR        set and not empty: no colours
      """,
    version: pairnetVersion,
    subcommands: [
      Submit.self, Jobs.self, Show.self, Studies.self, Wait.self, Cancel.self, PauseCommand.self,
      ResumeCommand.self, Drain.self, Retry.self, PriorityCommand.self, Results.self, Compare.self,
      PlotCommand.self, SQL.self, Explain.self, Status.self,
      Reproduce.self, Audit.self, BundleCommand.self, Verify.self, DataCommand.self,
    ])

  static func main() {
    // A parent may have ignored it; `pairnetctl jobs | head` is to end quietly all the same.
    signal(SIGPIPE, SIG_DFL)
    Glibc.exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// - Throws: a usage failure for a word that stands where a command must and is none, with the one that was meant.
  static func refuseUnknownCommand(in arguments: [String]) throws(Failure) {
    var command: any ParsableCommand.Type = Pairnetctl.self
    var path = Pairnetctl._commandName
    for word in arguments {
      let commands = command.configuration.subcommands
      guard !commands.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
      guard let next = commands.first(where: { $0._commandName == word }) else {
        let names = commands.map { $0._commandName }
        throw Failure(
          .usage,
          "there is no '\(path) \(Format.printable(word))'\(NearName.hint(word, among: names)); '\(path) --help' lists "
            + "what there is")
      }
      command = next
      path += " \(word)"
    }
  }

  /// Runs one command line (without the program's name) and returns the exit status.
  static func run(_ arguments: [String]) -> Int32 {
    do {
      try refuseUnknownCommand(in: arguments)
      var command = try parseAsRoot(arguments)
      try command.run()
      return ExitStatus.success.rawValue
    } catch let failure as Failure {
      if !failure.message.isEmpty { Standard.error.write("\(_errorPrefix)\(failure.message)\n") }
      return failure.status.rawValue
    } catch {
      let code = exitCode(for: error)
      let message = fullMessage(for: error)
      if !message.isEmpty { (code.isSuccess ? Standard.output : Standard.error).write("\(message)\n") }
      return code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue
    }
  }
}
