import KernelAPI
import PairCore
import PairNN

extension Network {
  /// How many numbers `numbers()` gives.
  var numberCount: Int { parameters.tensors.reduce(0) { $0 + $1.count } }

  /// All parameters and running statistics, in canonical order and layout.
  func numbers() -> [Float] {
    [Float](unsafeUninitializedCapacity: numberCount) { numbers, count in
      for tensor in parameters.tensors {
        tensor.copy(from: Floats(parameters.values.start), to: numbers.baseAddress! + count)
        count += tensor.count
      }
    }
  }

  /// Replaces all parameters and running statistics.
  ///
  /// - Parameter numbers: as `numbers()` gives them for a network of the same kind.
  func load(_ numbers: [Float]) {
    var first = 0
    for tensor in parameters.tensors {
      for index in 0..<tensor.count {
        parameters.values.start[tensor.place(of: index)] = numbers[first + index]
      }
      first += tensor.count
    }
    precondition(first == numbers.count, "\(numbers.count) numbers for a network with \(first)")
    prepare()
  }
}
