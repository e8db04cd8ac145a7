extension Frame {
  mutating func decodeTransport(
    _ number: IPProtocol, over family: IPFamily, isLaterFragment: Bool,
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    guard !isLaterFragment else {
      transport = .laterFragment(number)
      return
    }
    // The family is told: to look at `network`, which was only just written, would cost a third more.
    switch number {
    case .icmp where family == .v4: transport = .icmpv4(try ICMPv4Header(parsing: &reader))
    case .icmpv6 where family == .v6: transport = .icmpv6(try ICMPv6Header(parsing: &reader))
    case .udp:
      let header = try UDPHeader(parsing: &reader)
      transport = .udp(header)
      // A UDP length shorter than what IP carries ends the payload early (RFC 9868 calls the rest
      // the surplus area); one that is longer, or too short to be, is left for the reader to judge.
      let payloadLength = Int(header.datagramLength) - UDPHeader.length
      if payloadLength >= 0, reader.offset + payloadLength < wireEnd {
        reader.narrow(to: payloadLength)
        wireEnd = reader.offset + payloadLength
      }
    case .tcp:
      do throws(PacketError) {
        transport = .tcp(try TCPHeader(parsing: &reader))
      } catch {
        decodeCutTCP(&reader, &wireEnd)
        throw error
      }
    default: try decodeRareTransport(number, over: family, &reader, &wireEnd)
    }
  }

  // Captures of 64 or 96 octets a frame have many of these.
  @inline(never)
  private mutating func decodeCutTCP(_ reader: inout PacketReader, _ wireEnd: inout Int) {
    guard let header = TCPHeader(captured: reader.remaining),
      header.length <= wireEnd - reader.offset
    else { return }
    transport = .tcp(header)
    _ = try? reader.take(reader.available, for: .tcp)
    wireEnd -= Int(header.missingOptions)
  }

  // Out of line: what plain packets never come to must not cost them registers.
  @inline(never)
  private mutating func decodeRareTransport(
    _ number: IPProtocol, over family: IPFamily, _ reader: inout PacketReader,
    _ wireEnd: inout Int
  ) throws(PacketError) {
    switch number {
    case .udpLite: transport = .udpLite(try UDPHeader(parsing: &reader))
    case .sctp: transport = .sctp(try SCTPHeader(parsing: &reader))
    case .dccp: transport = .dccp(try DCCPHeader(parsing: &reader))
    case .igmp where family == .v4: transport = .igmp(try IGMPHeader(parsing: &reader))
    case .gre: transport = .gre(try GREHeader(parsing: &reader))
    case .esp: transport = .esp(try ESPHeader(parsing: &reader))
    case .authentication where family == .v4:
      let next = try skipAuthentication(&reader)
      (protocolNumber, transportOffset) = (next, reader.offset)
      guard next != .authentication else {
        throw PacketError(.authentication, at: reader.offset, .unsupported(51))
      }
      try decodeTransport(next, over: .v4, isLaterFragment: false, &reader, &wireEnd)
    default: transport = .other(number)
    }
  }

  /// RFC 4302 §2. Of IPv6 it is one of the extension headers; one in another has no meaning.
  private func skipAuthentication(
    _ reader: inout PacketReader
  ) throws(PacketError) -> IPProtocol {
    var cursor = reader
    let fixed = try cursor.take(2, for: .authentication)
    let length = IPv6ExtensionHeader.length(of: .authentication, lengthField: fixed[1])
    guard length >= 12 else {
      throw PacketError(.authentication, at: reader.offset + 1, .badHeaderLength(length))
    }
    _ = try cursor.take(length - 2, for: .authentication)
    reader = cursor
    return IPProtocol(rawValue: fixed[0])
  }
}
