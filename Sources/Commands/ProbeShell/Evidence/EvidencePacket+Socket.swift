public import PacketWire
public import ProbeEngine
public import ProbeEvidence

extension EvidencePacket {
  /// A packet as it came, or with the IP header that the socket kept to itself.
  ///
  /// - Parameters:
  ///   - octets: as the socket handed them out.
  ///   - framing: what they begin with.
  ///   - fields: what the socket told beside them.
  ///   - destination: whom they were for, if that is known.
  ///   - family: of the socket.
  ///   - protocolNumber: what stands behind the IP header; ICMP if nothing is said.
  public init?(
    _ octets: [UInt8], _ framing: ArrivalFraming, _ fields: ArrivalFields,
    to destination: IPAddress?, _ family: IPFamily, carrying protocolNumber: IPProtocol? = nil
  ) {
    guard framing == .message else {
      self.init(whole: octets)
      return
    }
    let envelope = IPEnvelope(
      from: fields.source, to: destination ?? (family == .v4 ? .v4(.any) : .v6(.any)),
      carrying: protocolNumber ?? (family == .v4 ? .icmp : .icmpv6),
      timeToLive: fields.timeToLive ?? 0,
      trafficClass: fields.typeOfService ?? 0)
    try? self.init(
      message: octets.span, in: envelope, knowsHopLimit: fields.timeToLive != nil)
  }
}

extension SentDatagram {
  /// The same as it stands in a session's file: with the header that this program wrote, or with one
  /// made of what it asked the kernel for.
  public var evidence: EvidencePacket {
    var packet = EvidencePacket(whole: octets)
    if unknown.contains(.flowLabel) { packet.header = .rebuilt(knowsHopLimit: true) }
    return packet
  }
}
