import KernelAPI

/// What a network's state consists of, in canonical order; layers are made from it before there is memory.
package struct ParameterPlan {
  private var memory = MemoryPlan()
  package private(set) var tensors: [Tensor] = []

  package init() {}

  /// Adds a tensor; its offset in the store.
  package mutating func add(
    _ name: String, shape: [Int], role: Tensor.Role = .parameter, initial: Tensor.Initial, layout: Tensor.Layout
  ) -> Int {
    var tensor = Tensor(name: name, shape: shape, role: role, initial: initial, layout: layout, offset: 0)
    let offset = memory.reserve(tensor.storedCount)
    tensor = Tensor(name: name, shape: shape, role: role, initial: initial, layout: layout, offset: offset)
    tensors.append(tensor)
    return offset
  }

  /// Floats of a store for these tensors.
  package var storedCount: Int { memory.count }
}

/// All parameters and running statistics of a network in one allocation; layers hold offsets into it.
///
/// Lanes beyond the real channels are zero and stay so.
package struct ParameterStore: ~Copyable {
  /// Parameters first, then running statistics, each in canonical order.
  package let tensors: [Tensor]
  package let values: Buffer<Float>

  package init(_ plan: ParameterPlan) {
    tensors = plan.tensors.filter { $0.role == .parameter } + plan.tensors.filter { $0.role == .runningStatistic }
    values = Buffer<Float>(count: plan.storedCount)
  }

  /// How many numbers SGD trains.
  package var parameterCount: Int { tensors.filter { $0.role == .parameter }.reduce(0) { $0 + $1.count } }

  /// Draws every tensor's first values, in canonical order.
  package func initialise(from stream: inout RandomStream) {
    for tensor in tensors {
      switch tensor.initial {
      case .constant(let value):
        for index in 0..<tensor.count { values[tensor.place(of: index)] = value }
      case .uniform(let fanIn):
        let bound = 1 / Float(fanIn).squareRoot()
        for index in 0..<tensor.count { values[tensor.place(of: index)] = (2 * stream.unit() - 1) * bound }
      }
    }
  }

  /// A tensor's numbers in canonical order.
  package func canonical(_ tensor: Tensor) -> [Float] {
    [Float](unsafeUninitializedCapacity: tensor.count) { numbers, count in
      tensor.copy(from: Floats(values.start), to: numbers.baseAddress!)
      count = tensor.count
    }
  }

  /// Replaces a tensor's numbers, given in canonical order.
  package func load(_ numbers: [Float], into tensor: Tensor) {
    precondition(numbers.count == tensor.count, "\(tensor.name) has \(tensor.count) numbers, not \(numbers.count)")
    for index in 0..<tensor.count { values[tensor.place(of: index)] = numbers[index] }
  }
}
