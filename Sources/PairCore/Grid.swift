/// A grid of jobs: some values for each parameter, and a job for every combination.
package struct Grid: Hashable, Sendable {
  /// The largest grid that one submission may ask for.
  package static let cellsMax = 1_000_000

  /// The values of each parameter, in the order of `Parameter.all`; what was not given has its default alone.
  package let axes: [Axis]

  package struct Axis: Hashable, Sendable {
    package let parameter: Parameter
    package let values: [ParameterValue]
  }

  /// - Throws: `SpecError` for an unknown key, an empty or repeating list, a value out of range, or too many cells.
  package init(validating lists: [String: [ParameterValue]]) throws(SpecError) {
    if let unknown = lists.keys.sorted().first(where: { Parameter.named($0) == nil }) {
      throw SpecError(
        key: unknown, value: lists[unknown]?.map(\.description).joined(separator: ",") ?? "",
        allowed: Parameter.allowedKeys(for: unknown))
    }
    var axes: [Axis] = []
    var count = 1
    for parameter in Parameter.all {
      let given = lists[parameter.key] ?? [parameter.defaultValue]
      var values: [ParameterValue] = []
      var seen: Set<ParameterValue> = []
      for value in given {
        let checked = try parameter.checked(value)
        guard seen.insert(checked).inserted else {
          throw SpecError(key: parameter.key, value: value.description, allowed: "list each value once")
        }
        values.append(checked)
      }
      guard !values.isEmpty else {
        throw SpecError(key: parameter.key, value: "", allowed: "list at least one value")
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: values.count)
      guard !overflow, product <= Self.cellsMax else {
        throw SpecError(
          key: parameter.key, value: "\(values.count) values",
          allowed: "a grid has at most \(Self.cellsMax) cells", isUnfit: true)
      }
      count = product
      axes.append(Axis(parameter: parameter, values: values))
    }
    self.axes = axes
  }

  package var count: Int { axes.reduce(1) { $0 * $1.values.count } }

  /// The jobs, the model varying slowest and the seed fastest.
  ///
  /// - Throws: `SpecError` where values are in range but cannot go together.
  package func cells() throws(SpecError) -> [JobSpec] {
    // The seed varies fastest and goes with everything: each setting is checked once, not once a seed.
    let seeds = axes.last!.values.map { value in
      guard axes.last!.parameter == .seed, case .integer(let seed) = value else {
        preconditionFailure("the last parameter is the seed, an integer")
      }
      return seed
    }
    let settings = axes.dropLast()
    var specs: [JobSpec] = []
    specs.reserveCapacity(count)
    for index in 0..<count / seeds.count {
      var values: [String: ParameterValue] = [:]
      var rest = index
      for axis in settings.reversed() {
        values[axis.parameter.key] = axis.values[rest % axis.values.count]
        rest /= axis.values.count
      }
      let setting = try JobSpec(validating: values)
      for seed in seeds { specs.append(setting.with(seed: seed)) }
    }
    return specs
  }
}
