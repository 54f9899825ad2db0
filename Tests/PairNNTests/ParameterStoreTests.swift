import KernelAPI
import PairNN
import Testing

@Suite struct ParameterStoreTests {
  static let layouts: [(shape: [Int], layout: Tensor.Layout)] = [
    ([7], .vector), ([3, 5], .linear(lanes: [4, 3, 2, 1, 0], inputs: 16, outputStride: 16)),
    ([20, 20], .linear(lanes: (0..<20).map { $0 / 10 * 16 + $0 % 10 }, inputs: 32, outputStride: 32)),
    (
      [5, 2, 3, 3],
      .convolution(ConvShape(height: 14, width: 14, inputChannels: 2, isThin: true, outputChannels: 5))
    ),
    (
      [6, 17, 3, 3],
      .convolution(ConvShape(height: 6, width: 6, inputChannels: 17, isThin: false, outputChannels: 6))
    ),
  ]

  @Test("Every canonical number has a place of its own, and padding stays zero", arguments: layouts)
  func places(shape: [Int], layout: Tensor.Layout) {
    var plan = ParameterPlan()
    _ = plan.add("before", shape: [3], initial: .constant(0), layout: .vector)
    _ = plan.add("tensor", shape: shape, initial: .constant(0), layout: layout)
    let store = ParameterStore(plan)
    let tensor = store.tensors[1]
    let numbers = (0..<tensor.count).map { Float($0 + 1) }
    store.load(numbers, into: tensor)
    #expect(store.canonical(tensor) == numbers)
    #expect((0..<store.values.count).count { store.values[$0] != 0 } == tensor.count)
  }

  @Test("Initial weights fill ±1/√fanIn evenly and are drawn in canonical order")
  func initial() {
    var plan = ParameterPlan()
    _ = plan.add("a", shape: [1000], initial: .uniform(fanIn: 16), layout: .vector)
    _ = plan.add("b", shape: [4], initial: .constant(1), layout: .vector)
    let store = ParameterStore(plan)
    var stream = RandomStream(seed: 3, purpose: .initialWeights)
    store.initialise(from: &stream)
    let values = store.canonical(store.tensors[0])
    #expect(values.allSatisfy { $0 >= -0.25 && $0 < 0.25 })
    #expect(values.contains { $0 < -0.24 } && values.contains { $0 > 0.24 })
    #expect(abs(values.reduce(0, +) / 1000) < 0.02)
    var again = RandomStream(seed: 3, purpose: .initialWeights)
    #expect(values[0] == (2 * again.unit() - 1) / 4)
    #expect(store.canonical(store.tensors[1]) == [1, 1, 1, 1])
  }
}
