import Glibc

extension Scenario {
  /// The machine loses its power: what was synced is there; of what was written since, some sectors are and some are not.
  static func power(_ run: Run) throws {
    try campaigns("power", run, lives: 30) { campaign in
      let journal = "\(campaign.directory.path)/journal"
      unlink(journal)
      let before = DiskContent(readFrom: campaign.databasePath)
      let milliseconds = Int.random(in: 0...400, using: &campaign.random)
      var random = campaign.random.fork()
      try campaign.live(
        [
          "LD_PRELOAD": faultLayerPath, "FAULT_JOURNAL": journal, "FAULT_JOURNAL_OF": "/pairnet.db",
          // A slow disk, so that the power often goes between a write and its sync.
          "FAULT_RULES": "sync::1+:FREEZE=0.02",
        ],
        to: .killed(after: milliseconds)
      ) {
        var content = before
        let unsynced = content.replay(bytes(of: journal), &random)
        try content.write(to: campaign.databasePath)
        run.report.fault("power", "power lost")
        if unsynced > 0 { run.report.fault("power", "with unsynced writes") }
      }
    }
  }

  /// The database and its WAL as they are on the platter.
  private struct DiskContent {
    /// By suffix of the path.
    private var files: [String: [UInt8]] = [:]
    private static let suffixes = ["", "-wal"]

    init(readFrom path: String) {
      for suffix in Self.suffixes where access("\(path)\(suffix)", F_OK) == 0 {
        files[suffix] = bytes(of: "\(path)\(suffix)")
      }
    }

    private enum Event {
      case write(offset: Int, bytes: ArraySlice<UInt8>)
      case truncate(Int)
    }

    /// Applies what the fault layer noted: everything up to a file's last sync, and of the rest a random part.
    ///
    /// The format is the one of fault_layer.c: four 64-bit numbers (kind, length of the path, offset, count), the path,
    /// and a write's bytes. The daemon may have died within the last record.
    /// - Returns: how many writes had not been synced.
    mutating func replay(_ journal: [UInt8], _ random: inout SplitMix64) -> Int {
      var pending: [String: [Event]] = [:]
      var position = 0
      func number(_ index: Int) -> Int {
        journal.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: position + 8 * index, as: Int64.self)) }
      }
      while position + 32 <= journal.count {
        let (kind, length, offset, count) = (number(0), number(1), number(2), number(3))
        let payload = kind == Int(UInt8(ascii: "W")) ? count : 0
        let start = position + 32 + length
        guard start + payload <= journal.count else { break }
        let path = String(decoding: journal[(position + 32)..<start], as: UTF8.self)
        position = start + payload
        guard let suffix = Self.suffixes.last(where: { path.hasSuffix("/pairnet.db\($0)") }) else { continue }
        switch UInt8(kind) {
        case UInt8(ascii: "W"):
          pending[suffix, default: []].append(.write(offset: offset, bytes: journal[start..<position]))
        case UInt8(ascii: "T"): pending[suffix, default: []].append(.truncate(offset))
        default:
          for event in pending.removeValue(forKey: suffix) ?? [] { apply(event, to: suffix) }
        }
      }
      var lost = 0
      for (suffix, events) in pending.sorted(by: { $0.key < $1.key }) {
        lost += events.count
        let kept = [0, 0.5, 1].randomElement(using: &random)!
        for event in events { applySome(event, to: suffix, kept, &random) }
      }
      return lost
    }

    private mutating func apply(_ event: Event, to suffix: String) {
      var content = files.removeValue(forKey: suffix) ?? []
      switch event {
      case .write(let offset, let bytes):
        if content.count < offset + bytes.count {
          content += repeatElement(0, count: offset + bytes.count - content.count)
        }
        content.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
      case .truncate(let length):
        content =
          content.count > length ? Array(content[..<length]) : content + repeatElement(0, count: length - content.count)
      }
      files[suffix] = content
    }

    /// Each sector of a write reaches the platter or does not, and so does a truncation.
    private mutating func applySome(_ event: Event, to suffix: String, _ kept: Double, _ random: inout SplitMix64) {
      guard case .write(let offset, let bytes) = event else {
        if random.chance(kept) { apply(event, to: suffix) }
        return
      }
      let sector = 512
      var start = offset
      while start < offset + bytes.count {
        let end = min((start / sector + 1) * sector, offset + bytes.count)
        if random.chance(kept) {
          let first = bytes.startIndex + start - offset
          apply(.write(offset: start, bytes: bytes[first..<(first + end - start)]), to: suffix)
        }
        start = end
      }
    }

    func write(to path: String) throws {
      unlink("\(path)-shm")
      for suffix in Self.suffixes {
        if let content = files[suffix] {
          try Torture.write(content, to: "\(path)\(suffix)")
        } else {
          unlink("\(path)\(suffix)")
        }
      }
    }
  }
}
