import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Named places at which a test lets the process die as by kill -9, to show that nothing depends on what comes after.
///
/// They are in every build, so that what is tested is what is shipped, and do nothing unless `PAIRNET_CRASH_AT` names
/// one: `NAME`, `NAME:N` for the N-th passing in this process, or `NAME@JOB:N` where a place belongs to a job.
///
/// Every transaction of the store passes three, named after the method that writes: `submit.before`, `submit.written`
/// (all is done but the commit) and `submit.committed` (it is on disk, and nobody has been told). The other names stand
/// where `pass` is called.
package enum CrashPoint {
  /// The environment variable that names the place.
  package static let variable = "PAIRNET_CRASH_AT"

  /// A place, a job if only that one's passing counts, and how many passings are survived.
  struct Target: Hashable {
    var name: String
    var job: Int64?
    var passing = 1

    /// - Returns: nil if the text is not `NAME[@JOB][:N]` with N at least 1.
    init?(_ text: String) {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      let place = parts[0].split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count <= 2, place.count <= 2, !place[0].isEmpty else { return nil }
      name = String(place[0])
      if place.count == 2 {
        guard let job = Int64(place[1]) else { return nil }
        self.job = job
      }
      if parts.count == 2 {
        guard let passing = Int(parts[1]), passing >= 1 else { return nil }
        self.passing = passing
      }
    }
  }

  private static let target = getenv(variable).flatMap { Target(String(cString: $0)) }
  private static let passings = Atomic(0)

  /// - Parameter job: whose passing this is, where the place belongs to a job.
  package static func pass(_ name: StaticString, job: Int64? = nil) {
    guard let target else { return }
    pass(target, "\(name)", job)
  }

  /// - Parameters:
  ///   - function: a method's `#function`; the place is named after its base name.
  ///   - moment: what follows the dot.
  static func pass(_ function: String, _ moment: StaticString) {
    guard let target else { return }
    pass(target, "\(function.prefix { $0 != "(" }).\(moment)", nil)
  }

  private static func pass(_ target: Target, _ name: String, _ job: Int64?) {
    guard name == target.name, target.job == nil || job == target.job,
      passings.add(1, ordering: .relaxed).newValue == target.passing
    else { return }
    kill(getpid(), SIGKILL)
    // The signal ends all threads, this one at its next return from the kernel.
    while true { pause() }
  }
}
