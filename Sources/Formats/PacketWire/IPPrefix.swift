/// An address and how many of its leading bits name the network (RFC 4632 §3.1, RFC 4291 §2.3).
public struct IPPrefix: Hashable, Sendable {
  /// The address; bits behind the prefix are kept, for an interface's address has both.
  public var address: IPAddress
  /// How many leading bits count: 0 to 32, or to 128.
  public var length: UInt8

  /// A prefix of either family. `length` fits the family.
  public init(_ address: IPAddress, length: UInt8) {
    precondition(length <= address.family.width, "the prefix is longer than the address")
    (self.address, self.length) = (address, length)
  }

  /// All addresses of a family: the destination of a default route.
  public static func everything(_ family: IPFamily) -> IPPrefix {
    IPPrefix(family == .v4 ? .v4(.any) : .v6(.any), length: 0)
  }

  /// The first of its addresses: the bits behind the prefix are zero.
  public var first: IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(bits: address.bits & ~hostBits(of: UInt32.self)))
    case .v6(let address): .v6(IPv6Address(bits: address.bits & ~hostBits(of: UInt128.self)))
    }
  }

  /// The last of its addresses: the bits behind the prefix are all set.
  public var last: IPAddress {
    switch address {
    case .v4(let address): .v4(IPv4Address(bits: address.bits | hostBits(of: UInt32.self)))
    case .v6(let address): .v6(IPv6Address(bits: address.bits | hostBits(of: UInt128.self)))
    }
  }

  /// A shift by the whole width gives zero, as it should.
  private func hostBits<Bits: FixedWidthInteger>(of _: Bits.Type) -> Bits {
    Bits.max >> Bits(length)
  }

  /// The address is of this network.
  public func contains(_ other: IPAddress) -> Bool {
    other.family == address.family && first <= other && other <= last
  }
}

extension IPFamily {
  /// How many bits an address has.
  public var width: UInt8 { self == .v4 ? 32 : 128 }
}

extension IPPrefix: CustomStringConvertible {
  /// "192.0.2.0/24".
  public var description: String { "\(address)/\(length)" }
}

extension IPPrefix {
  /// Reads an address, a slash and a length; an address without them is a network of its own.
  public init?(_ text: String) { self.init(utf8: text.utf8.span) }

  /// The same from the octets of a text. Lists of prefixes are long: nothing is allocated.
  public init?(utf8 text: Span<UInt8>) {
    var slash = text.count
    while slash > 0, text[slash - 1] != 0x2f { slash -= 1 }
    let addressText = text.extracting(first: slash == 0 ? text.count : slash - 1)
    guard let address = IPAddress(utf8: addressText) else { return nil }
    guard slash > 0 else {
      self.init(address, length: address.family.width)
      return
    }
    guard let length = Self.length(text.extracting(slash...)), length <= address.family.width
    else { return nil }
    self.init(address, length: length)
  }

  /// One to three digits without leading zeros.
  private static func length(_ text: Span<UInt8>) -> UInt8? {
    guard (1...3).contains(text.count), text.count == 1 || text[0] != 0x30 else { return nil }
    var length = 0
    for index in text.indices {
      let digit = Int(text[index] &- 0x30)
      guard digit <= 9 else { return nil }
      length = length * 10 + digit
    }
    return UInt8(exactly: length)
  }
}

extension IPAddress {
  /// Reads an address of either family from the octets of a text.
  public init?(utf8 text: Span<UInt8>) {
    if let address = IPv4Address(utf8: text) {
      self = .v4(address)
    } else if let address = IPv6Address(utf8: text) {
      self = .v6(address)
    } else {
      return nil
    }
  }
}
