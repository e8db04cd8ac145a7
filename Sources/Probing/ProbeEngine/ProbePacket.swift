public import PacketWire

/// Puts an IP header of our own in front of a probe, for sockets with `IP_HDRINCL`.
public struct ProbePacket: Hashable, Sendable {
  /// Where it comes from.
  public var source: IPAddress
  /// Where it goes; of the same family.
  public var target: IPAddress
  /// What it carries.
  public var protocolNumber: IPProtocol
  /// TTL or hop limit.
  public var timeToLive: UInt8
  /// Of an IPv4 packet; 0 lets the kernel choose one (raw(7)).
  public var identification: UInt16 = 0
  /// ToS or traffic class.
  public var typeOfService: UInt8 = 0
  /// Of an IPv6 packet, 20 bits.
  public var flowLabel: UInt32 = 0
  /// Of an IPv4 packet: three flags, and the fragment offset in units of eight octets.
  public var flagsAndOffset: UInt16 = 0
  /// Of an IPv4 packet.
  public var options = OptionOctets()

  /// A packet from its fields.
  public init(
    from source: IPAddress, to target: IPAddress, carrying protocolNumber: IPProtocol,
    timeToLive: UInt8, identification: UInt16 = 0
  ) {
    (self.source, self.target, self.protocolNumber) = (source, target, protocolNumber)
    (self.timeToLive, self.identification) = (timeToLive, identification)
  }

  /// Header and `payload`; throws when the whole is longer than IP can say. Source and target of
  /// different families make an IPv4 packet from or to 0.0.0.0, which no kernel will send.
  public func octets(payload: Span<UInt8>) throws(PacketError) -> [UInt8] {
    if case (.v6(let source), .v6(let target)) = (source, target) {
      var header = IPv6Header(nextHeader: protocolNumber, from: source, to: target)
      (header.hopLimit, header.trafficClass) = (timeToLive, typeOfService)
      header.flowLabel = flowLabel & 0xf_ffff
      try header.fill(payloadLength: payload.count)
      return [UInt8](capacity: IPv6Header.length + payload.count) { out in
        header.write(to: &out)
        out.append(copying: payload)
      }
    }
    var header = IPv4Header(
      protocolNumber: protocolNumber, from: Self.ipv4(source), to: Self.ipv4(target))
    header.timeToLive = timeToLive
    header.identification = identification
    header.typeOfService = typeOfService
    (header.flagsAndOffset, header.options) = (flagsAndOffset, options)
    try header.fill(payloadLength: payload.count)
    return [UInt8](capacity: header.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload)
    }
  }

  private static func ipv4(_ address: IPAddress) -> IPv4Address {
    if case .v4(let address) = address { address } else { .any }
  }
}
