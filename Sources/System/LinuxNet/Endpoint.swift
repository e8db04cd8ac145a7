public import PacketWire

/// Where a packet goes to or comes from: an address, a port, and the link that an IPv6 link-local
/// address belongs to.
public struct Endpoint: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The UDP or TCP port; of an ICMP datagram socket the echo identifier; 0 for raw sockets.
  public var port: UInt16
  /// The index of the interface that the address belongs to (RFC 4007 §6); 0: it needs none.
  public var scope: UInt32

  /// An endpoint of either family.
  public init(_ address: IPAddress, port: UInt16 = 0, scope: UInt32 = 0) {
    (self.address, self.port, self.scope) = (address, port, scope)
  }

  /// The address alone, with its scope: "192.0.2.1", "fe80::1%2" (RFC 4007 §11).
  public var addressText: String { scope == 0 ? "\(address)" : "\(address)%\(scope)" }
}

extension Endpoint: CustomStringConvertible {
  /// "192.0.2.1:80", "[2001:db8::1]:80", "[fe80::1%2]:80" (RFC 3986 §3.2.2, RFC 4007 §11).
  public var description: String {
    switch address {
    case .v4: "\(addressText):\(port)"
    case .v6: "[\(addressText)]:\(port)"
    }
  }
}
