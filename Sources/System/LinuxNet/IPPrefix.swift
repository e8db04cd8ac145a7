public import PacketWire

/// An address and how many of its leading bits name the network (RFC 4632 §3.1, RFC 4291 §2.3).
public struct IPPrefix: Hashable, Sendable {
  /// The address; bits behind the prefix are kept, for an interface's address has both.
  public var address: IPAddress
  /// How many leading bits count: 0 to 32, or to 128.
  public var length: UInt8

  /// A prefix of either family. `length` fits the family.
  public init(_ address: IPAddress, length: UInt8) {
    precondition(
      length <= (address.family == .v4 ? 32 : 128), "the prefix is longer than the address")
    (self.address, self.length) = (address, length)
  }

  /// All addresses of a family: the destination of a default route.
  public static func everything(_ family: IPFamily) -> IPPrefix {
    IPPrefix(family == .v4 ? .v4(.any) : .v6(.any), length: 0)
  }
}

extension IPPrefix: CustomStringConvertible {
  /// "192.0.2.0/24".
  public var description: String { "\(address)/\(length)" }
}

extension IPAddress {
  /// The 4 or 16 octets, in network order.
  var octets: [UInt8] {
    switch self {
    case .v4(let address): [UInt8](capacity: 4) { $0.append(bigEndian: address.bits) }
    case .v6(let address): [UInt8](capacity: 16) { $0.append(bigEndian: address.bits) }
    }
  }
}
