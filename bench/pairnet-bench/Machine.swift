import PairNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where and when something was measured.
struct Machine: Encodable {
  var processor: String
  var cores: Int
  var instructionSet: String
  /// The kernel's load average of the last minute before the measurement: what else was running.
  var load: Double?
  var date: String

  enum CodingKeys: String, CodingKey {
    case processor, cores, load, date
    case instructionSet = "instruction_set"
  }

  init() {
    processor = Self.processorName ?? "unknown processor"
    cores = ProcessInfo.processInfo.activeProcessorCount
    instructionSet = InstructionSet.current.rawValue
    load = Self.firstLine(of: "/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
    date = String(Date().formatted(.iso8601).prefix(10))
  }

  var text: String {
    "\(processor), \(cores == 1 ? "1 core" : "\(cores) cores"), \(instructionSet), \(date), "
      + "load before \(load?.fixed(1) ?? "unknown")"
  }

  private static var processorName: String? {
    guard let text = contents(of: "/proc/cpuinfo") else { return nil }
    return text.split(separator: "\n").first { $0.hasPrefix("model name") }
      .flatMap { $0.split(separator: ":", maxSplits: 1).last }.map { String($0.drop { $0 == " " }) }
  }

  private static func firstLine(of path: String) -> Substring? { contents(of: path)?.split(separator: "\n").first }

  private static func contents(of path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
  }
}
