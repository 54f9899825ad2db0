import Glibc
import PairCore

/// Downloads a published dataset's files into a directory.
///
/// A file grows as `NAME.part`, is compared with its SHA-256 and only then gets its name, so that what has a name is
/// right. A file that somebody compressed anew is right too if it decompresses to the published bytes. An interrupted download goes on where it stopped.
struct DatasetFetch {
  let dataset: PublishedDataset
  let directory: String
  /// Directories to download from, in the order in which they are tried; each ends with a slash.
  let mirrors: [String]
  var showsProgress = Terminal.error.isTerminal

  /// Why a file could not be had.
  private enum Trouble: Error {
    case offline
    case other(String)
  }

  func run() throws(Failure) {
    try makeDirectory(directory)
    let lock = try lockDirectory()
    defer { close(lock) }
    var problems: [String] = []
    for file in dataset.files {
      if try isThere(file) {
        note("\(file.name): there already")
        continue
      }
      do throws(Trouble) {
        try fetch(file)
        note("\(file.name): downloaded, SHA-256 is right")
      } catch {
        switch error {
        case .offline:
          throw Failure(.failed, "no mirror can be reached: this machine seems to be offline.\n\(try byHand())")
        case .other(let reason): problems.append("\(file.name): \(reason)")
        }
      }
    }
    guard problems.isEmpty else {
      throw Failure(.failed, problems.joined(separator: "\n") + "\n\(try byHand())")
    }
    Standard.output.write("\(dataset.name) is complete in \(directory)\n")
  }

  /// Whether the file is in the directory: as published, compressed anew, or decompressed.
  private func isThere(_ file: DatasetFile) throws(Failure) -> Bool {
    let path = path(file)
    // What cannot be read is not to be replaced without a word.
    if try FileDigest.sha256(ofFile: path) != nil, isRight(path, file) { return true }
    guard path.hasSuffix(".gz") else { return false }
    return try FileDigest.sha256(ofFile: String(path.dropLast(3))) == file.decompressedSHA256
  }

  private func path(_ file: DatasetFile) -> String { "\(directory)/\(file.name)" }

  private func fetch(_ file: DatasetFile) throws(Trouble) {
    var reasons: [String] = []
    var isOffline = true
    for mirror in mirrors {
      note("\(file.name): from \(mirror)")
      switch download(file, from: mirror) {
      case .done:
        do { return try place(file) } catch { throw .other(error.message) }
      case .missing:
        throw .other("the program curl is not installed; on Debian: apt install curl")
      case .offline(let reason):
        reasons.append("\(mirror): \(reason)")
      case .failed(let reason):
        isOffline = false
        reasons.append("\(mirror): \(reason)")
      case .cannotResume:
        isOffline = false
        reasons.append("\(mirror): it can neither continue nor restart the download")
      }
      note(reasons.last ?? "")
    }
    throw isOffline ? .offline : .other(reasons.joined(separator: "; "))
  }

  /// Downloads to the .part file; `.done` means that its SHA-256 is right.
  private func download(_ file: DatasetFile, from mirror: String) -> Curl.Outcome {
    let part = "\(path(file)).part"
    // A part with nothing missing is right or useless; curl could only fail to continue it.
    if let count = FileDigest.byteCount(ofFile: part), count >= file.byteCount {
      if isRight(part, file) { return .done }
      unlink(part)
    }
    let resumes = (FileDigest.byteCount(ofFile: part) ?? 0) > 0
    var outcome = get(file, mirror, part)
    // Another mirror's or an older part may not fit: once more from the beginning.
    if resumes, outcome == .cannotResume || (outcome == .done && !isRight(part, file)) {
      note("\(file.name): the part that was there does not fit; from the beginning")
      unlink(part)
      outcome = get(file, mirror, part)
    }
    guard outcome == .done, !isRight(part, file) else { return outcome }
    let found = (try? FileDigest.sha256(ofFile: part)) ?? "unknown"
    unlink(part)
    return .failed("wrong content: SHA-256 is \(found), not \(file.sha256)")
  }

  private func get(_ file: DatasetFile, _ mirror: String, _ part: String) -> Curl.Outcome {
    Curl.download(mirror + file.name, to: part, byteCountMax: 2 * file.byteCount, showsProgress: showsProgress)
  }

  private func isRight(_ path: String, _ file: DatasetFile) -> Bool {
    (try? FileDigest.sha256(ofFile: path)) == file.sha256
      || FileDigest.sha256(decompressing: path) == file.decompressedSHA256
  }

  /// Gives the verified part its name. A file that had the name before is kept beside it.
  private func place(_ file: DatasetFile) throws(Failure) {
    let (path, part) = (path(file), "\(path(file)).part")
    let descriptor = open(part, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else {
      let reason = systemError()
      if descriptor >= 0 { close(descriptor) }
      throw Failure(.failed, "cannot keep \(part): \(reason)")
    }
    close(descriptor)
    if FileDigest.byteCount(ofFile: path) != nil {
      guard rename(path, "\(path).before") == 0 else {
        throw Failure(.failed, "cannot move \(path) aside: \(systemError())")
      }
      note("\(file.name): the file that was there is another one; kept as \(file.name).before")
    }
    guard rename(part, path) == 0 else { throw Failure(.failed, "cannot rename \(part): \(systemError())") }
  }

  /// How to do without this command: what to put where.
  private func byHand() throws(Failure) -> String {
    var text = "To place the files by hand, get them from any of\n"
    for mirror in dataset.mirrors { text += "  \(mirror)\n" }
    text += "and put them into \(directory):\n"
    for file in dataset.files where try !isThere(file) {
      text += "  \(file.name)  \(Format.count(file.byteCount)) bytes, SHA-256 \(file.sha256)\n"
    }
    return text + "What was downloaded so far is kept; 'pairnetctl data fetch \(dataset.name)' goes on from there."
  }
}

extension DatasetFetch {
  /// Makes the directory and those above it that are missing.
  private func makeDirectory(_ path: String) throws(Failure) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeDirectory(String(path[..<slash]))
      if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    }
    throw Self.unusable(path)
  }

  /// Two fetches at once would write the same parts.
  private func lockDirectory() throws(Failure) -> CInt {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, access(directory, W_OK) == 0 else { throw Self.unusable(directory) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw Failure(.failed, "another fetch is writing to \(directory); wait for it")
    }
    return descriptor
  }

  private static func unusable(_ path: String) -> Failure {
    let reason = errno
    let remedy =
      reason == EACCES || reason == EROFS
      ? "; run it as a user who may (sudo), or choose another directory with --to" : ""
    return Failure(.failed, "cannot write to \(path): \(systemError(reason))\(remedy)")
  }
}
