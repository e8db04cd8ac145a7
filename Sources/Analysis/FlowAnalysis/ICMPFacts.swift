public import PacketWire

/// An ICMP message of either version and how it belongs to other packets.
public struct ICMPFacts: Sendable {
  /// The header, as its version has it.
  public enum Header: Hashable, Sendable {
    case v4(ICMPv4Header)
    case v6(ICMPv6Header)
  }

  /// What the message is.
  public enum Role: Sendable {
    /// Send this back; `repeats` is an earlier request with the same numbers.
    case echoRequest(identifier: UInt16, sequenceNumber: UInt16, repeats: PacketMark?)
    /// Here it is; `to` is the request, and `repeats` an earlier reply to it.
    case echoReply(
      identifier: UInt16, sequenceNumber: UInt16, to: PacketMark?, repeats: PacketMark?)
    /// What became of a packet; nil when the quotation cannot be read.
    case error(about: QuotedPacketFacts?)
    /// Anything else; the header says what.
    case other
  }

  /// The header.
  public var header: Header
  /// Octets behind the header.
  public var bodyLength: Int
  /// What the message is.
  public var role: Role
}

/// The packet that an ICMP error quotes.
public struct QuotedPacketFacts: Sendable {
  /// Who had sent it.
  public var source: Endpoint
  /// Whom it was for.
  public var destination: Endpoint
  /// What it carried.
  public var protocolNumber: IPProtocol
  /// Its flow, if that is known.
  public var flow: FlowID?
  /// The packet itself, if the capture holds it and its numbers tell it from others.
  public var packet: PacketMark?
}
