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
  @inlinable @inline(__always)
  public func group(_ index: Int) -> UInt16 {
    let word = index < 4 ? highWord : lowWord
    return UInt16(truncatingIfNeeded: word >> UInt64(48 &- 16 &* (index & 3)))
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
    // A bit for each group that is zero, the first one lowest; then for each from which on two are,
    // three, and so on: the last that is not empty has the starts of the longest.
    var starts = Self.zeroGroups(highWord) | Self.zeroGroups(lowWord) << 4
    guard starts & starts >> 1 != 0 else { return nil }
    var length = 1
    while starts & starts >> 1 != 0 {
      starts &= starts >> 1
      length += 1
    }
    let start = starts.trailingZeroBitCount
    return start..<start + length
  }

  /// A bit for each of the four groups of `word` that is zero, the first one lowest.
  private static func zeroGroups(_ word: UInt64) -> UInt64 {
    // The highest bit of each group: fifteen bits and their highest number carry into it unless they
    // are zero.
    let low: UInt64 = 0x7fff_7fff_7fff_7fff
    let zeros = ~(((word & low) &+ low) | word | low)
    return zeros >> 63 | (zeros >> 47 & 1) << 1 | (zeros >> 31 & 1) << 2 | (zeros >> 15 & 1) << 3
  }

  /// Any text of RFC 4291 §2.2: full, with one `::`, or with a dotted tail. No scope id.
  public init?(_ text: String) { self.init(utf8: text.utf8.span) }

  /// The same from the octets of a text. Lists of addresses are long: nothing is allocated.
  public init?(utf8 text: Span<UInt8>) {
    var reader = GroupReader()
    var position = 0
    if text.count >= 2, text[0] == 0x3a {
      guard text[1] == 0x3a else { return nil }
      (reader.gap, position) = (0, 2)
    }
    while position < text.count {
      guard reader.take(text, at: &position) else { return nil }
      if position == text.count { break }
      // A colon goes on; two of them leave groups out, once.
      guard text[position] == 0x3a else { return nil }
      position += 1
      guard position < text.count else { return nil }
      if text[position] == 0x3a {
        guard reader.gap == nil else { return nil }
        (reader.gap, position) = (reader.count, position + 1)
      }
    }
    guard let bits = reader.bits else { return nil }
    self.init(bits: bits)
  }
}

/// The groups of an address as they are read.
private struct GroupReader {
  /// Those read so far, the last one lowest.
  private var groups: UInt128 = 0
  /// How many they are.
  private(set) var count = 0
  /// How many stood before the `::`.
  var gap: Int?

  /// All eight groups, `::` filled up with at least one; `nil` if there are too few or too many.
  var bits: UInt128? {
    guard let gap else { return count == 8 ? groups : nil }
    guard count <= 7 else { return nil }
    let behind = UInt128(16 * (count - gap))
    let tail = groups & ((1 << behind) - 1)
    return gap == 0 ? tail : (groups >> behind) << UInt128(16 * (8 - gap)) | tail
  }

  /// Reads the group at `position`, or a dotted tail, and moves on; false if there is none.
  mutating func take(_ text: Span<UInt8>, at position: inout Int) -> Bool {
    let start = position
    var group: UInt128 = 0
    while position < text.count, let digit = Self.digit(text[position]) {
      group = group << 4 | UInt128(digit)
      position += 1
      guard position - start <= 4 else { return false }
    }
    if position < text.count, text[position] == 0x2e {
      guard count <= 6, let tail = IPv4Address(utf8: text.extracting(start...)) else {
        return false
      }
      groups = groups << 32 | UInt128(tail.bits)
      (count, position) = (count + 2, text.count)
      return true
    }
    guard position > start, count < 8 else { return false }
    groups = groups << 16 | group
    count += 1
    return true
  }

  private static func digit(_ octet: UInt8) -> UInt8? {
    switch octet {
    case 0x30...0x39: octet - 0x30
    case 0x41...0x46: octet - 0x37
    case 0x61...0x66: octet - 0x57
    default: nil
    }
  }
}
