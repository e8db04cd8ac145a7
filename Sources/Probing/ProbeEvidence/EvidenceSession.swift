public import PacketWire

/// What a replay needs of a session beside its packets. It stands in the comments of the file's section
/// (docs/evidence.md).
public struct EvidenceSession: Hashable, Sendable {
  /// One of those that were probed.
  public struct Target: Hashable, Sendable {
    /// As the user typed it.
    public var typed: String
    /// Where probes went.
    public var address: IPAddress
    /// Where they came from.
    public var source: IPAddress

    /// A target.
    public init(typed: String, address: IPAddress, source: IPAddress) {
      (self.typed, self.address, self.source) = (typed, address, source)
    }
  }

  /// The program.
  public var tool: String
  /// Its version.
  public var version: String
  /// As the user typed it, the program's name included.
  public var commandLine: [String]
  /// The key of the cookies, with which answers prove that they are ours. It is of this session only
  /// and of no use to anybody once that is over; while it runs, who can read the file can forge answers.
  public var cookieKey: EvidenceKey?
  /// Names the session in each probe; nil where each target has its own.
  public var identifier: UInt16?
  /// Octets behind the ICMP header.
  public var payloadLength: Int?
  /// Between probes.
  public var interval: Nanoseconds?
  /// How long an answer may take.
  public var timeout: Nanoseconds?
  /// How many probes were asked for.
  public var count: Int?
  /// When the session was to end, from its start on.
  public var deadline: Nanoseconds?
  /// What else the program wants to find again. Names that this type uses itself are not for it.
  public var facts: [EvidenceFact] = []
  /// Those that were probed, by their index.
  public var targets: [Target] = []

  /// A session of which nothing else is said.
  public init(tool: String, version: String, commandLine: [String]) {
    (self.tool, self.version, self.commandLine) = (tool, version, commandLine)
  }
}

/// A key of 128 bits.
public struct EvidenceKey: Hashable, Sendable {
  /// The first half.
  public var low: UInt64
  /// The second half.
  public var high: UInt64

  /// A key from its halves, as `KeyedCookie` takes them.
  public init(_ low: UInt64, _ high: UInt64) { (self.low, self.high) = (low, high) }
}

extension EvidenceSession {
  private static let keyword = "wirewalk-session"
  private static let targetKeyword = "wirewalk-target"
  /// An option of a pcapng file has no room for more (draft-ietf-opsawg-pcapng §3.5).
  private static let commentLimit = 60_000
  /// Targets that are read, as many as a tool takes.
  private static let targetLimit = 1 << 22

  /// The comments of the file's section: one for people, the others for `init(comments:)`.
  var comments: [String] {
    let command = commandLine.joined(separator: " ")
    let title = "\(tool) \(version): probes and their answers. Command line: \(command)"
    return [title, line.text] + targets.indices.map { targetLine($0).text }
  }

  private var line: EvidenceLine {
    var line = EvidenceLine(Self.keyword)
    line.add("tool", tool)
    line.add("version", version)
    line.add("key", ifKnown: cookieKey.map { Self.hex($0.low) + Self.hex($0.high) })
    line.add("identifier", ifKnown: identifier)
    line.add("payload", ifKnown: payloadLength)
    line.add("interval", ifKnown: interval?.count)
    line.add("timeout", ifKnown: timeout?.count)
    line.add("count", ifKnown: count)
    line.add("deadline", ifKnown: deadline?.count)
    line.facts += facts
    // The command line is for people: of a very long one, what fits is kept.
    var room = Self.commentLimit - line.text.utf8.count
    for argument in commandLine {
      room -= 10 + 3 * argument.utf8.count
      guard room > 0 else { break }
      line.add("argument", argument)
    }
    return line
  }

  private func targetLine(_ index: Int) -> EvidenceLine {
    var line = EvidenceLine(Self.targetKeyword)
    line.add("index", index)
    line.add("address", targets[index].address)
    line.add("source", targets[index].source)
    line.add("typed", targets[index].typed)
    return line
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Reads a section's comments; `nil` when none of them is ours.
  init?(comments: [String]) {
    guard
      let line = comments.lazy.compactMap({ EvidenceLine($0, keyword: Self.keyword) }).first,
      let tool = line["tool"], let version = line["version"]
    else { return nil }
    self.init(
      tool: tool, version: version,
      commandLine: line.facts.filter { $0.name == "argument" }.map(\.value))
    if let key = line["key"], key.utf8.count == 32, let low = UInt64(key.prefix(16), radix: 16),
      let high = UInt64(key.suffix(16), radix: 16)
    {
      cookieKey = EvidenceKey(low, high)
    }
    identifier = line["identifier"].flatMap { UInt16($0) }
    payloadLength = line["payload"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    interval = Self.time(line["interval"])
    timeout = Self.time(line["timeout"])
    count = line["count"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    deadline = Self.time(line["deadline"])
    let own: Set = [
      "tool", "version", "key", "identifier", "payload", "interval", "timeout", "count",
      "deadline", "argument",
    ]
    facts = line.facts.filter { !own.contains($0.name) }
    readTargets(comments)
  }

  /// Targets count from 0 without a gap; behind one nothing more is read.
  private mutating func readTargets(_ comments: [String]) {
    for comment in comments where targets.count < Self.targetLimit {
      guard let line = EvidenceLine(comment, keyword: Self.targetKeyword) else { continue }
      guard line["index"].flatMap({ Int($0) }) == targets.count,
        let address = line["address"].flatMap({ IPAddress($0) }),
        let source = line["source"].flatMap({ IPAddress($0) }), let typed = line["typed"]
      else { return }
      targets.append(Target(typed: typed, address: address, source: source))
    }
  }

  /// A time that can be: not negative, and less than a century.
  private static func time(_ text: String?) -> Nanoseconds? {
    text.flatMap { Int64($0) }.flatMap {
      (0...3_155_760_000_000_000_000).contains($0) ? Nanoseconds($0) : nil
    }
  }
}
