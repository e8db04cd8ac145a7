import PacketWire

/// The values of a lab file that are written as one word; each gives `nil` for what it is not.
enum TopologyValue {
  /// Decimal digits and nothing else.
  static func wholeNumber(_ text: String) -> UInt64? { isDigits(text) ? UInt64(text) : nil }

  /// A decimal number and a unit: 300us, 1.5ms, 2s; at most a minute.
  static func delay(_ text: some StringProtocol) -> Nanoseconds? {
    for (unit, length) in [("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000)]
    where text.hasSuffix(unit) {
      guard let count = scaled(text.dropLast(unit.count), by: UInt64(length)) else { continue }
      return count <= 60_000_000_000 ? Nanoseconds(Int64(count)) : nil
    }
    return nil
  }

  /// 0% to 100%, to four decimal places.
  static func probability(_ text: some StringProtocol) -> Probability? {
    guard text.hasSuffix("%"), let perMillion = scaled(text.dropLast(), by: 10_000),
      perMillion <= 1_000_000
    else { return nil }
    return Probability(clamping: perMillion)
  }

  /// A host name: letters, digits, hyphens and underscores between dots (RFC 1123 §2.1; underscores
  /// because names such as _dmarc have them).
  static func name(_ text: String) -> DNSName? {
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
    return isPlain && text != "." ? DNSName(text) : nil
  }

  /// One value for both directions, or two with a slash between them.
  static func directions<Value>(
    _ text: String, _ read: (Substring) -> Value?
  ) -> (outward: Value, homeward: Value)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let outward = read(first) else { return nil }
    guard parts.count == 2 else { return (outward, outward) }
    return read(parts[1]).map { (outward, $0) }
  }

  /// A decimal number times `scale`, if that is whole and not huge.
  private static func scaled(_ text: some StringProtocol, by scale: UInt64) -> UInt64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, isDigits(whole), whole.utf8.count <= 9,
      var result = UInt64(whole).map({ $0 * scale })
    else { return nil }
    guard parts.count == 2 else { return result }
    guard isDigits(parts[1]) else { return nil }
    var unit = scale
    for digit in parts[1].utf8 {
      guard unit.isMultiple(of: 10) else { return nil }
      unit /= 10
      result += UInt64(digit - 0x30) * unit
    }
    return result
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}

extension TopologyLine {
  /// Reads a host name.
  mutating func takeName() throws(TopologyError) -> DNSName {
    try take("a host name such as r1.home.test", TopologyValue.name)
  }

  /// Reads what a link is like, to the end of the line, and whether the word "silent" stood there.
  mutating func takeLink(
    maybeSilent: Bool = false
  ) throws(TopologyError) -> (link: Topology.Link, isSilent: Bool) {
    var link = Topology.Link()
    var isSilent = false
    var left: Set = ["delay", "jitter", "loss", "reorder"]
    if maybeSilent { left.insert("silent") }
    while let word = nextWord {
      guard left.remove(word.text) != nil, skip(word.text) else {
        throw error(left.sorted().joined(separator: ", ") + " or the end of the line")
      }
      switch word.text {
      case "delay":
        let delay = try take("a delay such as 5ms") {
          TopologyValue.directions($0, TopologyValue.delay)
        }
        (link.outward.delay, link.homeward.delay) = delay
      case "jitter":
        let jitter = try take("a jitter such as 2ms") {
          TopologyValue.directions($0, TopologyValue.delay)
        }
        (link.outward.jitter, link.homeward.jitter) = jitter
      case "loss":
        let loss = try take("a loss such as 1%") {
          TopologyValue.directions($0, TopologyValue.probability)
        }
        (link.outward.loss, link.homeward.loss) = loss
      case "reorder": (link.outward.reorders, link.homeward.reorders) = (true, true)
      default: isSilent = true
      }
    }
    return (link, isSilent)
  }
}
