import Glibc

/// The `curl` program, which knows proxies, certificates and how to resume a download.
enum Curl {
  enum Outcome: Hashable {
    case done
    /// The program is not installed.
    case missing
    /// The server cannot continue where the file ends.
    case cannotResume
    /// No server was found or reached: probably there is no network.
    case offline(String)
    case failed(String)
  }

  /// Downloads `url` to `path`, continuing behind what is there already.
  ///
  /// - Parameters:
  ///   - byteCountMax: the download is given up beyond this size.
  ///   - showsProgress: whether curl draws its bar on standard error.
  static func download(_ url: String, to path: String, byteCountMax: Int, showsProgress: Bool) -> Outcome {
    let arguments =
      ["curl", "--fail", "--location", "--proto", "=https,http", "--proto-redir", "=https,http"]
      + ["--connect-timeout", "15", "--speed-limit", "100", "--speed-time", "30"]
      + ["--max-filesize", String(byteCountMax), "--continue-at", "-", "--output", path]
      + (showsProgress ? ["--progress-bar"] : ["--silent", "--show-error"]) + ["--", url]
    switch run(arguments) {
    case nil: return .missing
    case 0: return .done
    // 33: the server ignored the range. 36: the file is longer than what the server has. 22 covers 416 (nothing
    // behind the file's end) among other refusals.
    case 33, 36: return .cannotResume
    case 5, 6, 7, 28: return .offline("no connection")
    case 22: return .failed("the server does not have it")
    case 18, 52, 56, 92: return .failed("the connection broke")
    case 23: return .failed("cannot write \(path)")
    case 35, 51, 58, 60, 77: return .failed("no secure connection")
    case 63: return .failed("it is longer than the published file")
    case let status?: return .failed("curl ended with status \(status)")
    }
  }

  /// Runs a program found in PATH and returns its exit status (128 + the signal's number if a signal ended it), or nil
  /// if there is no such program. It shares this process's streams.
  static func run(_ arguments: [String]) -> Int32? {
    let pointers = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child = pid_t()
    let error = posix_spawnp(&child, arguments[0], nil, nil, pointers, environ)
    guard error == 0 else { return error == ENOENT ? nil : 126 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }
}
