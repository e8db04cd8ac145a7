/// The start of a datagram as an ICMP error quotes it (RFC 792, RFC 1122 §3.2.2, RFC 4443 §2.4).
///
/// Quoting routers cut the datagram where they like, at eight octets of payload at the earliest, so
/// nothing here compares a length field with the octets at hand, and a transport header that is
/// not whole still gives its first eight octets.
public struct QuotedDatagram: Hashable, Sendable {
  /// The quoted network header; TTL, checksum, ToS and addresses are as the router saw them.
  public enum Network: Hashable, Sendable {
    case ipv4(IPv4Header)
    case ipv6(IPv6Header)
  }

  /// As much of the transport header as was quoted.
  public enum Transport: Hashable, Sendable {
    case udp(UDPHeader)
    case icmpv4(ICMPv4Header)
    case icmpv6(ICMPv6Header)
    /// A TCP header, quoted whole.
    case tcp(TCPHeader)
    /// The first eight octets of one that was cut.
    case tcpStart(sourcePort: UInt16, destinationPort: UInt16, sequenceNumber: UInt32)
    /// Another protocol, a later fragment, or too few octets to say more.
    case other(IPProtocol)
  }

  /// The quoted network header.
  public var network: Network
  /// What the quoted packet carried.
  public var transport: Transport
  /// What was quoted behind the transport header, as offsets from the first captured octet; RFC
  /// 4884 padding and extensions may be at its end.
  public var payload: Range<Int>

  /// Whom the quoted packet was for.
  public var destination: IPAddress {
    switch network {
    case .ipv4(let header): .v4(header.destination)
    case .ipv6(let header): .v6(header.destination)
    }
  }

  /// Who had sent the quoted packet.
  public var source: IPAddress {
    switch network {
    case .ipv4(let header): .v4(header.source)
    case .ipv6(let header): .v6(header.source)
    }
  }

  /// Reads a quotation of either family; the version nibble tells which. Takes all that is left.
  /// Only a network header that cannot be read is an error.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    guard reader.available > 0 else {
      throw PacketError(
        .quotedDatagram, at: reader.offset, .truncated(needed: 1, available: 0))
    }
    let next: IPProtocol
    let isLaterFragment: Bool
    if reader.remaining[0] >> 4 == 6 {
      let header = try IPv6Header(parsing: &reader)
      var chain = IPv6ExtensionChain(from: header.nextHeader)
      // Where the quotation was cut within the chain, what it had come to is all that can be said.
      do throws(PacketError) { try chain.walk(&reader) } catch {}
      (network, next, isLaterFragment) = (.ipv6(header), chain.next, chain.isLaterFragment)
    } else {
      let header = try IPv4Header(parsing: &reader)
      (network, next) = (.ipv4(header), header.protocolNumber)
      isLaterFragment = header.fragmentOffset > 0
    }
    transport =
      isLaterFragment ? .other(next) : try Self.transport(next, over: network, &reader)
    payload = reader.offset..<reader.offset + reader.available
    _ = try reader.take(reader.available, for: .quotedDatagram)
  }

  private static func transport(
    _ number: IPProtocol, over network: Network, _ reader: inout PacketReader
  ) throws(PacketError) -> Transport {
    guard reader.available >= 8 else { return .other(number) }
    switch (number, network) {
    case (.udp, _): return .udp(try UDPHeader(parsing: &reader))
    case (.icmp, .ipv4): return .icmpv4(try ICMPv4Header(parsing: &reader))
    case (.icmpv6, .ipv6): return .icmpv6(try ICMPv6Header(parsing: &reader))
    case (.tcp, _):
      let octets = reader.remaining
      let whole = octets.count > 12 ? Int(octets[12] >> 4) * 4 : Int.max
      if whole >= TCPHeader.minimumLength, whole <= octets.count {
        return .tcp(try TCPHeader(parsing: &reader))
      }
      let start = try reader.take(8, for: .tcp)
      return .tcpStart(
        sourcePort: start.u16(at: 0), destinationPort: start.u16(at: 2),
        sequenceNumber: start.u32(at: 4))
    default: return .other(number)
    }
  }
}
