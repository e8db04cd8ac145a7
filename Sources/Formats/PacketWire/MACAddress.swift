/// A 48-bit IEEE 802 address, held in host order.
public struct MACAddress: Hashable, Sendable, Comparable {
  /// The low 48 bits; the first octet of the text is the most significant one.
  public var bits: UInt64

  /// ff:ff:ff:ff:ff:ff.
  public static let broadcast = MACAddress(bits: 0xffff_ffff_ffff)

  /// An address from the low 48 of `bits`.
  public init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

  /// The I/G bit: the frame is for a group (IEEE 802-2014 §8.2.2).
  public var isGroup: Bool { bits >> 40 & 1 == 1 }

  /// Numeric order, which is also the order of the octets on the wire.
  public static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension MACAddress: LosslessStringConvertible {
  /// Six lower-case hex octets with colons.
  public var description: String {
    var text = ""
    for shift in stride(from: 40, through: 0, by: -8) {
      let octet = UInt8(truncatingIfNeeded: bits >> UInt64(shift))
      if octet < 16 { text += "0" }
      text += String(octet, radix: 16)
      if shift > 0 { text += ":" }
    }
    return text
  }

  /// Six one- or two-digit hex octets with colons.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var bits: UInt64 = 0
    for part in parts {
      guard part.utf8.count <= 2, part.first?.isHexDigit == true,
        let octet = UInt8(part, radix: 16)
      else { return nil }
      bits = bits << 8 | UInt64(octet)
    }
    self.bits = bits
  }
}
