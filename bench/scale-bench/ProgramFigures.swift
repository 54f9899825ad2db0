import Foundation
import PairAPI
import PairCore

/// What people see of the programs: a large submission through the API, an idle daemon, and the client's start.
func measurePrograms(_ options: Options, in directory: String, _ table: inout ScaleTable) throws {
  ScaleTable.heading("the programs")
  let daemon = try DaemonProcess(options.programs, stateDirectory: "\(directory)/daemon")
  defer { daemon.stop() }
  // Nothing is trained meanwhile, and the dataset is loaded.
  try daemon.post(.queue, #"{"action":"pause"}"#)
  try daemon.post(.studies, #"{"grid":{"dataset":["synthetic"]}}"#)
  var samples: [Double] = []
  let start = daemon.processorMilliseconds
  for round in 0..<3 as Range<Int64> {
    let seeds = (1 + round * 2_500...(round + 1) * 2_500).map(String.init).joined(separator: ",")
    let body = """
      {"grid":{"dataset":["synthetic"],"model":["BaseNet","BaseNetAux","BaseNetWeightShare","BaseNetWeightShareAux"],\
      "batch_norm":[false,true],"dropout":[0,0.1,0.2,0.5,0.8],"epochs":[2],"seed":[\(seeds)]}}
      """
    samples.append(try wall { try daemon.post(.studies, body) })
  }
  table.add(
    "submit a grid of 100,000 through the API", milliseconds: samples,
    processor: daemon.processorMilliseconds - start, limit: 1_000)

  let client = "\(options.programs)/pairnetctl"
  let starts = try (1...40).map { _ in try wall { try run(client, ["--version"]) } }
  table.add("pairnetctl --version", milliseconds: starts, limit: 15)

  // Whatever the submissions left to do is done by now.
  Thread.sleep(forTimeInterval: 2)
  let (idleStart, switches) = (daemon.processorMilliseconds, daemon.contextSwitches)
  Thread.sleep(forTimeInterval: options.idleSeconds)
  let seconds = Int(options.idleSeconds)
  table.add(
    "processor time of an idle daemon in \(seconds) s", daemon.processorMilliseconds - idleStart, unit: "ms",
    limit: options.idleSeconds)
  // A thread that was idle and has ended is not counted.
  let wakeUps = daemon.contextSwitches.reduce(0) { $0 + $1.value - (switches[$1.key] ?? 0) }
  table.add("its wake-ups in \(seconds) s", Double(wakeUps), unit: "")
}

/// The daemon over a long history: what people ask of it most, and its memory before and after.
func measureLongHistory(_ options: Options, _ history: History, _ table: inout ScaleTable) throws {
  ScaleTable.heading("the daemon over this history")
  try history.close()
  let daemon = try DaemonProcess(options.programs, stateDirectory: history.path)
  defer { daemon.stop() }
  try daemon.post(.queue, #"{"action":"pause"}"#)
  func measure(_ what: String, _ target: String) throws {
    let start = daemon.processorMilliseconds
    let samples = try (1...300).map { _ in try wall { try daemon.get(target) } }
    table.add(
      what, milliseconds: samples, processor: daemon.processorMilliseconds - start, limit: 50, isLimitOfTail: true)
  }
  let queries = [
    ("status", "/v1/status"), ("jobs --limit 50", "/v1/jobs?limit=50"),
    ("jobs --limit 50 --state queued", "/v1/jobs?limit=50&state=queued"),
    ("jobs --limit 50 --state failed", "/v1/jobs?limit=50&state=failed"),
    ("jobs --limit 50 --study 1", "/v1/jobs?limit=50&study=1"), ("studies", "/v1/studies"),
  ]
  // Once each, so that what is allocated once is in the first figure of the memory.
  for (_, target) in queries { for _ in 1...20 { try daemon.get(target) } }
  let before = daemon.residentMegabytes
  for (what, target) in queries { try measure(what, target) }
  table.add("resident memory before these", before, unit: "MB")
  table.add("resident memory after 1,800 of these", daemon.residentMegabytes, unit: "MB", limit: before + 5)
}

/// Runs a program to its end, without its output.
func run(_ program: String, _ arguments: [String]) throws {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
  var pid = pid_t()
  var argv = ([program] + arguments).map { strdup($0) } + [nil]
  defer { for argument in argv { free(argument) } }
  let error = posix_spawn(&pid, program, &actions, nil, &argv, environ)
  guard error == 0 else { throw Options.Wrong(description: "\(program): \(String(cString: strerror(error)))") }
  var status: Int32 = 0
  while waitpid(pid, &status, 0) < 0, errno == EINTR {}
  guard status == 0 else { throw Options.Wrong(description: "\(program) ended with status \(status)") }
}
