extension Frame {
  mutating func decodeTransport(
    _ number: IPProtocol, isLaterFragment: Bool, _ reader: inout PacketReader,
    _ wireEnd: inout Int
  ) throws(PacketError) {
    guard !isLaterFragment else {
      transport = .laterFragment(number)
      return
    }
    switch (number, network) {
    case (.icmp, .ipv4): transport = .icmpv4(try ICMPv4Header(parsing: &reader))
    case (.icmpv6, .ipv6): transport = .icmpv6(try ICMPv6Header(parsing: &reader))
    case (.udp, _):
      let header = try UDPHeader(parsing: &reader)
      transport = .udp(header)
      // A UDP length shorter than what IP carries ends the payload early (RFC 9868 calls the rest
      // the surplus area); one that is longer, or too short to be, is left for the reader to judge.
      let payloadLength = Int(header.datagramLength) - UDPHeader.length
      if payloadLength >= 0, reader.offset + payloadLength < wireEnd {
        reader.narrow(to: payloadLength)
        wireEnd = reader.offset + payloadLength
      }
    case (.tcp, _): transport = .tcp(try TCPHeader(parsing: &reader))
    default: transport = .other(number)
    }
  }
}
