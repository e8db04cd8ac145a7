import PacketWire

extension EchoRequest {
  /// Reads what a socket received, if it is an echo reply with our identifier.
  ///
  /// What nearly every packet is in a flood is looked at first and without taking headers apart; only
  /// the fields that count are read.
  ///
  /// - Parameters:
  ///   - octets: the packet, or from its ICMP header on, as `framing` says.
  ///   - framing: how the socket hands it out.
  ///   - fields: what the socket says about it; used when there is no IP header.
  /// - Returns: `nil` for all else.
  public func reply(
    in octets: Span<UInt8>, framing: ArrivalFraming, fields: ArrivalFields
  ) -> EchoReply? {
    guard framing == .packet else { return reply(octets, fields) }
    // Version 4, a whole header, ICMP, and no fragment (RFC 791 §3.1).
    guard octets.count >= IPv4Header.minimumLength, octets[0] >> 4 == 4,
      octets[9] == IPProtocol.icmp.rawValue, octets.u16(at: 6) & 0x3fff == 0
    else { return nil }
    let start = Int(octets[0] & 0xf) * 4
    // What the link added behind the packet, or a card before the kernel cut it, is not payload.
    let end = min(Int(octets.u16(at: 2)), octets.count)
    guard start >= IPv4Header.minimumLength, start <= end else { return nil }
    return reply(
      octets.extracting(start..<end),
      ArrivalFields(
        source: .v4(octets.ipv4Address(at: 12)), timeToLive: octets[8], typeOfService: octets[1]))
  }

  /// ICMP and ICMPv6 echo headers differ in the type's number only (RFC 792, RFC 4443 §4.2).
  private func reply(_ message: Span<UInt8>, _ fields: ArrivalFields) -> EchoReply? {
    let type =
      family == .v4
      ? ICMPv4Header.MessageType.echoReply.rawValue : ICMPv6Header.MessageType.echoReply.rawValue
    guard isAnswered, message.count >= ICMPv4Header.length, message[0] == type,
      message.u16(at: 4) == identifier
    else { return nil }
    let payload = message.extracting(droppingFirst: ICMPv4Header.length)
    let cookieLength = min(payload.count, Self.cookieLength)
    return EchoReply(
      sequenceNumber: message.u16(at: 6), source: fields.source, timeToLive: fields.timeToLive,
      typeOfService: fields.typeOfService, length: message.count,
      cookie: Self.cookie(payload, cookieLength), cookieLength: cookieLength,
      damage: firstDamage(in: payload), isChecksumValid: isChecksumValid(message))
  }

  /// The kernel has checked an ICMPv6 checksum before a raw socket sees it (RFC 3542 §3.1).
  private func isChecksumValid(_ message: Span<UInt8>) -> Bool {
    guard family == .v4 else { return true }
    var sum = InternetChecksum()
    sum.add(message)
    return sum.folded == 0xffff
  }

  private static func cookie(_ payload: Span<UInt8>, _ length: Int) -> UInt64 {
    if length == 8 { return payload.u64(at: 0) }
    var cookie: UInt64 = 0
    for index in 0..<length { cookie |= UInt64(payload[index]) << UInt64(56 - 8 * index) }
    return cookie
  }

  /// The first octet of the pattern that is not as it was sent.
  private func firstDamage(in payload: Span<UInt8>) -> PayloadDamage.Octet? {
    let start = payloadLength < Self.balancedLength ? Self.cookieLength : Self.balancedLength
    let end = min(payload.count, payloadLength)
    guard start < end else { return nil }
    let seen = payload.extracting(start..<end)
    let expected = template.span.extracting(
      ICMPv4Header.length + start..<ICMPv4Header.length + end)
    // All of it at once, since it is nearly always right.
    var difference: UInt8 = 0
    for index in 0..<min(seen.count, expected.count) {
      difference |= seen[index] ^ expected[index]
    }
    guard difference != 0 else { return nil }
    var index = 0
    while seen[index] == expected[index] { index += 1 }
    return .init(offset: start + index, expected: expected[index], seen: seen[index])
  }
}
