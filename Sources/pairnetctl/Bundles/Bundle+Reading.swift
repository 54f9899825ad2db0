import PairAPI
import PairCore

extension Bundle {
  /// The bundle in a file, of which nothing was passed over.
  ///
  /// - Throws: a failure that names the file, and what in it is no part of a bundle: a field that no bundle has could
  ///   say anything, because neither the digest nor a rerun would cover it.
  init(file: String) throws(Failure) {
    let bytes = try WholeFile.read(file)
    let bundle: Bundle
    let strange: [String]
    do {
      // Before all else, because one of another format has other fields.
      let format = try JSON.decode(Form.self, from: bytes).manifest.format
      guard format == Bundle.format else {
        throw Failure(.failed, "\(file) has format '\(Format.printable(format))'; this program reads \(Bundle.format)")
      }
      bundle = try JSON.decode(Bundle.self, from: bytes)
    } catch let failure as Failure {
      throw failure
    } catch let error as SpecError where error.key == "body" {
      throw Failure(.failed, "\(file) is no bundle that can be read: \(error.allowed)")
    } catch {
      throw Failure(.failed, "\(file) is no bundle that can be read: \(error)")
    }
    do {
      strange = try JSONTree.parse(bytes).differences(from: try JSONTree.parse(try JSON.encode(bundle)))
    } catch {
      throw Failure(.failed, "\(file) is no bundle that can be read: \(error)")
    }
    guard strange.isEmpty else {
      throw Failure(.failed, Self.listing("\(file) is not as 'pairnetctl bundle' writes", strange))
    }
    self = bundle
  }

  /// As much of a bundle as every format has.
  private struct Form: Decodable {
    struct Manifest: Decodable { let format: String }
    let manifest: Manifest
  }

  /// A heading and the first of some lines below it.
  static func listing(_ heading: String, _ lines: [String]) -> String {
    let shown = lines.prefix(10).map { "\n  \(Format.printable($0))" }.joined()
    return "\(heading):\(shown)\(lines.count > 10 ? "\n  and \(lines.count - 10) more" : "")"
  }
}
