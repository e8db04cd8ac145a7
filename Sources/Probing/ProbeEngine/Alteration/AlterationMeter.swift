import PacketWire

extension QuotedDatagram {
  /// Both have the same transport header, so that what is behind it can be compared.
  func hasHeader(like other: QuotedDatagram) -> Bool {
    switch (transport, other.transport) {
    case (.udp, .udp), (.icmpv4, .icmpv4), (.icmpv6, .icmpv6), (.tcp, .tcp): true
    default: false
    }
  }
}

/// Compares field by field. What is covered by a transport checksum is remembered, so that a checksum
/// that followed the other changes (RFC 1624) is told from one that was changed by itself.
struct AlterationMeter {
  typealias Value = ProbeAlteration.Value

  let unknown: DatagramFields
  var comparisons: [ProbeAlteration.Comparison] = []
  var hopsLeft = ProbeAlteration.HopsLeft.asArrived
  /// Old and new words under the pseudo header, and under the transport header.
  var addressWords: [(old: UInt16, new: UInt16)] = []
  var words: [(old: UInt16, new: UInt16)] = []
  var hasPayloadChange = false
  /// What the pseudo header has as the length of what IP carries.
  var carriedLength: (old: UInt16, new: UInt16) = (0, 0)

  init(unknown: DatagramFields) { self.unknown = unknown }

  /// Takes in a field; `finding` says what a difference is.
  mutating func compare(
    _ field: DatagramField, _ sent: Value, _ quoted: Value,
    _ finding: @autoclosure () -> ProbeAlteration.Finding
  ) {
    if unknown.contains(field) {
      comparisons.append(.init(field: field, sent: nil, quoted: quoted, finding: .unknown))
      return
    }
    let result = sent == quoted ? .same : finding()
    comparisons.append(.init(field: field, sent: sent, quoted: quoted, finding: result))
  }

  mutating func compare(
    _ field: DatagramField, _ sent: some BinaryInteger, _ quoted: some BinaryInteger,
    _ change: @autoclosure () -> Change = .rewritten
  ) {
    compare(
      field, .number(UInt64(sent)), .number(UInt64(quoted)), .altered(change()))
  }

  // MARK: The network header

  mutating func compareNetwork(
    _ sent: QuotedDatagram, _ quoted: QuotedDatagram, isTimeExceeded: Bool
  ) {
    switch (sent.network, quoted.network) {
    case (.ipv4(let sent), .ipv4(let quoted)):
      compareTrafficClass(sent.typeOfService, quoted.typeOfService)
      compareIPv4(sent, quoted)
      compareHops(sent.timeToLive, quoted.timeToLive, isTimeExceeded)
      compareHeaderChecksum(quoted, sent: sent.checksum)
      compareOptions(sent.options, quoted.options)
    case (.ipv6(let sent), .ipv6(let quoted)):
      compareTrafficClass(sent.trafficClass, quoted.trafficClass)
      compare(.flowLabel, sent.flowLabel, quoted.flowLabel)
      compare(
        .totalLength, sent.payloadLength, quoted.payloadLength,
        quoted.payloadLength == sent.payloadLength.byteSwapped ? .byteSwapped : .rewritten)
      compareHops(sent.hopLimit, quoted.hopLimit, isTimeExceeded)
      compare(.protocolNumber, sent.nextHeader.rawValue, quoted.nextHeader.rawValue)
    default: break
    }
    compare(.source, .address(sent.source), .address(quoted.source), .altered(.translated))
    compare(
      .destination, .address(sent.destination), .address(quoted.destination),
      .altered(.translated))
    noteAddress(sent.source, quoted.source)
    noteAddress(sent.destination, quoted.destination)
    // A length that is only quoted in another way was no other one on the way.
    let isRewritten = comparisons.contains { $0.field == .totalLength && $0.change == .rewritten }
    let length = Self.carriedLength(of: sent)
    carriedLength = (length, isRewritten ? Self.carriedLength(of: quoted) : length)
  }

  private static func carriedLength(of datagram: QuotedDatagram) -> UInt16 {
    switch datagram.network {
    case .ipv4(let header): header.totalLength &- UInt16(header.length)
    case .ipv6(let header): header.payloadLength
    }
  }

  private mutating func noteAddress(_ sent: IPAddress, _ quoted: IPAddress) {
    func words(_ address: IPAddress) -> [UInt16] {
      switch address {
      case .v4(let address):
        [UInt16(address.bits >> 16), UInt16(truncatingIfNeeded: address.bits)]
      case .v6(let address):
        (0..<8).map { UInt16(truncatingIfNeeded: address.bits >> UInt128(112 - 16 * $0)) }
      }
    }
    for (old, new) in zip(words(sent), words(quoted)) { addressWords.append((old, new)) }
  }

  private mutating func compareTrafficClass(_ sent: UInt8, _ quoted: UInt8) {
    let (old, new) = (sent >> 2, quoted >> 2)
    compare(
      .dscp, old, new,
      new == 0 ? .dscpBleached : new == old & 0b111 ? .precedenceBleached : .dscpRemarked)
    let (oldMark, newMark) = (sent & 0b11, quoted & 0b11)
    let isCapable = oldMark != 0
    compare(
      .ecn, oldMark, newMark,
      newMark == 0 ? .ecnBleached : isCapable && newMark == 3 ? .congestionMarked : .ecnRewritten)
  }

  private mutating func compareIPv4(_ sent: IPv4Header, _ quoted: IPv4Header) {
    let isShortened = Int(quoted.totalLength) == Int(sent.totalLength) - quoted.length
    compare(
      .totalLength, sent.totalLength, quoted.totalLength,
      quoted.totalLength == sent.totalLength.byteSwapped
        ? .byteSwapped : isShortened ? .headerLengthTaken : .rewritten)
    compare(
      .identification, sent.identification, quoted.identification,
      quoted.identification == sent.identification.byteSwapped ? .byteSwapped : .rewritten)
    // A router that turns the whole word round moves DF to where the offset is.
    if quoted.flagsAndOffset == sent.flagsAndOffset.byteSwapped,
      quoted.flagsAndOffset != sent.flagsAndOffset, !unknown.contains(.dontFragment)
    {
      compare(.fragmentation, sent.flagsAndOffset, quoted.flagsAndOffset, .byteSwapped)
    } else {
      compare(
        .dontFragment, sent.dontFragment ? 1 : 0, quoted.dontFragment ? 1 : 0,
        quoted.dontFragment ? .dontFragmentSet : .dontFragmentCleared)
      compare(
        .fragmentation, sent.flagsAndOffset & 0x3fff, quoted.flagsAndOffset & 0x3fff, .fragmented)
    }
    compare(.protocolNumber, sent.protocolNumber.rawValue, quoted.protocolNumber.rawValue)
  }

  private mutating func compareHops(_ sent: UInt8, _ quoted: UInt8, _ isTimeExceeded: Bool) {
    let finding: ProbeAlteration.Finding
    switch (isTimeExceeded, quoted) {
    case _ where quoted > sent: (hopsLeft, finding) = (.raised, .altered(.raised))
    case (true, 0): (hopsLeft, finding) = (.none, .expected)
    case (true, 1): (hopsLeft, finding) = (.asArrived, .expected)
    case (true, _):
      hopsLeft = .left(quoted)
      finding = quoted == sent ? .altered(.notDecremented) : .expected
    case (false, _): (hopsLeft, finding) = (.taken(Int(sent) - Int(quoted)), .expected)
    }
    // As many hops sent as quoted is the rule on the first hop and a finding on a later one.
    let isFinding = finding == .altered(.notDecremented)
    comparisons.append(
      .init(
        field: .timeToLive, sent: .number(UInt64(sent)), quoted: .number(UInt64(quoted)),
        finding: sent == quoted && !isFinding ? .same : finding))
  }

  private mutating func compareHeaderChecksum(_ quoted: IPv4Header, sent: UInt16) {
    let finding: ProbeAlteration.Finding
    var before = quoted
    before.timeToLive &+= 1
    if quoted.isChecksumValid {
      // It has followed the hops that were counted (RFC 1624), if it is not the very same.
      finding = quoted.checksum == sent && !unknown.contains(.headerChecksum) ? .same : .expected
    } else if quoted.checksum == 0 {
      finding = .altered(.checksumCleared)
    } else if before.isChecksumValid {
      finding = .altered(.checksumNotUpdated)
    } else {
      finding = .altered(.checksumWrong)
    }
    comparisons.append(
      .init(
        field: .headerChecksum,
        sent: unknown.contains(.headerChecksum) ? nil : .number(UInt64(sent)),
        quoted: .number(UInt64(quoted.checksum)), finding: finding))
  }

  private mutating func compareOptions(_ sent: OptionOctets, _ quoted: OptionOctets) {
    guard !sent.isEmpty || !quoted.isEmpty else { return }
    // Routers write into the options that record something (RFC 791 §3.1).
    let isRecord =
      !sent.isEmpty && sent.count == quoted.count && sent[0] == quoted[0]
      && [
        IPv4Option.recordRoute, IPv4Option.timestamp, IPv4Option.looseSourceRoute,
        IPv4Option.strictSourceRoute,
      ].contains(sent[0])
    compare(
      .options, .octets(Array(copying: sent.span)), .octets(Array(copying: quoted.span)),
      isRecord
        ? .expected
        : .altered(quoted.count < sent.count ? .optionsStripped : .rewritten))
  }
}
