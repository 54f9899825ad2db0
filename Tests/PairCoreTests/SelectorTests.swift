import PairCore
import Testing

@Suite struct SelectorTests {
  @Test(
    "A selector is read as the conditions it lists",
    arguments: [
      ("model=BaseNet", JobFilter(parameters: ["model": [.text("BaseNet")]])),
      (
        "model=BaseNet,seed=1-3,state=failed",
        JobFilter(states: [.failed], parameters: ["model": [.text("BaseNet")], "seed": (1...3).map { .integer($0) }])
      ),
      (
        "dropout=0,0.5,model=BaseNet,BaseNetAux,batch-norm=yes",
        JobFilter(parameters: [
          "dropout": [.number(0), .number(0.5)], "model": [.text("BaseNet"), .text("BaseNetAux")],
          "batch_norm": [.flag(true)],
        ])
      ),
      (" study = 3 , job = 7,9-11 ", JobFilter(jobs: [7, 9, 10, 11], study: 3)),
      ("state=failed, diverged", JobFilter(states: [.failed, .diverged])),
    ])
  func conditions(text: String, filter: JobFilter) throws {
    let selector = try Selector(parsing: text)
    #expect(selector.filter == filter && selector.studyName == nil && selector.text == text)
  }

  @Test("A study may be named")
  func studyName() throws {
    let selector = try Selector(parsing: "study=my tuning,model=BaseNet")
    #expect(selector.studyName == "my tuning" && selector.filter.study == nil)
    #expect(selector.filter.parameters.count == 1)
  }

  @Test(
    "What cannot be read is named with what is allowed",
    arguments: [
      ("modle=BaseNet", "key", "modle", "model, batch_norm"), ("model=LeNet", "model", "LeNet", "BaseNetAux"),
      ("seed=1,2,x", "seed", "x", "integer"), ("state=done", "state", "done", "succeeded"),
      ("job=0", "job", "0", "1,5-9"), ("", "selector", "", "model="), ("BaseNet", "selector", "BaseNet", "model="),
      ("seed=1,", "selector", "seed=1,", "model="), ("seed=1,seed=2", "seed", "2", "once"),
      ("study=0", "study", "0", "number or name"), ("study=a,b", "study", "a,b", "one study"),
      ("study=", "study", "", "one study"), ("dropout=", "dropout", "", "[0, 1)"),
    ])
  func refusals(text: String, key: String, value: String, allowed: String) throws {
    let error = try #require(throws: SpecError.self) { try Selector(parsing: text) }
    #expect(error.key == key && error.value == value && error.allowed.contains(allowed), "\(error)")
  }

  @Test("Filters are joined unless both have a condition on the same key")
  func joining() throws {
    let model = JobFilter(study: 1, parameters: ["model": [.text("BaseNet")]])
    let seeds = JobFilter(states: [.queued], parameters: ["seed": [.integer(1)]])
    let both = JobFilter(
      study: 1, states: [.queued], parameters: ["model": [.text("BaseNet")], "seed": [.integer(1)]])
    #expect(try model.joined(with: seeds) == both && seeds.joined(with: model) == both)
    let refusal = try #require(throws: SpecError.self) { try model.joined(with: both) }
    #expect(refusal.key == "study")
    #expect(throws: SpecError.self) { try seeds.joined(with: JobFilter(parameters: ["seed": [.integer(1)]])) }
  }
}
