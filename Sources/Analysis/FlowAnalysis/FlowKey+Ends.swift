import PacketWire

extension FlowKey {
  /// The end that counts as the lower one.
  var lowEnd: Endpoint { Endpoint(address(low), port: lowPort) }
  /// The other end.
  var highEnd: Endpoint { Endpoint(address(high), port: highPort) }

  /// What the flow's packets carry.
  var protocolNumber: IPProtocol { IPProtocol(rawValue: UInt8(truncatingIfNeeded: tag >> 24)) }

  /// The outer VLAN identifier, if the key has one.
  var vlan: UInt16? {
    let identifier = UInt16(truncatingIfNeeded: tag >> 12 & 0xfff)
    return identifier == 0 ? nil : identifier
  }

  private var hasPorts: Bool { protocolNumber == .tcp || protocolNumber == .udp }
  private var lowPort: UInt16? { hasPorts ? UInt16(truncatingIfNeeded: tag >> 48) : nil }
  private var highPort: UInt16? { hasPorts ? UInt16(truncatingIfNeeded: tag >> 32) : nil }

  private func address(_ bits: UInt128) -> IPAddress {
    family == .v4
      ? .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits))) : .v6(IPv6Address(bits: bits))
  }
}
