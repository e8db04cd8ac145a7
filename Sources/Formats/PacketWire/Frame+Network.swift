extension Frame {
  /// How many IPv6 extension headers are walked; RFC 8200 §4.1 knows of at most eight in a row.
  static let maximumExtensionHeaders = 16

  mutating func decodeIPv4(
    _ reader: inout PacketReader, beyondCapture: Int
  ) throws(PacketError) {
    let header = try IPv4Header(parsing: &reader)
    (network, protocolNumber) = (.ipv4(header), header.protocolNumber)
    // A total length of zero is what a sending host's own capture shows of a segment that its card
    // will cut up (TSO): the frame's length then counts.
    var wireLength = reader.available + beyondCapture
    if header.totalLength != 0 {
      let length = Int(header.totalLength) - header.length
      guard length >= 0 else {
        throw PacketError(.ipv4, at: networkOffset + 2, .badHeaderLength(Int(header.totalLength)))
      }
      wireLength = length
    }
    reader.narrow(to: wireLength)
    transportOffset = reader.offset
    try decodeTransport(
      header.protocolNumber, isLaterFragment: header.fragmentOffset > 0, &reader,
      wireLength: wireLength)
  }

  mutating func decodeIPv6(
    _ reader: inout PacketReader, beyondCapture: Int
  ) throws(PacketError) {
    let header = try IPv6Header(parsing: &reader)
    (network, protocolNumber) = (.ipv6(header), header.nextHeader)
    let start = reader.offset
    // Zero: a jumbogram (RFC 2675 §3) or, as above, a segment yet to be cut up.
    let wireLength =
      header.payloadLength == 0
      ? reader.available + beyondCapture : Int(header.payloadLength)
    reader.narrow(to: wireLength)
    let last = try walkExtensionHeaders(from: header.nextHeader, &reader)
    protocolNumber = last
    transportOffset = reader.offset
    try decodeTransport(
      last, isLaterFragment: (ipv6Fragment?.fragmentOffset ?? 0) > 0, &reader,
      wireLength: wireLength - (reader.offset - start))
  }

  /// Skips the extension headers and gives back what stands behind them. They are walked in place:
  /// `IPv6ExtensionHeader` owns its body, which a decoder of every packet must not allocate.
  private mutating func walkExtensionHeaders(
    from first: IPProtocol, _ reader: inout PacketReader
  ) throws(PacketError) -> IPProtocol {
    var next = first
    for _ in 0..<Self.maximumExtensionHeaders {
      if next == .fragment {
        let fragment = try IPv6FragmentHeader(parsing: &reader)
        (ipv6Fragment, next) = (fragment, fragment.nextHeader)
        if fragment.fragmentOffset > 0 { return next }
        continue
      }
      guard IPv6ExtensionHeader.isExtension(next) else { return next }
      let start = reader.offset
      let fixed = try reader.take(2, for: .ipv6Extension)
      let length = IPv6ExtensionHeader.length(of: next, lengthField: fixed[1])
      guard length >= 8 else {
        throw PacketError(.ipv6Extension, at: start + 1, .badHeaderLength(length))
      }
      next = IPProtocol(rawValue: fixed[0])
      _ = try reader.take(length - 2, for: .ipv6Extension)
    }
    throw PacketError(
      .ipv6Extension, at: reader.offset, .tooMany(limit: Self.maximumExtensionHeaders))
  }
}
