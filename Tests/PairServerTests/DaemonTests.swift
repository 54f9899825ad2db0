import Foundation
import PairAPI
import PairCore
import Testing

@testable import PairServer
@testable import pairnetd

@Suite("The daemon as a process", .serialized, .timeLimit(.minutes(3)))
struct DaemonTests {
  @Test("It trains what is submitted, and SIGTERM ends it with status 0 and without its socket")
  func life() throws {
    let directory = TemporaryDirectory()
    let daemon = try TestDaemon(in: directory).ready()
    let submitted = try daemon.submit(seeds: 3, epochs: 2)
    let progress = try daemon.follow(submitted.study.id) { $0.isDone }
    #expect(progress.study.counts == ["succeeded": 3])
    let results: JobsResponse = try daemon.get(.results)
    #expect(results.jobs.count == 3)
    #expect(Set(results.jobs.compactMap(\.result?.weightsSHA256)).count == 3)
    daemon.send(SIGTERM)
    try daemon.notifications.wait(for: "STOPPING=1")
    #expect(daemon.wait() == .exited(0))
    #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
  }

  @Test(
    "A stopped daemon's running jobs go back to the queue, and the next one takes them", arguments: [SIGTERM, SIGINT])
  func drain(signal: Int32) throws {
    let directory = TemporaryDirectory()
    let first = try TestDaemon(in: directory, arguments: ["--workers", "2"]).ready()
    let submitted = try first.submit(seeds: 3, epochs: 10_000)
    _ = try first.follow(submitted.study.id) { $0.running.count == 2 && $0.running.allSatisfy { $0.epochsDone > 0 } }
    first.send(signal)
    #expect(first.wait() == .exited(0))
    #expect(first.log.contains("2 running jobs went back to the queue"))

    let second = try TestDaemon(in: directory, arguments: ["--workers", "1"]).ready()
    #expect(!second.log.contains("were running when the daemon died"))
    let progress = try second.follow(submitted.study.id) { $0.study.count(.running) == 1 }
    #expect(progress.study.count(.queued) == 2)
    second.send(SIGTERM)
    #expect(second.wait() == .exited(0))
  }

  @Test("After kill -9 the next daemon replaces the stale socket, requeues what ran, and ends with the same bits")
  func kill9() throws {
    let directory = TemporaryDirectory()
    let first = try TestDaemon(in: directory, arguments: ["--workers", "1"]).ready()
    let undisturbed = try first.submit(seeds: 1, epochs: 300)
    _ = try first.follow(undisturbed.study.id) { $0.isDone }
    let disturbed = try first.submit(seeds: 1, epochs: 300, force: true)
    _ = try first.follow(disturbed.study.id) { ($0.running.first?.epochsDone ?? 0) > 0 }
    first.send(SIGKILL)
    #expect(first.wait() == .signalled(SIGKILL))
    #expect(FileManager.default.fileExists(atPath: first.socketPath))

    let second = try TestDaemon(in: directory, arguments: ["--workers", "1"]).ready()
    #expect(second.log.contains("1 jobs were running when the daemon died; they are queued again"))
    _ = try second.follow(disturbed.study.id) { $0.isDone }
    let one: JobResponse = try second.get(.job(undisturbed.firstJob))
    let two: JobResponse = try second.get(.job(disturbed.firstJob))
    #expect(two.job.attempts == 2)
    #expect(one.job.result != nil)
    #expect(one.job.result == two.job.result)
    #expect(one.epochs == two.epochs)
  }

  @Test("A second daemon on the same directory is refused, and the first one goes on")
  func secondDaemon() throws {
    let directory = TemporaryDirectory()
    let first = try TestDaemon(in: directory).ready()
    let second = try TestDaemon(in: directory)
    #expect(second.wait() == .exited(ExitStatus.temporaryFailure.rawValue))
    #expect(second.log.hasPrefix("pairnetd: "))
    #expect(second.log.contains("in use by the daemon with process id \(first.pid)"))
    #expect(second.log.split(separator: "\n").count == 1)
    let _: HealthResponse = try first.get(.health)
  }

  @Test("A daemon whose socket another one answers is refused")
  func occupiedSocket() throws {
    let directory = TemporaryDirectory()
    let first = try TestDaemon(in: directory).ready()
    let second = try TestDaemon(in: directory, state: "other")
    #expect(second.wait() == .exited(ExitStatus.temporaryFailure.rawValue))
    #expect(second.log.contains("another process answers"))
    let _: HealthResponse = try first.get(.health)
  }

  @Test("A wrong configuration or command line ends with its own status and one sentence a problem")
  func configuration() throws {
    let directory = TemporaryDirectory()
    let file = try directory.write("workers: many\n", to: "a.yaml")
    let wrongFile = try TestDaemon(in: directory, arguments: ["--config", file])
    #expect(wrongFile.wait() == .exited(78))
    #expect(
      wrongFile.log == "pairnetd: \(file):1:10: workers: 'many' is not allowed; give an integer from 1 to 1024\n")
    let wrongOption = try TestDaemon(in: directory, arguments: ["--workers", "0"])
    #expect(wrongOption.wait() == .exited(64))
    #expect(wrongOption.log == "pairnetd: --workers: '0' is not allowed; give an integer from 1 to 1024\n")
    #expect(try TestDaemon(in: directory, arguments: ["--workesr", "1"]).wait() == .exited(64))
    #expect(try TestDaemon(in: directory, arguments: ["--check-config"]).wait() == .exited(0))
    let wrongVariable = try TestDaemon(in: directory, environment: ["PAIRNET_ISA": "sse9"])
    #expect(wrongVariable.wait() == .exited(78))
    #expect(wrongVariable.log.contains("PAIRNET_ISA: 'sse9'"))
    #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/state"))
  }

  @Test("A directory that cannot be used, and a database that is none, are refused with what is wrong")
  func unusableState() throws {
    let directory = TemporaryDirectory()
    let missing = try TestDaemon(in: directory, state: "no/such")
    #expect(missing.wait() == .exited(73))
    #expect(missing.log.contains("no/such: the directory cannot be made"))
    try FileManager.default.createDirectory(atPath: "\(directory.path)/state", withIntermediateDirectories: false)
    _ = try directory.write(String(repeating: "this is no database. ", count: 100), to: "state/pairnet.db")
    let corrupt = try TestDaemon(in: directory)
    #expect(corrupt.wait() == .exited(65))
    #expect(corrupt.log.contains("pairnet.db is damaged or no database of pairnet"))
  }

  @Test("When the disk refuses a record, the daemon ends with status 74, and the next one goes on with the job")
  func failedWrite() throws {
    let directory = TemporaryDirectory()
    // Room for the schema, the journal's first pages and the submission, but not for ten thousand epochs.
    let first = try TestDaemon(in: directory, arguments: ["--workers", "1"], fileBlocksMax: 800).ready()
    let submitted = try first.submit(seeds: 1, epochs: 10_000, pairs: 25)
    #expect(first.wait() == .exited(ExitStatus.ioError.rawValue))
    #expect(first.log.contains("pairnetd: \(directory.path)/state/pairnet.db: "))
    let second = try TestDaemon(in: directory, arguments: ["--workers", "1"]).ready()
    #expect(second.log.contains("1 jobs were running when the daemon died"))
    _ = try second.follow(submitted.study.id) { ($0.running.first?.epochsDone ?? 0) > 0 }
  }

  @Test("A socket that the service manager hands over is served, and left alone at the end")
  func socketActivation() throws {
    let directory = TemporaryDirectory()
    let socket = try UnixSocketFile(path: "\(directory.path)/handed.sock").listen()
    defer { close(socket.descriptor) }
    let daemon = try TestDaemon(in: directory, descriptors: [socket.descriptor]).ready()
    #expect(try RawHTTP(socket.path).send("GET", Route.health.path).status == 200)
    #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
    daemon.send(SIGTERM)
    #expect(daemon.wait() == .exited(0))
    #expect(FileManager.default.fileExists(atPath: socket.path))
  }

  @Test("A descriptor that is no Unix socket is refused")
  func wrongDescriptor() throws {
    let directory = TemporaryDirectory()
    let file = open("/dev/null", O_RDONLY)
    defer { close(file) }
    let daemon = try TestDaemon(in: directory, descriptors: [file])
    #expect(daemon.wait() == .exited(78))
    #expect(daemon.log.contains("descriptor 3 from the service manager"))
  }

  @Test("The watchdog beats while the daemon works")
  func watchdog() throws {
    let daemon = try TestDaemon(in: TemporaryDirectory(), environment: ["WATCHDOG_USEC": "100000"])
    for _ in 1...3 { try daemon.notifications.wait(for: "WATCHDOG=1") }
  }

  @Test("SIGHUP applies a new log level, refuses a wrong file, and goes on")
  func reload() throws {
    let directory = TemporaryDirectory()
    let file = try directory.write("log_level: notice\n", to: "a.yaml")
    let daemon = try TestDaemon(in: directory, environment: ["PAIRNET_CONFIG": file]).ready()
    func reload(_ yaml: String, until text: String) throws {
      _ = try directory.write(yaml, to: "a.yaml")
      daemon.send(SIGHUP)
      // Any request is answered meanwhile; its end gives the daemon the time that it needs.
      for _ in 1...20_000 where !daemon.log.contains(text) { let _: HealthResponse = try daemon.get(.health) }
      #expect(daemon.log.contains(text))
    }
    try reload("log_level: loud\n", until: "a.yaml:1:12: log_level: 'loud' is not allowed")
    try reload("log_level: debug\nworkers: 9\n", until: "restart the daemon for the changes of workers")
    #expect(try RawHTTP(daemon.socketPath).send("GET", "/v1/nothing").status == 404)
    daemon.send(SIGTERM)
    #expect(daemon.wait() == .exited(0))
    #expect(daemon.log.contains("debug: GET /v1/nothing"))
  }

  @Test("A client that waits for progress does not keep the daemon from ending")
  func waitingClient() throws {
    let daemon = try TestDaemon(in: TemporaryDirectory(), arguments: ["--workers", "1"]).ready()
    let first = try daemon.submit(seeds: 1, epochs: 10_000)
    let second = try daemon.submit(seeds: 1, epochs: 1)
    _ = try daemon.follow(first.study.id) { !$0.running.isEmpty }
    let current: ProgressResponse = try daemon.get(.progress(study: second.study.id))
    let waiting = try RawHTTP(daemon.socketPath).connected()
    defer { close(waiting) }
    let target = Route.progress(study: second.study.id).target(
      ProgressQuery(after: current.version, timeoutSeconds: 60).queryItems)
    let request = Array("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    #expect(send(waiting, request, request.count, 0) == request.count)
    let start = ContinuousClock.now
    daemon.send(SIGTERM)
    #expect(daemon.wait() == .exited(0))
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test(
    "What is not HTTP is answered with an error of the API's shape",
    arguments: ["GARBAGE\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n"])
  func malformed(text: String) throws {
    let daemon = try TestDaemon(in: TemporaryDirectory()).ready()
    let answer = try RawHTTP(daemon.socketPath).exchange(text)
    #expect(answer.status == 400)
    #expect(try JSON.decode(ErrorResponse.self, from: answer.body).error == .badRequest)
    let _: HealthResponse = try daemon.get(.health)
  }

  @Test("A body beyond the limit is refused before it is kept")
  func largeBody() throws {
    let daemon = try TestDaemon(in: TemporaryDirectory()).ready()
    let body = String(repeating: " ", count: Limits.bodyBytesMax + 1)
    let answer = try RawHTTP(daemon.socketPath).send("POST", Route.studies.path, body: body)
    #expect(answer.status == 413)
    let _: HealthResponse = try daemon.get(.health)
  }
}
