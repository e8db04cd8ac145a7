import PacketWire

// The transport header and what is behind it.
extension AlterationMeter {
  /// Before the transport header, whose checksum covers it.
  mutating func comparePayload(
    _ sent: Span<UInt8>, _ quoted: Span<UInt8>, isSameTransport: Bool
  ) {
    // Padding may stand behind what was sent.
    let count = min(sent.count, quoted.count)
    guard isSameTransport, count > 0 else { return }
    let before = Array(copying: sent.extracting(first: count))
    let after = Array(copying: quoted.extracting(first: count))
    hasPayloadChange = before != after
    compare(.payload, .octets(before), .octets(after), .altered(.rewritten))
  }

  mutating func compareTransport(_ sent: QuotedDatagram, _ quoted: QuotedDatagram) {
    switch (sent.transport, quoted.transport) {
    case (.icmpv4(let sent), .icmpv4(let quoted)):
      addressWords = []  // ICMP's checksum covers no addresses, ICMPv6's does.
      compareICMP(
        (sent.type.rawValue, sent.code, sent.rest, sent.checksum),
        (quoted.type.rawValue, quoted.code, quoted.rest, quoted.checksum))
    case (.icmpv6(let sent), .icmpv6(let quoted)):
      words.append(carriedLength)
      compareICMP(
        (sent.type.rawValue, sent.code, sent.rest, sent.checksum),
        (quoted.type.rawValue, quoted.code, quoted.rest, quoted.checksum))
    case (.udp(let sent), .udp(let quoted)):
      comparePorts(
        (sent.sourcePort, sent.destinationPort), (quoted.sourcePort, quoted.destinationPort))
      compare(
        .udpLength, sent.datagramLength, quoted.datagramLength,
        quoted.datagramLength == sent.datagramLength.byteSwapped ? .byteSwapped : .rewritten)
      // The length counts twice: in the header and in the pseudo header.
      let length = (sent.datagramLength, quoted.datagramLength)
      words += [length, length].map { (old: $0.0, new: $0.1) }
      compareChecksum(.udpChecksum, sent.checksum, quoted.checksum)
    case (.tcp(let sent), .tcp(let quoted)): compareTCP(sent, quoted)
    case (.tcp(let sent), .tcpStart(let source, let destination, let number)):
      comparePorts((sent.sourcePort, sent.destinationPort), (source, destination))
      compare(.tcpSequenceNumber, sent.sequenceNumber, number)
    default: break
    }
  }

  private mutating func note(_ sent: UInt16, _ quoted: UInt16) { words.append((sent, quoted)) }

  private mutating func note(_ sent: UInt32, _ quoted: UInt32) {
    note(UInt16(sent >> 16), UInt16(quoted >> 16))
    note(UInt16(truncatingIfNeeded: sent), UInt16(truncatingIfNeeded: quoted))
  }

  private mutating func compareICMP(
    _ sent: (type: UInt8, code: UInt8, rest: UInt32, checksum: UInt16),
    _ quoted: (type: UInt8, code: UInt8, rest: UInt32, checksum: UInt16)
  ) {
    compare(.icmpType, sent.type, quoted.type)
    compare(.icmpCode, sent.code, quoted.code)
    compare(.icmpIdentifier, sent.rest >> 16, quoted.rest >> 16, .translated)
    let (old, new) = (
      UInt16(truncatingIfNeeded: sent.rest), UInt16(truncatingIfNeeded: quoted.rest)
    )
    compare(
      .icmpSequenceNumber, old, new, new == old.byteSwapped ? .byteSwapped : .rewritten)
    note(UInt16(sent.type) << 8 | UInt16(sent.code), UInt16(quoted.type) << 8 | UInt16(quoted.code))
    note(sent.rest, quoted.rest)
    compareChecksum(.icmpChecksum, sent.checksum, quoted.checksum)
  }

  private mutating func comparePorts(
    _ sent: (source: UInt16, destination: UInt16),
    _ quoted: (source: UInt16, destination: UInt16)
  ) {
    compare(.sourcePort, sent.source, quoted.source, .translated)
    compare(.destinationPort, sent.destination, quoted.destination, .translated)
    note(sent.source, quoted.source)
    note(sent.destination, quoted.destination)
  }

  private mutating func compareTCP(_ sent: TCPHeader, _ quoted: TCPHeader) {
    comparePorts(
      (sent.sourcePort, sent.destinationPort), (quoted.sourcePort, quoted.destinationPort))
    compare(.tcpSequenceNumber, sent.sequenceNumber, quoted.sequenceNumber)
    compare(
      .tcpAcknowledgmentNumber, sent.acknowledgmentNumber, quoted.acknowledgmentNumber)
    compare(.tcpFlags, sent.flags.rawValue, quoted.flags.rawValue)
    compare(.tcpWindow, sent.window, quoted.window)
    let change: Change =
      Self.isStripped(sent, quoted)
      ? .optionsStripped : Self.isClamped(sent, quoted) ? .segmentSizeClamped : .rewritten
    compare(
      .tcpOptions, .octets(Array(copying: sent.options.span)),
      .octets(Array(copying: quoted.options.span)), .altered(change))
    words.append(carriedLength)
    note(sent.sequenceNumber, quoted.sequenceNumber)
    note(sent.acknowledgmentNumber, quoted.acknowledgmentNumber)
    note(
      UInt16(sent.length / 4) << 12 | sent.flags.rawValue,
      UInt16(quoted.length / 4) << 12 | quoted.flags.rawValue)
    note(sent.window, quoted.window)
    for index in stride(from: 0, to: OptionOctets.capacity, by: 2) {
      note(Self.word(sent.options, at: index), Self.word(quoted.options, at: index))
    }
    compareChecksum(.tcpChecksum, sent.checksum, quoted.checksum)
  }

  private static func word(_ options: OptionOctets, at index: Int) -> UInt16 {
    let first = index < options.count ? options[index] : 0
    let second = index + 1 < options.count ? options[index + 1] : 0
    return UInt16(first) << 8 | UInt16(second)
  }

  /// The options of a header without what only fills up, and apart from them the largest segment size.
  private static func options(_ header: TCPHeader) -> (others: [TCPOption], size: UInt16?) {
    var (others, size): ([TCPOption], UInt16?) = ([], nil)
    try? header.forEachOption { option in
      switch option {
      case .maximumSegmentSize(let value): size = value
      case .noOperation, .endOfList: break
      default: others.append(option)
      }
    }
    return (others, size)
  }

  private static func isStripped(_ sent: TCPHeader, _ quoted: TCPHeader) -> Bool {
    let (before, after) = (options(sent), options(quoted))
    return after.others.count < before.others.count || before.size != nil && after.size == nil
  }

  /// The options are the same but for a smaller largest segment size.
  private static func isClamped(_ sent: TCPHeader, _ quoted: TCPHeader) -> Bool {
    let (before, after) = (options(sent), options(quoted))
    guard let old = before.size, let new = after.size else { return false }
    return before.others == after.others && new < old
  }

  private mutating func compareChecksum(
    _ field: DatagramField, _ sent: UInt16, _ quoted: UInt16
  ) {
    let changed = (addressWords + words).filter { $0.old != $0.new }
    let follows = Self.updated(sent, by: changed) == Self.updated(quoted, by: [])
    let value = (Value.number(UInt64(sent)), Value.number(UInt64(quoted)))
    let finding: ProbeAlteration.Finding
    if unknown.contains(field) {
      finding = .unknown
    } else if hasPayloadChange {
      // What is behind the quotation may have changed too: nothing can be said of a difference.
      finding = sent == quoted ? .same : .expected
    } else if follows {
      finding = sent == quoted ? .same : .expected
    } else {
      finding = .altered(quoted == 0 ? .checksumCleared : .checksumRewritten)
    }
    comparisons.append(
      .init(
        field: field, sent: unknown.contains(field) ? nil : value.0, quoted: value.1,
        finding: finding))
  }

  /// RFC 1624 §3, equation 3, for all changed words at once; both zeros count as one.
  private static func updated(
    _ checksum: UInt16, by changes: [(old: UInt16, new: UInt16)]
  ) -> UInt16 {
    var sum = UInt64(~checksum)
    for change in changes { sum += UInt64(~change.old) + UInt64(change.new) }
    while sum > 0xffff { sum = (sum >> 16) + (sum & 0xffff) }
    let value = ~UInt16(sum)
    return value == 0xffff ? 0 : value
  }
}
