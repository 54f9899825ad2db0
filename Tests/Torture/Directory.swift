import Glibc

/// A directory for one campaign, gone with the last reference unless `PAIRNET_TORTURE_KEEP` is set.
package final class Directory: Sendable {
  package let path: String
  private let isKept = getenv("PAIRNET_TORTURE_KEEP") != nil

  /// - Parameter parent: a short path, because a socket's has at most 103 bytes.
  package init(in parent: String = "/tmp") throws(Child.Failure) {
    var template = Array("\(parent)/torture-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Child.Failure(description: "\(parent): \(String(cString: strerror(errno)))")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if !isKept { _ = try? Child(["/bin/rm", "-rf", path], output: "/tmp/torture-rm").wait() }
  }

  func make(_ name: String) throws(Child.Failure) -> String {
    let path = "\(path)/\(name)"
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw Child.Failure(description: "\(path): \(String(cString: strerror(errno)))")
    }
    return path
  }
}
