public import PacketWire

/// What the packets of one flow have in common, whichever way they go.
struct FlowKey: Equatable, Sendable {
  /// The numerically lower end's address, and the other's.
  let low: UInt128
  let high: UInt128
  /// Ports, protocol and both VLAN identifiers: 16 + 16 + 8 + 12 + 12 bits.
  let tag: UInt64
  let family: IPFamily
  /// The tunnels around the packets; 0 for none.
  let tunnel: UInt32

  /// The key of a packet from `source` to `destination`, and whether the source is its low end.
  static func make(
    from source: (address: IPAddress, port: UInt16),
    to destination: (address: IPAddress, port: UInt16),
    protocolNumber: UInt8, vlans: UInt64, tunnel: UInt32 = 0
  ) -> (key: FlowKey, sourceIsLow: Bool) {
    let (a, b) = (bits(source.address), bits(destination.address))
    let sourceIsLow = a != b ? a < b : source.port <= destination.port
    let (low, high) = sourceIsLow ? (a, b) : (b, a)
    let (lowPort, highPort) =
      sourceIsLow ? (source.port, destination.port) : (destination.port, source.port)
    let tag =
      UInt64(lowPort) << 48 | UInt64(highPort) << 32 | UInt64(protocolNumber) << 24 | vlans
    let key = FlowKey(
      low: low, high: high, tag: tag, family: source.address.family, tunnel: tunnel)
    return (key, sourceIsLow)
  }

  private init(low: UInt128, high: UInt128, tag: UInt64, family: IPFamily, tunnel: UInt32) {
    (self.low, self.high, self.tag, self.family) = (low, high, tag, family)
    self.tunnel = tunnel
  }

  private static func bits(_ address: IPAddress) -> UInt128 {
    switch address {
    case .v4(let address): UInt128(address.bits)
    case .v6(let address): address.bits
    }
  }

  /// All fields are the same. Left to the compiler this is a call of `memcmp`.
  static func == (left: Self, right: Self) -> Bool {
    left.tag == right.tag && left.tunnel == right.tunnel && left.family == right.family
      && (left.low ^ right.low) | (left.high ^ right.high) == 0
  }
}

extension Frame {
  /// The identifiers of both VLAN tags in 24 bits: flows on different VLANs are different flows.
  public var vlanBits: UInt64 {
    UInt64(vlan?.identifier ?? 0) << 12 | UInt64(innerVLAN?.identifier ?? 0)
  }
}
