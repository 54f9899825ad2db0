// How the queue does with a large grid and a long history. Run by bench/run, or by
//
//   swift build -c release --product pairnetd && swift build -c release --product pairnetctl
//   swift run -c release scale-bench [--rows N] [--idle SECONDS] [--programs DIRECTORY] [--json FILE]
//                                     [--only programs|scheduler|store]
//
// It works in a temporary directory: the store and the scheduler within this process, the daemon and the client as the
// programs of --programs (.build/release unless given). With 1,000,000 rows it takes about two minutes.

import Foundation
import PairCore
import PairScheduler
import PairStore

let options = try Options(CommandLine.arguments.dropFirst())
let directory = FileManager.default.temporaryDirectory.path + "/pairnet-scale-\(getpid())"
try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
defer { try? FileManager.default.removeItem(atPath: directory) }

var table = ScaleTable()
for part in options.parts {
  switch part {
  case .programs: try measurePrograms(options, in: directory, &table)
  case .scheduler: try measureScheduler(in: directory, &table)
  case .store:
    let history = try History(in: "\(directory)/history")
    try measureStore(history, rows: options.rows, &table)
    try measureLongHistory(options, history, &table)
  }
}
if let json = options.json { try table.json().write(to: URL(filePath: json)) }
