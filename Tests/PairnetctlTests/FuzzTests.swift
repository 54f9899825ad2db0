import ArgumentParser
import FuzzTesting
import PairCore
import Testing

@testable import pairnetctl

/// See `FuzzRun` for how to run more, or the same again.
@Suite("A command line at random")
struct FuzzTests {
  private static let lines = [
    "submit grid --model BaseNet,BaseNetAux --dropout 0,0.1,0.5-0.7:0.1 --batch-norm both --seeds 1-3 --name x --wait",
    "submit grid --pairs 50 --dataset synthetic --epochs 1-5:2 --learning-rate 1e-3", "jobs --study 1 --state failed",
    "results --aggregate --by model,dropout --metric test_loss",
    "compare model=BaseNet,seed=1-5 model=BaseNetAux,dropout=0",
    "cancel 1 5-9 --study 2", "wait 1 --timeout 5", "show 7", "sql SELECT", "data show synthetic --count 3",
    "explain BaseNet",
    "plot curves --by model", "reproduce table1 --protocol clean --runs 3", "status --json", "studies --limit 3",
  ]
  private static let tokens = [
    "--", "-", "=", "--help", "--json", "--seeds", "--seed=", "\u{0}", "é", "-1", "1-", "0x10", "1e999", "nan", "all",
    "9223372036854775808", "1-9223372036854775807", "model=", ",", ",,", ":", "state=running", "job=1,2-3", "study=",
  ]

  @Test("Whatever is typed, the answer is a command or a sentence")
  func arguments() throws {
    var run = FuzzRun("command line", cases: 60, share: 25)
    for index in 0..<run.cases {
      let bytes = run.damaged(Array(run.one(of: Self.lines).utf8), dictionary: Self.tokens.flatMap { [$0, " \($0) "] })
      let line = String(decoding: bytes, as: UTF8.self)
      let words = line.split(separator: " ").map(String.init)
      do {
        _ = try Pairnetctl.parseAsRoot(words)
      } catch {
        let code = Pairnetctl.exitCode(for: error)
        #expect(
          [ExitCode.success, .validationFailure].contains(code) || error is Failure, "\(run.place(index)): \(line)")
        #expect(!Pairnetctl.fullMessage(for: error).isEmpty || code == .success, "\(run.place(index)): \(line)")
      }
    }
  }

  @Test("Whatever a selector or a list of values says, it is read or refused by key, value and what is allowed")
  func selectors() throws {
    var run = FuzzRun("selectors", cases: 500)
    let texts = [
      "model=BaseNet,BaseNetAux,seed=1-5,state=failed", "dropout=0,0.5-0.7:0.1,study=a b,job=7,9-12", "batch-norm=both",
      "learning_rate=1e-3-1e-2:1e-3,shuffle=no,evaluate_on=test,dataset=mnist", "epochs=1-9:2,batch_size=25",
    ]
    for index in 0..<run.cases {
      let text = String(decoding: run.damaged(Array(run.one(of: texts).utf8), dictionary: Self.tokens), as: UTF8.self)
      do {
        let selector = try Selector(parsing: text)
        for (key, values) in selector.filter.parameters {
          let parameter = try #require(Parameter.named(key))
          for value in values { #expect(throws: Never.self) { try parameter.checked(value) } }
        }
      } catch let error as SpecError {
        #expect(!error.key.isEmpty && !error.allowed.isEmpty, "\(run.place(index)): \(text)")
      }
    }
  }
}
