import PairCore

/// One line that shows progress, made for a width.
struct ProgressLine: Hashable {
  var progress: JobProgress
  var elapsedSeconds: Double
  var remainingSeconds: Double?

  /// `12/24 done, 1 failed, 2 running (epochs 14/30, 3/30), 0:12, ETA 0:14`
  var text: String {
    var parts = ["\(Format.count(progress.ended))/\(Format.count(progress.total)) done"]
    for state in [JobState.paused, .failed, .diverged, .cancelled] where progress.count(state) > 0 {
      parts.append("\(Format.count(progress.count(state))) \(state.rawValue)")
    }
    if !progress.running.isEmpty {
      let epochs = progress.running.prefix(4).map { "\($0.epochsDone)/\($0.epochs)" }
      let more = progress.running.count > 4 ? ", …" : ""
      parts.append("\(progress.running.count) running (epochs \(epochs.joined(separator: ", "))\(more))")
    }
    parts.append(Format.clock(seconds: elapsedSeconds))
    if let remainingSeconds, !progress.isDone { parts.append("ETA \(Format.clock(seconds: remainingSeconds))") }
    return parts.joined(separator: ", ")
  }

  /// The line with a bar before it, less than `columns` wide: a full line would make the terminal wrap.
  func drawn(columns: Int, unicode: Bool) -> String {
    let bar = Self.bar(progress.fraction, width: max(8, min(30, columns / 4)), unicode: unicode)
    let text = unicode ? text : text.replacing("…", with: "...")
    return String("\(bar) \(text)".prefix(max(1, columns - 1)))
  }

  /// A bar of `width` cells, to an eighth of a cell where the terminal can show it.
  static func bar(_ fraction: Double, width: Int, unicode: Bool) -> String {
    let fraction = min(1, max(0, fraction))
    guard unicode else {
      let full = Int(fraction * Double(width))
      return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: width - full) + "]"
    }
    let eighths = Int(fraction * Double(width * 8))
    var bar = String(repeating: "█", count: eighths / 8)
    if eighths % 8 > 0 { bar.append(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1]) }
    return "▕\(bar)\(String(repeating: " ", count: width - bar.count))▏"
  }
}
