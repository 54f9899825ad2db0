import ArgumentParser
import PairAPI
import PairCore
import Testing

@testable import pairnetctl

@Suite("The command line")
struct CommandLineTests {
  @Test("Every job parameter has an option of its own name", arguments: Parameter.all)
  func everyParameter(parameter: Parameter) throws {
    let text = parameter.defaultValue.description
    let options = try ParameterOptions.parse(["--\(parameter.key.kebabCased)", text])
    #expect(try options.values() == [parameter.key: [parameter.defaultValue]])
  }

  @Test("No line of an explanation is so long that a terminal of 80 columns breaks it")
  func widths() {
    func check(_ command: any ParsableCommand.Type) {
      for line in command.configuration.discussion.split(separator: "\n") {
        #expect(line.count < 80, "\(command.configuration.commandName ?? "\(command)"): \(line)")
      }
      for subcommand in command.configuration.subcommands { check(subcommand) }
    }
    check(Pairnetctl.self)
    #expect(Pairnetctl.configuration.subcommands.count > 10)
  }

  @Test("Lists and ranges become values")
  func lists() throws {
    let arguments = ["--model", "all", "--batch-norm", "both", "--dropout", "0,0.1,0.5-0.7:0.1", "--seeds", "1-3"]
    let values = try ParameterOptions.parse(arguments).values()
    #expect(values["model"] == Model.allCases.map { .text($0.rawValue) })
    #expect(values["batch_norm"] == [.flag(false), .flag(true)])
    #expect(values["dropout"] == [.number(0), .number(0.1), .number(0.5), .number(0.6), .number(0.7)])
    #expect(values["seed"] == [.integer(1), .integer(2), .integer(3)])
  }

  @Test("--pairs sets both numbers of pairs, and not beside one of them")
  func pairs() throws {
    let values = try SubmitOptions.parse(["--pairs", "50"]).values()
    #expect(values["train_pairs"] == [.integer(50)] && values["test_pairs"] == [.integer(50)])
    #expect(throws: Failure.self) { try SubmitOptions.parse(["--pairs", "50", "--test-pairs", "9"]).values() }
  }

  @Test("A wrong value is refused by option, value and what is allowed")
  func refusal() throws {
    let failure = #expect(throws: Failure.self) { try ParameterOptions.parse(["--batch-norm", "maybe"]).values() }
    #expect(failure == Failure(.usage, "--batch-norm: 'maybe' is not allowed; give yes, no or both"))
  }

  @Test("Job numbers are lists and ranges; each job counts once")
  func jobList() {
    #expect(["3-5", "1,4", "5"].compactMap(JobList.init).ids == [1, 3, 4, 5])
    for text in ["", "0", "-1", "x", "5-3", "1,,2", "1-99999999999"] { #expect(JobList(argument: text) == nil) }
  }

  @Test("A refusal of the daemon names the option; others are passed on")
  func refusals() throws {
    func failure(_ error: ErrorResponse) throws -> Failure {
      var response = HTTPResponseParser()
      let body = try JSON.encode(error)
      try response.consume(
        Array("HTTP/1.1 \(error.error.status) X\r\ncontent-length: \(body.count)\r\n\r\n".utf8) + body)
      return Failure(refusal: response)
    }
    let spec = SpecError(key: "batch_norm", value: "2", allowed: "give true or false")
    #expect(try failure(ErrorResponse(spec)) == Failure(.usage, "--batch-norm: '2' is not allowed; give true or false"))
    #expect(
      try failure(ErrorResponse(error: .notFound, message: "there is no job 7"))
        == Failure(.failed, "there is no job 7"))
    #expect(
      try failure(ErrorResponse(error: .tooLarge, message: "too long", key: "body"))
        == Failure(.usage, "body: too long"))
  }
}
