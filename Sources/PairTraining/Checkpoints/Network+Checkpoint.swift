import PairCore
import PairNN

extension Network {
  /// How many numbers `numbers()` gives.
  var numberCount: Int { parameters.tensors.reduce(0) { $0 + $1.count } }

  /// All parameters and running statistics, in canonical order and layout, by their bits.
  func numbers() -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: numberCount) { numbers, initialised in
      for tensor in parameters.tensors {
        for index in 0..<tensor.count {
          numbers[initialised + index] = parameters.values.start[tensor.place(of: index)].bitPattern
        }
        initialised += tensor.count
      }
    }
  }

  /// Replaces all parameters and running statistics.
  ///
  /// - Parameter numbers: as `numbers()` gives them for a network of the same kind.
  func load(_ numbers: [UInt32]) {
    var first = 0
    for tensor in parameters.tensors {
      for index in 0..<tensor.count {
        parameters.values.start[tensor.place(of: index)] = Float(bitPattern: numbers[first + index])
      }
      first += tensor.count
    }
    precondition(first == numbers.count, "\(numbers.count) numbers for a network with \(first)")
    prepare()
  }
}
