/// What can be said of a checksum.
public enum ChecksumVerdict: Hashable, Sendable {
  /// It is what the octets ask for.
  case good
  /// It should have been `expected`.
  case bad(seen: UInt16, expected: UInt16)
  /// The sender computed none (UDP over IPv4, RFC 768).
  case absent
  /// The frame does not hold all that it covers: it was cut, is a fragment, or is on a source route
  /// that does not end at its destination. Or there is no such header.
  case unverifiable
}

extension Frame {
  /// Checks the transport checksum (ICMP's own, or with the pseudo header) against `octets`, which
  /// are the ones that this frame was decoded from.
  public func transportChecksum(over octets: Span<UInt8>) -> ChecksumVerdict {
    guard payload.count == payloadLength, !isFragment, !isOnSourceRoute, let addresses,
      payload.upperBound <= octets.count
    else { return .unverifiable }
    let body = octets.extracting(payload)
    switch (transport, addresses) {
    case (.icmpv4(let header), _):
      return verdict(header.checksum, expected: header.computedChecksum(payload: body))
    case (.icmpv6(let header), (.v6(let source), .v6(let destination))):
      return verdict(
        header.checksum,
        expected: header.computedChecksum(payload: body, from: source, to: destination))
    case (.udp(let header), (let source, let destination)):
      if header.checksum == 0, source.family == .v4 { return .absent }
      guard Int(header.datagramLength) <= UDPHeader.length + body.count else {
        return .unverifiable
      }
      return verdict(
        header.checksum,
        expected: header.computedChecksum(payload: body, from: source, to: destination))
    case (.tcp(let header), (let source, let destination)):
      return verdict(
        header.checksum,
        expected: header.computedChecksum(payload: body, from: source, to: destination))
    default: return .unverifiable
    }
  }

  private func verdict(_ seen: UInt16, expected: UInt16) -> ChecksumVerdict {
    // 0 and 0xffff are both zero in ones' complement (RFC 1071 §1).
    let same = seen == expected || (seen == 0xffff && expected == 0)
    return same ? .good : .bad(seen: seen, expected: expected)
  }

  /// The pseudo header holds the final destination (RFC 8200 §8.1), which is then not the header's.
  private var isOnSourceRoute: Bool {
    guard case .ipv4(let header) = network else { return segmentsLeft > 0 }
    var isOnSourceRoute = false
    try? header.forEachOption { option in
      let isRoute =
        option.kind == IPv4Option.looseSourceRoute || option.kind == IPv4Option.strictSourceRoute
      // The route is used up when its pointer is greater than its length (RFC 791 §3.1).
      guard isRoute, let pointer = option.value.first.map({ header.options[$0] }) else { return }
      if Int(pointer) <= option.value.count + 2 { isOnSourceRoute = true }
    }
    return isOnSourceRoute
  }

  private var isFragment: Bool {
    if let ipv6Fragment { return ipv6Fragment.fragmentOffset > 0 || ipv6Fragment.moreFragments }
    if case .ipv4(let header) = network { return header.isFragment }
    return false
  }
}
