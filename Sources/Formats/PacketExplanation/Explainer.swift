import PacketText
import PacketWire

/// What is said of a field's value.
struct Said {
  var value: String
  var meaning: String
  var verdict = ExplainedField.Verdict.neutral

  init(_ value: String, _ meaning: String, _ verdict: ExplainedField.Verdict = .neutral) {
    (self.value, self.meaning, self.verdict) = (value, meaning, verdict)
  }
}

/// Nothing more can be read of a part; why stands in the part already.
struct Stop: Error {}

/// Walks over octets and explains what it passes.
///
/// Fields are only ever taken from the front of what is left. That is why each bit is in one of them,
/// and in one only.
struct Explainer {
  let octets: [UInt8]
  let stage: PacketExplanation.Stage
  var parts: [PacketExplanation.Part] = []
  /// The next bit to be explained.
  var position = 0
  /// Where what is being read ends, in octets.
  var end: Int
  var depth = 0
  /// The datagram at hand, as the decoder of the other tools reads it, and where it starts.
  var frame: Frame
  var frameStart = 0

  init(_ octets: [UInt8], stage: PacketExplanation.Stage) {
    (self.octets, self.stage) = (octets, stage)
    end = octets.count
    frame = Frame(decoding: octets.span.extracting(first: 0), linkType: .raw)
  }

  /// The next octet to be explained; fields that share octets end with one.
  var offset: Int { position / 8 }
  /// How many octets are left of what is being read.
  var available: Int { max(0, end - offset) }

  mutating func begin(_ title: String) {
    parts.append(.init(title: title, depth: depth))
  }

  /// Explains the next `bits` bits, 64 at most, as a number, and gives it back.
  @discardableResult
  mutating func field(
    _ name: String, bits: Int, _ source: String, _ say: (UInt64) -> Said
  ) throws(Stop) -> UInt64 {
    try require(bits: bits, name, source)
    let value = number(at: position, bits: bits)
    append(name, bits: bits, source, say(value))
    return value
  }

  /// Explains the next `count` octets; none are none.
  mutating func field(
    _ name: String, octets count: Int, _ source: String, _ say: (Span<UInt8>) -> Said
  ) throws(Stop) {
    guard count > 0 else { return }
    try require(bits: count * 8, name, source)
    let said = say(octets.span.extracting(offset..<offset + count))
    append(name, bits: count * 8, source, said)
  }

  /// Explains all that is left; nothing is nothing.
  mutating func rest(_ name: String, _ source: String, _ meaning: String) {
    let count = available
    guard count > 0 else { return }
    append(name, bits: count * 8, source, Said(Self.count(count, "octet"), meaning))
  }

  /// Ends the part at hand: why goes with it, and what is left is a field of its own.
  mutating func stop(_ problem: String) -> Stop {
    giveUp(problem)
    return Stop()
  }

  private mutating func giveUp(_ problem: String) {
    // A field that shares an octet may be the last one that could be read.
    let left = end * 8 - position
    if left > 0 {
      append(
        "(not readable)", bits: left, "",
        Said(Self.count((left + 7) / 8, "octet"), "cannot be read as the format asks", .wrong))
    }
    if !parts.isEmpty { parts[parts.count - 1].problem = problem }
  }

  private mutating func require(bits: Int, _ name: String, _ source: String) throws(Stop) {
    let left = end * 8 - position
    guard bits > left else { return }
    let title = parts.last?.title ?? "packet"
    if left > 0 {
      append(
        name, bits: left, source,
        Said("cut", "only \(Self.count((left + 7) / 8, "octet")) of this field are here", .unknown))
    }
    let missing = Self.count((bits - left + 7) / 8, "octet")
    parts[parts.count - 1].problem =
      "cut short: \(name) of the \(title) lacks \(missing); what follows it is missing"
    throw Stop()
  }

  private mutating func append(_ name: String, bits: Int, _ source: String, _ said: Said) {
    let field = ExplainedField(
      bits: position..<position + bits, name: name, value: said.value, meaning: said.meaning,
      source: source, verdict: said.verdict)
    if parts.isEmpty { begin("Data") }
    parts[parts.count - 1].fields.append(field)
    position += bits
  }

  func number(at start: Int, bits: Int) -> UInt64 {
    var value: UInt64 = 0
    for bit in start..<start + bits {
      value = value << 1 | UInt64(octets[bit / 8] >> UInt8(7 - bit % 8) & 1)
    }
    return value
  }

  /// Reads `count` octets more as a thing of its own that ends there, whatever is in it.
  mutating func within(
    _ count: Int, _ body: (inout Explainer) throws(Stop) -> Void
  ) throws(Stop) {
    let outer = end
    end = min(outer, offset + max(0, count))
    defer { end = outer }
    try body(&self)
  }
}

// MARK: - Words

extension Explainer {
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  static func hexadecimal(_ value: UInt64, digits: Int) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append("0x")
    buffer.append(hex: value, digits: digits)
    return buffer.string
  }

  /// A number that is called by its hex digits.
  static func code(_ value: UInt64, _ digits: Int, _ meaning: String) -> Said {
    Said(hexadecimal(value, digits: digits), meaning)
  }

  /// A field of bits that must be zero.
  mutating func reserved(
    _ name: String = "Reserved", bits: Int, _ source: String
  ) throws(Stop) {
    try field(name, bits: bits, source) { value in
      value == 0
        ? Said("0", "unused: zero, as it must be sent")
        : Said(
          Self.hexadecimal(value, digits: 1), "unused, but not zero; a receiver ignores it", .wrong)
    }
  }

  /// One bit that says yes or no.
  @discardableResult
  mutating func flag(
    _ name: String, _ source: String, set: String, clear: String
  ) throws(Stop) -> Bool {
    try field(name, bits: 1, source) { $0 == 1 ? Said("1, set", set) : Said("0, not set", clear) }
      == 1
  }

  /// An address of either family.
  mutating func address(
    _ name: String, _ family: IPFamily, _ source: String, _ meaning: String
  ) throws(Stop) {
    try field(name, octets: family == .v4 ? 4 : 16, source) { octets in
      let address: IPAddress =
        family == .v4 ? .v4(octets.ipv4Address(at: 0)) : .v6(octets.ipv6Address(at: 0))
      return Said(
        address.description, Self.kind(of: address).map { "\(meaning); \($0)" } ?? meaning)
    }
  }

  /// What an address tells of itself.
  private static func kind(of address: IPAddress) -> String? {
    switch address {
    case _ where address.isMulticast: "a multicast group"
    case .v4(.any), .v6(.any): "unspecified"
    case .v4(IPv4Address(bits: .max)): "everybody on this link"
    case .v4(let address) where address.isLoopback: "this host itself (loopback)"
    case .v6(.loopback): "this host itself (loopback)"
    case .v6(let address) where address.isLinkLocal: "valid on one link only"
    case .v4(let address)
    where address.bits >> 24 == 10 || address.bits >> 20 == 0xac1 || address.bits >> 16 == 0xc0a8:
      "a private address (RFC 1918)"
    default: nil
    }
  }
}
