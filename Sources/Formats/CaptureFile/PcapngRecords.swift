import PacketWire

extension CaptureReader {
  /// So many records are kept of one Name Resolution Block.
  static let maximumNameRecords = 65_536

  /// Reads a Name Resolution Block (draft-ietf-opsawg-pcapng §4.5).
  mutating func readNames(_ body: Range<Int>) throws(CaptureError) -> CapturedNames {
    let type = PcapngBlock.nameResolution
    var names = CapturedNames([])
    // Records are laid out as options are; what follows the last one are options.
    var walk = options(body, of: type)
    while let record = try walk.next(in: self) {
      guard let length = NameRecordType.addressLength(of: record.code) else { continue }
      guard record.value.count >= length else {
        throw CaptureError(
          .block(type), at: offset,
          .badOption(code: record.code, length: UInt16(clamping: record.value.count)))
      }
      guard names.records.count < Self.maximumNameRecords else {
        records.droppedCount += 1
        continue
      }
      names.records.append(
        CapturedNames.Record(
          address(record.code, at: record.value.lowerBound),
          strings(record.value.dropFirst(length))))
    }
    var options = options(walk.rest.dropFirst(4), of: type, lengthOf: NamesOption.length)
    while let option = try options.next(in: self) {
      let index = option.value.lowerBound
      switch option.code {
      case CommonOption.comment: addComment(option.value, to: &names.comments)
      case NamesOption.serverName: names.serverName = text(option.value)
      case NamesOption.serverIPv4: names.serverIPv4 = IPv4Address(bits: buffer.span.u32(at: index))
      case NamesOption.serverIPv6: names.serverIPv6 = IPv6Address(bits: u128(at: index))
      default: break
      }
    }
    return names
  }

  /// The address that a name record begins with: network order, whatever the section's is.
  private func address(_ type: UInt16, at index: Int) -> CapturedNames.Address {
    let octets = buffer.span
    return switch type {
    case NameRecordType.ipv4: .ipv4(IPv4Address(bits: octets.u32(at: index)))
    case NameRecordType.ipv6: .ipv6(IPv6Address(bits: u128(at: index)))
    case NameRecordType.eui48:
      .eui48(
        MACAddress(
          bits: UInt64(octets.u16(at: index)) << 32 | UInt64(octets.u32(at: index + 2))))
    default: .eui64(octets.u64(at: index))
    }
  }

  private func u128(at index: Int) -> UInt128 {
    UInt128(buffer.span.u64(at: index)) << 64 | UInt128(buffer.span.u64(at: index + 8))
  }

  /// Strings, each with a zero octet behind it; empty ones are left out.
  private func strings(_ octets: Range<Int>) -> [String] {
    [UInt8](copying: buffer.span.extracting(octets)).split(separator: 0).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  /// Reads an Interface Statistics Block (draft-ietf-opsawg-pcapng §4.6).
  mutating func readStatistics(_ body: Range<Int>) throws(CaptureError) -> InterfaceStatistics {
    let type = PcapngBlock.interfaceStatistics
    let index = u32(at: body.lowerBound)
    guard Int(index) < interfaces.count else {
      throw CaptureError(
        .block(type), at: offset, .unknownInterface(index, described: interfaces.count))
    }
    let interface = Int(index)
    var statistics = InterfaceStatistics(
      interface: interface, time: instant(at: body.lowerBound + 4, of: interface))
    var options = options(body.dropFirst(12), of: type, lengthOf: StatisticsOption.length)
    while let option = try options.next(in: self) {
      let value = option.value.lowerBound
      switch option.code {
      case CommonOption.comment: addComment(option.value, to: &statistics.comments)
      case StatisticsOption.start: statistics.start = instant(at: value, of: interface)
      case StatisticsOption.end: statistics.end = instant(at: value, of: interface)
      case StatisticsOption.received: statistics.received = u64(at: value)
      case StatisticsOption.droppedByInterface: statistics.droppedByInterface = u64(at: value)
      case StatisticsOption.acceptedByFilter: statistics.acceptedByFilter = u64(at: value)
      case StatisticsOption.droppedBySystem: statistics.droppedBySystem = u64(at: value)
      case StatisticsOption.delivered: statistics.delivered = u64(at: value)
      default: break
      }
    }
    return statistics
  }

  /// Reads a Decryption Secrets Block (draft-ietf-opsawg-pcapng §4.7).
  mutating func readSecrets(_ body: Range<Int>) throws(CaptureError) -> DecryptionSecrets {
    let type = PcapngBlock.decryptionSecrets
    let length = u32(at: body.lowerBound + 4)
    let octets = body.dropFirst(8)
    guard Int(length) <= octets.count else {
      throw CaptureError(
        .block(type), at: offset, .badSecretsLength(length, limit: octets.count))
    }
    var secrets = DecryptionSecrets(
      DecryptionSecrets.Kind(rawValue: u32(at: body.lowerBound)),
      [UInt8](copying: buffer.span.extracting(octets.prefix(Int(length)))))
    // A block's body ends on a multiple of four, so that the padding is there.
    var options = options(octets.dropFirst((Int(length) + 3) & ~3), of: type)
    while let option = try options.next(in: self) {
      if option.code == CommonOption.comment { addComment(option.value, to: &secrets.comments) }
    }
    return secrets
  }
}
