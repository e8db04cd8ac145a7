extension Frame {
  mutating func decodeIPv4(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    let header = try IPv4Header(parsing: &reader)
    (network, protocolNumber) = (.ipv4(header), header.protocolNumber)
    transportOffset = reader.offset
    // A total length of zero is what a sending host's own capture shows of a segment that its card
    // will cut up (TSO): the frame's length then counts.
    if header.totalLength != 0 {
      let payloadLength = Int(header.totalLength) - header.length
      guard payloadLength >= 0 else {
        throw PacketError(.ipv4, at: networkOffset + 2, .badHeaderLength(Int(header.totalLength)))
      }
      reader.narrow(to: payloadLength)
      wireEnd = reader.offset + payloadLength
    }
    try decodeTransport(
      header.protocolNumber, over: .v4, isLaterFragment: header.fragmentOffset > 0, &reader,
      &wireEnd)
  }

  mutating func decodeIPv6(
    _ reader: inout PacketReader, _ wireEnd: inout Int
  ) throws(PacketError) {
    let header = try IPv6Header(parsing: &reader)
    (network, protocolNumber) = (.ipv6(header), header.nextHeader)
    // Zero: a jumbogram (RFC 2675 §3) or, as above, a segment yet to be cut up.
    if header.payloadLength != 0 {
      reader.narrow(to: Int(header.payloadLength))
      wireEnd = reader.offset + Int(header.payloadLength)
    }
    transportOffset = reader.offset
    // Nearly no packet has extension headers, and the chain would cost a quarter of its decoding.
    guard IPv6ExtensionChain.isMember(header.nextHeader) else {
      return try decodeTransport(
        header.nextHeader, over: .v6, isLaterFragment: false, &reader, &wireEnd)
    }
    let chain = try walkExtensionHeaders(from: header.nextHeader, &reader)
    try decodeTransport(
      chain.next, over: .v6, isLaterFragment: chain.isLaterFragment, &reader, &wireEnd)
  }

  private mutating func walkExtensionHeaders(
    from first: IPProtocol, _ reader: inout PacketReader
  ) throws(PacketError) -> IPv6ExtensionChain {
    var chain = IPv6ExtensionChain(from: first)
    defer {
      (protocolNumber, ipv6Fragment) = (chain.next, chain.fragment)
      (segmentsLeft, transportOffset) = (chain.segmentsLeft, reader.offset)
    }
    try chain.walk(&reader)
    return chain
  }
}
