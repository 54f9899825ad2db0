/// What is to be done next for a reproduction: a pure function of the jobs of its studies.
package enum ReproductionStep: Hashable, Sendable {
  /// So many jobs of the grid have not ended.
  case awaitGrid(left: Int)
  /// The grid has ended, and the runs of these choices are to be submitted, in this order.
  case submitRuns([Choice])
  /// So many runs have not ended.
  case awaitRuns(left: Int)
  case done
  /// It cannot go on, and why.
  case stuck(String)

  /// - Parameters:
  ///   - grid: all jobs of the grid, in its order.
  ///   - runs: all jobs of the second study, or nil before it was submitted.
  package init(grid: [JobRecord], runs: [JobRecord]?) {
    if let runs {
      let left = runs.count { !$0.state.isTerminal }
      self = left > 0 ? .awaitRuns(left: left) : .done
      return
    }
    // A diverged cell is an answer: that setting does not train. A failed or cancelled one is a question left open,
    // and the best of the others might not be the best.
    if let gap = grid.first(where: { $0.state == .failed || $0.state == .cancelled }) {
      self = .stuck("job \(gap.id) of the grid \(gap.state.rawValue): \(gap.reason ?? "no reason was given")")
      return
    }
    let left = grid.count { !$0.state.isTerminal }
    guard left == 0 else {
      self = .awaitGrid(left: left)
      return
    }
    let choices = Choice.best(of: grid)
    if let model = Model.allCases.first(where: { model in !choices.contains { $0.setting.model == model } }) {
      self = .stuck("every setting of \(model.rawValue) diverged")
      return
    }
    self = .submitRuns(choices)
  }
}

/// The setting chosen for a model, and the cell of the grid that it was chosen for.
package struct Choice: Hashable, Sendable {
  package var setting: Setting
  /// The cell's job, and its accuracy on whatever the grid was evaluated on.
  package var job: Int64
  package var accuracy: Double
  /// Other cells of the model with the same accuracy, which lost for coming later in the grid.
  package var ties: Int

  /// The cell of highest accuracy of each model, in the order of `Model.allCases`; of equals the first in the grid,
  /// which is without batch norm before with it, and with less dropout before more.
  ///
  /// - Parameter grid: jobs in the grid's order; those without a result are passed over.
  package static func best(of grid: [JobRecord]) -> [Choice] {
    Model.allCases.compactMap { model in
      let cells = grid.filter { $0.spec.model == model && $0.state == .succeeded && $0.result != nil }
      guard let best = cells.compactMap(\.result?.testAccuracy).max() else { return nil }
      let equals = cells.filter { $0.result?.testAccuracy == best }
      return Choice(
        setting: Setting(of: equals[0].spec), job: equals[0].id, accuracy: best, ties: equals.count - 1)
    }
  }
}
