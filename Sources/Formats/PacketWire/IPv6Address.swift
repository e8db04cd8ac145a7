/// An IPv6 address (RFC 4291), held in host order so that comparison is numeric.
public struct IPv6Address: Hashable, Sendable, Comparable {
  // Two words and not one UInt128: that type wants 16-octet alignment, which Swift 6.3 does not
  // always give to a copy on the stack (seen as a fault in an aligned load in debug builds).

  /// The first eight octets as a number.
  public private(set) var highWord: UInt64
  /// The last eight octets as a number.
  public private(set) var lowWord: UInt64

  /// The 128 bits; the first group of the text is the most significant one.
  @inlinable
  public var bits: UInt128 {
    get { UInt128(highWord) << 64 | UInt128(lowWord) }
    set { self = IPv6Address(bits: newValue) }
  }

  /// ::, the unspecified address (RFC 4291 §2.5.2).
  public static let any = IPv6Address(bits: 0)
  /// ::1 (RFC 4291 §2.5.3).
  public static let loopback = IPv6Address(bits: 1)

  /// An address from its 128 bits in host order.
  public init(bits: UInt128) {
    (highWord, lowWord) = (UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits))
  }

  /// Reads the sixteen octets at `offset`; the caller has checked the length.
  @inline(__always)
  init(_ octets: Span<UInt8>, at offset: Int) {
    (highWord, lowWord) = (octets.u64(at: offset), octets.u64(at: offset + 8))
  }

  /// ff00::/8 (RFC 4291 §2.7).
  public var isMulticast: Bool { highWord >> 56 == 0xff }
  /// fe80::/10 (RFC 4291 §2.5.6).
  public var isLinkLocal: Bool { highWord >> 54 == 0x3fa }
  /// The IPv4 address in ::ffff:0:0/96 (RFC 4291 §2.5.5.2), if this is one.
  public var mappedIPv4: IPv4Address? {
    highWord == 0 && lowWord >> 32 == 0xffff
      ? IPv4Address(bits: UInt32(truncatingIfNeeded: lowWord)) : nil
  }

  /// The eight 16-bit groups in the order of the text; `index` is 0 to 7.
  func group(_ index: Int) -> UInt16 {
    let word = index < 4 ? highWord : lowWord
    return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index % 4)))
  }

  /// Numeric order, which is also the order of the octets on the wire.
  public static func < (left: Self, right: Self) -> Bool {
    (left.highWord, left.lowWord) < (right.highWord, right.lowWord)
  }
}

extension IPv6Address: LosslessStringConvertible {
  /// The recommended text of RFC 5952 §4: lower case, no leading zeros, the longest run of two or
  /// more zero groups (the first of equals) as `::`, and §5's dotted tail for mapped addresses.
  public var description: String {
    if let mapped = mappedIPv4 { return "::ffff:\(mapped)" }
    let run = longestZeroRun
    var text = ""
    var index = 0
    while index < 8 {
      if let run, run.lowerBound == index {
        text += "::"
        index = run.upperBound
        continue
      }
      if index > 0, run?.upperBound != index { text += ":" }
      text += String(group(index), radix: 16)
      index += 1
    }
    return text
  }

  /// The groups that `::` stands for in the recommended text.
  public var longestZeroRun: Range<Int>? {
    var best = 0..<0
    var start = 0
    for index in 0...8 where index == 8 || group(index) != 0 {
      if index - start > best.count { best = start..<index }
      start = index + 1
    }
    return best.count >= 2 ? best : nil
  }

  /// Any text of RFC 4291 §2.2: full, with one `::`, or with a dotted tail. No scope id.
  public init?(_ text: String) {
    let sides = Self.splitAtDoubleColon(text)
    guard sides.count <= 2 else { return nil }
    guard let head = Self.groups(sides[0], tailMayBeDotted: sides.count == 1) else { return nil }
    guard sides.count == 2 else {
      guard head.count == 8 else { return nil }
      self.init(bits: Self.join(head))
      return
    }
    guard let tail = Self.groups(sides[1], tailMayBeDotted: true), head.count + tail.count <= 7
    else { return nil }
    let zeros = [UInt16](repeating: 0, count: 8 - head.count - tail.count)
    self.init(bits: Self.join(head + zeros + tail))
  }

  private static func join(_ groups: [UInt16]) -> UInt128 {
    groups.reduce(0) { $0 << 16 | UInt128($1) }
  }

  private static func splitAtDoubleColon(_ text: String) -> [Substring] {
    var sides: [Substring] = []
    var rest = Substring(text)
    var previous: Substring.Index?
    var index = rest.startIndex
    while index < rest.endIndex {
      if rest[index] == ":", let before = previous, rest[before] == ":" {
        sides.append(rest[..<before])
        rest = rest[rest.index(after: index)...]
        (previous, index) = (nil, rest.startIndex)
        continue
      }
      previous = index
      index = rest.index(after: index)
    }
    return sides + [rest]
  }

  private static func groups(_ text: Substring, tailMayBeDotted: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if tailMayBeDotted, index == parts.count - 1, let dotted = IPv4Address(String(part)) {
        groups += [UInt16(dotted.bits >> 16), UInt16(dotted.bits & 0xffff)]
        continue
      }
      guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 43 && $0 != 45 }),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups.count <= 8 ? groups : nil
  }
}
