import Crypto
import PairCore
import PairNN

extension Network {
  /// SHA-256, in lower-case hexadecimal, of all parameters and running statistics: little-endian float32, in canonical
  /// order and layout.
  package func weightsSHA256() -> String {
    var hash = SHA256()
    for tensor in parameters.tensors {
      let bytes = parameters.canonical(tensor).map(\.bitPattern.littleEndian)
      bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().hexadecimal
  }
}
