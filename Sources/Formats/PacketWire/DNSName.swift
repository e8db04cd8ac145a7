/// A domain name as it stands in a message (RFC 1035 §3.1, §4.1.4): its labels, and how much of it
/// was left to a compression pointer, so that it can be written back as it was.
public struct DNSName: Sendable {
  /// The longest name, in octets of the uncompressed form with its final zero.
  public static let maximumLength = 255
  /// A name has at most 127 labels, so a longer chain of pointers leads nowhere: it would only cost
  /// time, over and over for every record that points to it.
  static let maximumPointers = 127

  /// Length-prefixed labels without the final zero, pointers followed.
  public private(set) var wire: [UInt8]
  /// How many octets of `wire` stood in place, and the message offset that a pointer gave for the
  /// rest; `nil` when the name stood whole.
  public private(set) var compression: Compression?

  /// Where a compressed name goes on.
  public struct Compression: Hashable, Sendable {
    /// Octets of labels before the pointer.
    public var literalCount: Int
    /// Octets from the start of the message, 14 bits.
    public var target: UInt16
  }

  /// The root, ".".
  public static let root = DNSName(wire: [])

  private init(wire: [UInt8]) { self.wire = wire }

  /// An uncompressed name from its labels; `nil` if one is empty or over 63 octets, or the whole
  /// over `maximumLength`.
  public init?(labels: [[UInt8]]) {
    guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
    wire = labels.flatMap { [UInt8($0.count)] + $0 }
    guard wire.count < Self.maximumLength else { return nil }
  }

  /// An uncompressed name from plain text with dots, a final one allowed; no escapes.
  public init?(_ text: String) {
    if text == "." {
      self = .root
      return
    }
    let trimmed = text.hasSuffix(".") ? text.dropLast() : text[...]
    let labels = trimmed.utf8.split(separator: 0x2e, omittingEmptySubsequences: false)
    self.init(labels: labels.map { Array($0) })
  }

  /// Leaves what stands behind so many octets, where a label begins, to a pointer; nil: nothing.
  mutating func compress(_ compression: Compression?) { self.compression = compression }

  /// The labels, first one first.
  public var labels: [ArraySlice<UInt8>] {
    var labels: [ArraySlice<UInt8>] = []
    var index = 0
    while index < wire.count {
      let end = index + 1 + Int(wire[index])
      labels.append(wire[index + 1..<end])
      index = end
    }
    return labels
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    compression.map { $0.literalCount + 2 } ?? wire.count + 1
  }

  /// The same name for the DNS: ASCII letters compare without case (RFC 4343 §3).
  public func isSame(as other: DNSName) -> Bool {
    guard wire.count == other.wire.count else { return false }
    if wire == other.wire { return true }
    let (left, right) = (wire.span, other.wire.span)
    for index in left.indices where Self.lowercased(left[index]) != Self.lowercased(right[index]) {
      return false
    }
    return true
  }

  /// Feeds to `hasher` what `isSame` compares.
  public func hashSame(into hasher: inout Hasher) { feed(&hasher, Self.lowercased) }

  /// Feeds the labels to `hasher`, eight octets at a time: each call costs as much as a whole word.
  @inline(__always)
  private func feed(_ hasher: inout Hasher, _ change: (UInt8) -> UInt8) {
    let octets = wire.span
    var word: UInt64 = 0
    for index in octets.indices {
      word = word << 8 | UInt64(change(octets[index]))
      if index & 7 == 7 {
        hasher.combine(word)
        word = 0
      }
    }
    // At most seven octets are left, and a name is shorter than 256.
    hasher.combine(word | UInt64(octets.count) << 56)
  }

  private static func lowercased(_ octet: UInt8) -> UInt8 {
    (0x41...0x5a).contains(octet) ? octet | 0x20 : octet
  }
}

extension DNSName: Hashable {
  /// The same labels, octet for octet; how each name was compressed does not count.
  public static func == (left: Self, right: Self) -> Bool { left.wire == right.wire }

  /// Feeds the labels to `hasher`.
  public func hash(into hasher: inout Hasher) { feed(&hasher) { $0 } }
}

extension DNSName: CustomStringConvertible {
  /// The presentation form of RFC 1035 §5.1 with a final dot: a dot or backslash within a label is
  /// escaped, and octets that are no printable ASCII are `\DDD`.
  public var description: String {
    guard !wire.isEmpty else { return "." }
    var text: [UInt8] = []
    text.reserveCapacity(wire.count)
    var end = 0
    for index in wire.indices {
      if index == end {
        if index > 0 { text.append(0x2e) }
        end = index + 1 + Int(wire[index])
      } else {
        Self.append(wire[index], to: &text)
      }
    }
    text.append(0x2e)
    return String(decoding: text, as: UTF8.self)
  }

  private static func append(_ octet: UInt8, to text: inout [UInt8]) {
    switch octet {
    case 0x2e, 0x5c: text += [0x5c, octet]
    case 0x21...0x7e: text.append(octet)
    default: text += [0x5c, 0x30 + octet / 100, 0x30 + octet / 10 % 10, 0x30 + octet % 10]
    }
  }
}

extension DNSName {
  /// Reads the name at `offset` of `message` and moves `offset` behind it.
  ///
  /// A pointer must point before the start of the run of labels that it ends, which is what "prior
  /// occurrence" (RFC 1035 §4.1.4) means and what makes every chain of pointers end.
  ///
  /// `question` is the name of the message's first question, if it has one: most records are of that
  /// name and point to it, and share its octets.
  init(
    in message: Span<UInt8>, at offset: inout Int, question: DNSName? = nil
  ) throws(PacketError) {
    let start = DNSMessage.headerLength
    if let question, question.compression == nil, offset < message.count - 1,
      message.u16(at: offset) == 0xc000 | UInt16(start)
    {
      wire = question.wire
      compression = Compression(literalCount: 0, target: UInt16(start))
      offset += 2
      return
    }
    let first = offset
    let count = try Self.measure(message, &offset, &compression)
    wire =
      compression == nil
      ? Array(copying: message.extracting(first..<first + count))
      : [UInt8](capacity: count) { Self.copy(message, at: first, count, to: &$0) }
  }

  /// The length of the name at `offset` without its final zero.
  private static func measure(
    _ message: Span<UInt8>, _ offset: inout Int, _ compression: inout Compression?
  ) throws(PacketError) -> Int {
    var count = 0
    var position = offset
    var runStart = offset
    var pointers = 0
    while true {
      guard position < message.count else { throw truncated(message, position, needed: 1) }
      let octet = message[position]
      switch octet >> 6 {
      case 0b00:
        if octet == 0 {
          if compression == nil { offset = position + 1 }
          return count
        }
        try check(message, position, label: Int(octet), behind: count)
        count += 1 + Int(octet)
        position += 1 + Int(octet)
      case 0b11:
        guard position + 1 < message.count else {
          throw truncated(message, position, needed: 2)
        }
        let target = Int(message.u16(at: position) & 0x3fff)
        guard target < runStart else {
          throw PacketError(.dns, at: position, .badPointer(target))
        }
        guard pointers < maximumPointers else {
          throw PacketError(.dns, at: position, .tooMany(limit: maximumPointers))
        }
        pointers += 1
        if compression == nil {
          compression = Compression(literalCount: count, target: UInt16(target))
          offset = position + 2
        }
        (position, runStart) = (target, target)
      default: throw PacketError(.dns, at: position, .badLabelType(octet))
      }
    }
  }

  private static func check(
    _ message: Span<UInt8>, _ position: Int, label: Int, behind count: Int
  ) throws(PacketError) {
    guard position + label < message.count else {
      throw truncated(message, position, needed: 1 + label)
    }
    // One octet is kept for the final zero.
    guard count + 1 + label < maximumLength else {
      throw PacketError(.dns, at: position, .nameTooLong)
    }
  }

  /// Appends the `count` octets of the name at `start`, which were measured.
  private static func copy(
    _ message: Span<UInt8>, at start: Int, _ count: Int, to out: inout OutputSpan<UInt8>
  ) {
    var position = start
    while out.count < count {
      let octet = message[position]
      if octet >> 6 == 0b11 {
        position = Int(message.u16(at: position) & 0x3fff)
        continue
      }
      for index in position...position + Int(octet) { out.append(message[index]) }
      position += 1 + Int(octet)
    }
  }

  private static func truncated(
    _ message: Span<UInt8>, _ position: Int, needed: Int
  ) -> PacketError {
    PacketError(
      .dns, at: position, .truncated(needed: needed, available: message.count - position))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    guard let compression else {
      out.append(copying: wire.span)
      out.append(0)
      return
    }
    out.append(copying: wire.span.extracting(first: compression.literalCount))
    out.append(bigEndian: 0xc000 | compression.target)
  }
}
