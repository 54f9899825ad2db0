import PairCore
import Testing

/// What scripts rely on: 0 all succeeded, 1 some failed, 2 usage, 7 unreachable; output apart from chatter.
@Suite("Exit statuses and streams")
struct ExitStatusTests {
  @Test(
    "A wrong command line ends with 2 and names what is wrong",
    arguments: [
      (["submit", "grid", "--dropout", "0,1.5"], "--dropout: '1.5' is not allowed; give a number in [0, 1)"),
      (["submit", "grid", "--model", "LeNet"], "--model: 'LeNet' is not allowed; give one of BaseNet, "),
      (["submit", "grid", "--seeds", "1-3,3"], "--seed: '3' is not allowed; list each value once"),
      (["submit", "grid", "--seeds", "1-2000000"], "--seed: '1-2000000' is not allowed; a grid has at most 1000000"),
      (["submit", "grid", "--batch-size", "2000", "--dry-run"], "--batch-size: '2000' is not allowed"),
      (["submit", "grid", "--batch-size", "20", "--pairs", "10", "--dry-run"], "--batch-size: '20' is not allowed"),
      (["submit", "grid", "--epochs", ""], "--epochs: '' is not allowed; give an integer from 1 to 10000"),
      (["submit", "grid", "--pairs", "x"], "--pairs: 'x' is not allowed"),
      (["submit", "grid", "--pairs", "5", "--train-pairs", "6"], "--pairs sets --train-pairs already"),
      (["submit", "run", "--seeds", "1-2"], "--seed: a run takes one value, not 2"),
      (["submit", "grid", "--dataset", "../etc"], "--dataset: '../etc' is not allowed; give a dataset's name"),
      (["submit", "grid", "--epoch", "3"], "Unknown option '--epoch'"),
      (["submit", "everything"], "there is no 'pairnetctl submit everything'; 'pairnetctl submit --help' lists"),
      (["submt", "grid"], "there is no 'pairnetctl submt' (did you mean submit?)"),
      (["submit", "grid", "--learning-rate", "-1"], "--learning-rate: '-1' is not allowed; give a number in (0, 100]"),
      (["submit", "grid", "--learning-rate", "1e400"], "--learning-rate: '1e400' is not allowed"),
      (
        ["submit", "grid", "--epochs", "9-5"],
        "--epochs: '9-5' is not allowed; give an integer from 1 to 10000, or a rising"
      ),
      (["submit", "grid", "--model", "BaseNte"], "(did you mean BaseNet?)"),
      (["jobs", "--where", "modle=BaseNet"], "--where: key: 'modle' is not allowed; give one of model, "),
      (["jobs", "--where", "modle=BaseNet"], "(did you mean model?)"),
      (["jobs", "--where", "state=suceeded"], "(did you mean succeeded?)"),
      (["submit", "grid", "--priority", "hihg"], "(did you mean high?)"),
      (["results", "--aggregate", "--metric", "test_acuracy"], "(did you mean test_accuracy?)"),
      (["results", "--aggregate", "--by", "batch-nrom"], "(did you mean batch_norm?)"),
      (["jobs", "--state", "done"], "--state: 'done' is not allowed; list some of queued, running"),
      (["jobs", "--limit", "0"], "--limit: '0' is not allowed"),
      (["jobs", "-o", "xml"], "'xml'"),
      (["jobs", "--socket", ""], "--socket: '' is not allowed; give a path"),
      (["jobs", "--timeout", "-1"], "--timeout"),
      (["show"], "Missing expected argument '<job>'"), (["show", "x"], "'x'"),
      (["wait"], "Give either numbers of jobs or --study."), (["wait", "0"], "'0'"),
      (["cancel"], "which jobs?"), (["cancel", "--state", "queued"], "which jobs?"),
      (["cancel", "1", "--all"], "--all means every job"),
      (["results", "--state", "failed"], "--state goes with --aggregate"),
      (["results", "--by", "model"], "go with --aggregate"),
      (["results", "--aggregate", "--by", "colour"], "--by: 'colour' is not allowed; list parameters"),
      (["results", "--aggregate", "--metric", "f1"], "--metric: 'f1' is not allowed; give one of test_accuracy"),
      (["data", "show", "--count", "0"], "--count: '0' is not allowed; give an integer from 1 to 100"),
      (["data", "show", "--split", "dev"], "'dev'"),
      (["data", "fetch"], "Missing expected argument '<dataset>'"),
      (["data", "fetch", "cifar"], "dataset: 'cifar' cannot be fetched; give one of mnist"),
      (["data", "fetch", "mnist", "--mirror", "ftp://x/"], "--mirror: 'ftp://x/' is not allowed"),
    ])
  func usage(arguments: [String], message: String) throws {
    let output = try PrivateDaemon(isStarted: false).begin(arguments).wait()
    #expect(output.status == 2, "\(output)")
    #expect(output.standardOutput.isEmpty)
    #expect(output.standardError.hasPrefix("pairnetctl: error: "))
    #expect(output.standardError.contains(message), "\(output)")
  }

  @Test(
    "Without a daemon every command that asks it ends with 7 and names the socket",
    arguments: [
      ["submit", "run"], ["jobs"], ["show", "1"], ["studies"], ["wait", "1"], ["wait", "--study", "1"],
      ["cancel", "1"],
      ["results"], ["results", "--aggregate"], ["status"], ["data", "list"], ["data", "show"],
    ])
  func unreachable(arguments: [String]) throws {
    let daemon = try PrivateDaemon(isStarted: false)
    let output = try daemon.begin(arguments).wait()
    #expect(output.status == 7, "\(output)")
    #expect(output.standardOutput.isEmpty)
    #expect(output.standardError.contains("pairnetd is not running: nothing listens on \(daemon.socket)"))
  }

  @Test(
    "What needs no daemon does without",
    arguments: [
      ["--version"], ["--help"], ["help", "submit", "grid"], ["--generate-completion-script", "bash"],
      ["submit", "grid", "--model", "all", "--seeds", "1-10", "--dry-run"],
    ])
  func offline(arguments: [String]) throws {
    let output = try PrivateDaemon(isStarted: false).begin(arguments).wait()
    #expect(output.status == 0 && output.standardError.isEmpty && !output.standardOutput.isEmpty, "\(output)")
  }

  @Test("A dry run prints the count and the cells")
  func dryRun() throws {
    let output = try PrivateDaemon(isStarted: false).ctl(
      "submit", "grid", "--model", "BaseNet,BaseNetAux", "--dropout", "0,0.5", "--seeds", "1-2", "--dry-run")
    #expect(
      output.standardOutput == """
        8 jobs
        model       batch_norm  dropout  seed
        BaseNet     no                0     1
        BaseNet     no                0     2
        BaseNet     no              0.5     1
        BaseNet     no              0.5     2
        BaseNetAux  no                0     1
        BaseNetAux  no                0     2
        BaseNetAux  no              0.5     1
        BaseNetAux  no              0.5     2
        in every job: dataset mnist, train_pairs 1000, test_pairs 1000, evaluate_on test, epochs 30, batch_size 25, \
        learning_rate 0.1, shuffle no

        """)
  }

  @Test("A job that fails makes waiting end with 1 and say why")
  func failedJob() throws {
    let daemon = try PrivateDaemon()
    let output = try daemon.ctl(
      "submit", "run", "--dataset", "synthetic", "--pairs", "10", "--batch-size", "10", "--epochs", "40",
      "--learning-rate", "100", "--wait")
    #expect(output.status == 1, "\(output)")
    #expect(output.lines.last == "1 diverged")
    #expect(output.standardError.contains("1 job of 1 did not succeed\n  job 1 diverged"))
    let table = try daemon.ctl("results", "--aggregate")
    #expect(table.status == 0)
    #expect(table.standardOutput.contains("1 diverged"), "\(table)")
    #expect(table.standardError.contains("1 job not in the figures: 1 diverged"))
  }

  @Test("What is not there ends with 1")
  func notFound() throws {
    let daemon = try PrivateDaemon()
    for arguments in [
      ["show", "99"], ["wait", "99"], ["wait", "--study", "99"], ["wait", "--study", "none"], ["cancel", "99"],
      ["jobs", "--study", "99"], ["results", "--where", "study=99"], ["cancel", "--study", "99"],
      ["submit", "run", "--after", "99"],
    ] {
      let output = try daemon.begin(arguments).wait()
      #expect(output.status == 1, "\(arguments): \(output)")
      #expect(output.standardError.hasPrefix("pairnetctl: error: "), "\(arguments): \(output)")
    }
  }

  @Test("Cancelling stops queued and running jobs, and says which had ended")
  func cancel() throws {
    let daemon = try PrivateDaemon(workers: 1)
    let submitted = try daemon.ctl(
      "submit", "grid", "--dataset", "synthetic", "--epochs", "10000", "--seeds", "1-4", "--name", "long", "-q")
    #expect(submitted.lines == ["1", "2", "3", "4"])
    #expect(try daemon.ctl("cancel", "4").lines == ["cancelled 1 job: 4"])
    #expect(try daemon.ctl("cancel", "--study", "long", "--seed", "2-3", "-q").lines.sorted() == ["2", "3"])
    let again = try daemon.ctl("cancel", "4")
    #expect(again.status == 1)
    #expect(again.standardError.contains("job 4 has already ended: cancelled"))
    #expect(try daemon.ctl("cancel", "--all").standardOutput == "cancelled 1 job: 1\n")
    let waited = try daemon.ctl("wait", "--study", "long")
    #expect(waited.status == 1)
    #expect(waited.lines == ["4 cancelled"])
    #expect(try daemon.ctl("cancel", "--all").standardOutput == "cancelled 0 jobs\n")
  }

  @Test("A reader that has seen enough ends the program quietly")
  func brokenPipe() throws {
    let daemon = try PrivateDaemon(isStarted: false)
    let output = try daemon.shell(
      "pairnetctl submit grid --seeds 1-1000 --dropout 0-0.8:0.1 --dry-run | head -n 1; echo done")
    #expect(output.standardOutput == "9,000 jobs\ndone\n")
    #expect(output.standardError.isEmpty)
  }

  @Test("Pairs are drawn without colours where nobody sees colours")
  func dataShow() throws {
    let daemon = try PrivateDaemon()
    let output = try daemon.ctl(
      "data", "show", "--dataset", "synthetic", "--seed", "3", "--count", "2", "--split", "test")
    #expect(output.status == 0)
    #expect(!output.standardOutput.contains("\u{1B}"))
    #expect(output.standardOutput.matches(of: #/\d (≤|>) \d: target [01]/#).count == 2, "\(output)")
    let list = try daemon.ctl("data", "list")
    #expect(list.standardOutput.contains(#/synthetic +yes/#))
    let missing = try daemon.ctl("data", "show", "--dataset", "nowhere")
    #expect(missing.status != 0 && missing.standardOutput.isEmpty, "\(missing)")
  }
}
