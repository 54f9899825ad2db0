import Glibc

/// What the kernel says of this process.
struct ProcessReading {
  var cpuSeconds = 0.0
  var residentBytes = 0
  /// Seconds since 1970.
  var startTime = 0.0
  var openDescriptors = 0
  var maxDescriptors = 0

  init() {
    var usage = rusage()
    if getrusage(CInt(RUSAGE_SELF.rawValue), &usage) == 0 {
      cpuSeconds =
        Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        / 1e6
    }
    // Fields 22 and 24 of proc_pid_stat(5), counted after the name, which may hold anything but ends in the last ')'.
    let text = Self.contents(of: "/proc/self/stat")
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    if fields.count > 22, let ticks = Double(fields[20]), let pages = Int(fields[22]) {
      startTime = Self.bootTime + ticks / Double(sysconf(CInt(_SC_CLK_TCK)))
      residentBytes = pages * sysconf(CInt(_SC_PAGESIZE))
    }
    if let directory = opendir("/proc/self/fd") {
      while readdir(directory) != nil { openDescriptors += 1 }
      closedir(directory)
      // Neither `.` nor `..` nor the directory itself.
      openDescriptors -= 3
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { maxDescriptors = Int(limit.rlim_cur) }
  }

  private static let bootTime: Double = {
    let line = contents(of: "/proc/stat").split(separator: "\n").first { $0.hasPrefix("btime ") }
    return line.flatMap { Double($0.dropFirst(6)) } ?? 0
  }()

  private static func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
      guard got > 0 else { break }
      count += got
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
