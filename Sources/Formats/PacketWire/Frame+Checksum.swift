/// What can be said of a checksum.
public enum ChecksumVerdict: Hashable, Sendable {
  /// It is what the octets ask for.
  case good
  /// It should have been `expected`.
  case bad(seen: UInt16, expected: UInt16)
  /// The sender computed none (UDP over IPv4, RFC 768).
  case absent
  /// The capture or a fragment does not hold all octets that it covers, or there is no such header.
  case unverifiable
}

extension Frame {
  /// Checks the transport checksum (ICMP's own, or with the pseudo header) against `octets`, which
  /// are the ones that this frame was decoded from.
  public func transportChecksum(over octets: Span<UInt8>) -> ChecksumVerdict {
    guard payload.count == payloadLength, !isFragment, let addresses,
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

  private var isFragment: Bool {
    if let ipv6Fragment { return ipv6Fragment.fragmentOffset > 0 || ipv6Fragment.moreFragments }
    if case .ipv4(let header) = network { return header.isFragment }
    return false
  }
}
