/// What can be said of a checksum.
public enum ChecksumVerdict: Hashable, Sendable {
  /// It is what the octets ask for.
  case good
  /// It should have been `expected`.
  case bad(seen: UInt16, expected: UInt16)
  /// The sender computed none (UDP over IPv4, RFC 768).
  case absent
  /// The frame does not hold all that it covers: it was cut, is a fragment, or is on a source route
  /// that does not tell where it ends. Or there is no such header.
  case unverifiable
}

extension Frame {
  /// Checks the transport checksum (ICMP's own, or with the pseudo header) against `octets`, which
  /// are the ones that this frame was decoded from.
  public func transportChecksum(over octets: Span<UInt8>) -> ChecksumVerdict {
    guard payload.count == payloadLength || canCoverLess, !isFragment, let addresses,
      payload.upperBound <= octets.count
    else { return .unverifiable }
    let body = octets.extracting(payload)
    let ends = farEnds(in: octets)
    guard !isOnSourceRoute || ends.destination != nil else { return .unverifiable }
    let source = ends.source.map { .v6($0) } ?? addresses.source
    let destination = ends.destination.map { .v6($0) } ?? addresses.destination
    switch (transport, (source, destination)) {
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
      guard header.missingOptions == 0 else { return .unverifiable }
      return verdict(
        header.checksum,
        expected: header.computedChecksum(payload: body, from: source, to: destination))
    case (.udpLite(let header), (let source, let destination)):
      let length = UDPHeader.length + payloadLength
      guard let coverage = header.liteCoverage(packetLength: length),
        coverage <= UDPHeader.length + body.count
      else { return .unverifiable }
      return verdict(
        header.checksum,
        expected: header.liteChecksum(
          covered: body.extracting(first: coverage - UDPHeader.length), packetLength: length,
          from: source, to: destination))
    default: return .unverifiable
    }
  }

  /// The checksum of UDP-Lite need not cover all that it carries (RFC 3828 §3.1).
  private var canCoverLess: Bool { if case .udpLite = transport { true } else { false } }

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

  /// The addresses that the pseudo header has instead of the header's, as extension headers say.
  private struct FarEnds {
    /// A mobile node away from home sums its home address (RFC 6275 §6.3, §11.3.1).
    var source: IPv6Address?
    /// On a source route the final destination is summed (RFC 8200 §8.1).
    var destination: IPv6Address?
  }

  /// Nearly no packet has room for them.
  private func farEnds(in octets: Span<UInt8>) -> FarEnds {
    var ends = FarEnds()
    guard case .ipv6(let header) = network,
      transportOffset > networkOffset + IPv6Header.length + 8, transportOffset <= octets.count
    else { return ends }
    var reader = PacketReader(
      octets.extracting(networkOffset + IPv6Header.length..<transportOffset))
    var next = header.nextHeader
    while IPv6ExtensionChain.isMember(next), reader.available >= 8 {
      let length =
        next == .fragment
        ? IPv6FragmentHeader.length
        : IPv6ExtensionHeader.length(of: next, lengthField: reader.remaining[1])
      guard let whole = try? reader.take(length, for: .ipv6Extension) else { return ends }
      if next == .destinationOptions {
        ends.source = ends.source ?? Self.homeAddress(amongOptions: whole)
      } else if next == .routing {
        ends.destination = Self.finalDestination(ofRoute: whole)
      }
      next = IPProtocol(rawValue: whole[0])
    }
    return ends
  }

  /// The last stop of a routing header: the last address of types 0 (RFC 2460 §4.4) and 2 (RFC 6275
  /// §6.4), and the first one of type 4, which lists them backwards (RFC 8754 §2).
  private static func finalDestination(ofRoute header: Span<UInt8>) -> IPv6Address? {
    guard header.count >= 24, header[3] > 0 else { return nil }
    switch header[2] {
    case 0, 2: return header.count % 16 == 8 ? IPv6Address(header, at: header.count - 16) : nil
    case 4: return IPv6Address(header, at: 8)
    default: return nil
    }
  }

  private static func homeAddress(amongOptions header: Span<UInt8>) -> IPv6Address? {
    var index = 2
    while index + 1 < header.count {
      // Pad1 is the only option without a length (RFC 8200 §4.2).
      if header[index] == 0 {
        index += 1
        continue
      }
      let end = index + 2 + Int(header[index + 1])
      guard end <= header.count else { return nil }
      if header[index] == 0xc9, header[index + 1] == 16 {
        return IPv6Address(header, at: index + 2)
      }
      index = end
    }
    return nil
  }
}
