extension Frame {
  /// `wireLength` is what IP says follows its headers, in octets; the capture may hold less.
  mutating func decodeTransport(
    _ number: IPProtocol, isLaterFragment: Bool, _ reader: inout PacketReader, wireLength: Int
  ) throws(PacketError) {
    var headerLength = 0
    if isLaterFragment {
      transport = .laterFragment(number)
    } else {
      switch (number, network) {
      case (.icmp, .ipv4):
        transport = .icmpv4(try ICMPv4Header(parsing: &reader))
        headerLength = ICMPv4Header.length
      case (.icmpv6, .ipv6):
        transport = .icmpv6(try ICMPv6Header(parsing: &reader))
        headerLength = ICMPv6Header.length
      case (.udp, _):
        let header = try UDPHeader(parsing: &reader)
        transport = .udp(header)
        headerLength = UDPHeader.length
        narrowToUDPLength(of: header, &reader, wireLength: wireLength)
        return
      case (.tcp, _):
        let header = try TCPHeader(parsing: &reader)
        transport = .tcp(header)
        headerLength = header.length
      default: transport = .other(number)
      }
    }
    stop(at: reader, beyondCapture: 0)
    payloadLength = max(wireLength - headerLength, payload.count)
  }

  /// A UDP length shorter than what IP carries ends the payload early (RFC 9868 calls the rest the
  /// surplus area); one that is longer, or too short to be, is left for the reader to judge.
  private mutating func narrowToUDPLength(
    of header: UDPHeader, _ reader: inout PacketReader, wireLength: Int
  ) {
    var length = wireLength - UDPHeader.length
    let declared = Int(header.datagramLength) - UDPHeader.length
    if declared >= 0, declared < length { length = declared }
    reader.narrow(to: length)
    stop(at: reader, beyondCapture: 0)
    payloadLength = max(length, payload.count)
  }
}
