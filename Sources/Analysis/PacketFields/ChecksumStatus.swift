import PacketWire

/// What is known of a checksum, by the numbers that tshark gives it.
enum ChecksumStatus: UInt8 {
  case bad, good, unverified, absent, illegal
}

extension PacketField {
  /// The checksum of an IPv4 header is over the header alone (RFC 791 §3.1).
  static func ipv4HeaderStatus(_ layer: FieldLayer, _ octets: Span<UInt8>) -> ChecksumStatus {
    guard let start = layer.place(0, IPv4Header.minimumLength) else { return .unverified }
    let length = Int(octets[start] & 0x0f) &* 4
    guard length >= IPv4Header.minimumLength, layer.place(0, length) != nil else {
      return .unverified
    }
    var sum = InternetChecksum()
    sum.add(octets.extracting(start..<start &+ length))
    return sum.folded == 0xffff ? .good : .bad
  }

  /// The checksum of ICMP has no pseudo header (RFC 792). What an error quotes may have been
  /// shortened without its lengths telling.
  static func icmpv4Status(_ layer: FieldLayer, _ octets: Span<UInt8>) -> ChecksumStatus {
    guard isWhole(layer), layer.quotedBy == nil, layer.place(0, 4) != nil else {
      return .unverified
    }
    var sum = InternetChecksum()
    sum.add(octets.extracting(layer.start..<layer.end))
    return sum.folded == 0xffff ? .good : .bad
  }

  /// A checksum of zero says that there is none, which IPv6 forbids (RFC 768, RFC 8200 §8.1).
  /// Nothing is said of a datagram whose length cannot be.
  static func udpStatus(_ layer: FieldLayer, _ octets: Span<UInt8>) -> ChecksumStatus? {
    guard let start = layer.place(6, 2) else { return nil }
    let isVersion4 = octets[layer.outerStart] >> 4 == 4
    var length = Int(octets.u16(at: start &- 2))
    // A jumbogram's (RFC 2675 §4).
    if length == 0, !isVersion4 { length = layer.wireCount }
    guard length >= UDPHeader.length else { return nil }
    if octets.u16(at: start) == 0 { return isVersion4 ? .absent : .illegal }
    guard length <= layer.wireCount else { return .unverified }
    var layer = layer
    layer.wireEnd = layer.start &+ length
    guard layer.wireEnd <= layer.end else { return .unverified }
    layer.end = layer.wireEnd
    return transportStatus(layer, .udp, octets)
  }

  /// A checksum with a pseudo header, over all of the layer. The destination in it is the last one of
  /// a route (RFC 8200 §8.1).
  static func transportStatus(
    _ layer: FieldLayer, _ number: IPProtocol, _ octets: Span<UInt8>
  ) -> ChecksumStatus {
    guard isWhole(layer), layer.quotedBy == nil || number != .icmpv6 else { return .unverified }
    let network = layer.outerStart
    let isVersion4 = octets[network] >> 4 == 4
    let source: IPAddress
    let destination: IPAddress
    if isVersion4 {
      source = .v4(IPv4Address(bits: octets.u32(at: network &+ 12)))
      destination = .v4(IPv4Address(bits: octets.u32(at: layer.dataStart)))
    } else {
      source = .v6(IPv6Address(bits: octets.u128(at: network &+ 8)))
      destination = .v6(IPv6Address(bits: octets.u128(at: layer.dataStart)))
    }
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: source, to: destination, protocolNumber: number, length: layer.count)
    sum.add(octets.extracting(layer.start..<layer.end))
    return sum.folded == 0xffff ? .good : .bad
  }

  /// All that the checksum covers is here.
  private static func isWhole(_ layer: FieldLayer) -> Bool {
    !layer.isFragment && layer.end == layer.wireEnd
  }
}
