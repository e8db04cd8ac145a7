extension MultipathOption {
  /// What it says; nil for a subtype without a form here, or with a length that is not its own.
  public var content: Content? {
    let value = octets.span
    switch subtype {
    case 0: return capable(value).map { .capable($0) }
    case 1: return join(value).map { .join($0) }
    case 2: return sequence(value).map { .sequence($0) }
    case 3: return addAddress(value).map { .addAddress($0) }
    case 4 where value.count >= 2:
      return .removeAddresses(
        identifiers: Array(copying: value.extracting(droppingFirst: 1)))
    case 5 where value.count <= 2:
      return .priority(
        isBackup: value[0] & 1 != 0, identifier: value.count == 2 ? value[1] : nil)
    case 6 where value.count == 10: return .fail(value.u64(at: 2))
    case 7 where value.count == 10: return .fastClose(key: value.u64(at: 2))
    default: return nil
    }
  }

  private func capable(_ value: Span<UInt8>) -> Capable? {
    let count = value.count
    guard [2, 10, 18, 20, 22].contains(count) else { return nil }
    return Capable(
      version: value[0] & 15, flags: value[1],
      senderKey: count >= 10 ? value.u64(at: 2) : nil,
      receiverKey: count >= 18 ? value.u64(at: 10) : nil,
      dataLength: count >= 20 ? value.u16(at: 18) : nil,
      checksum: count == 22 ? value.u16(at: 20) : nil)
  }

  private func join(_ value: Span<UInt8>) -> Join? {
    switch value.count {
    case 10:
      .request(
        isBackup: value[0] & 1 != 0, identifier: value[1], token: value.u32(at: 2),
        nonce: value.u32(at: 6))
    case 14:
      .response(
        isBackup: value[0] & 1 != 0, identifier: value[1], code: value.u64(at: 2),
        nonce: value.u32(at: 10))
    case 22: .confirmation(code: Array(copying: value.extracting(droppingFirst: 2)))
    default: nil
    }
  }

  private func sequence(_ value: Span<UInt8>) -> DataSequence? {
    guard value.count >= 2 else { return nil }
    let flags = value[1]
    let acknowledged = flags & 1 == 0 ? 0 : flags & 2 == 0 ? 4 : 8
    let width = flags & 4 == 0 ? 0 : flags & 8 == 0 ? 4 : 8
    let mapped = width == 0 ? 0 : width + 6
    let extra = value.count - 2 - acknowledged - mapped
    guard extra == 0 || extra == 2 && mapped > 0 else { return nil }
    var mapping: DataSequence.Mapping?
    if let number = number(value, at: 2 + acknowledged, width: width) {
      let rest = 2 + acknowledged + width
      mapping = DataSequence.Mapping(
        sequenceNumber: number, subflowSequenceNumber: value.u32(at: rest),
        dataLength: value.u16(at: rest + 4), checksum: extra == 2 ? value.u16(at: rest + 6) : nil)
    }
    return DataSequence(
      isLast: flags & 0x10 != 0, acknowledgment: number(value, at: 2, width: acknowledged),
      mapping: mapping)
  }

  private func number(
    _ value: Span<UInt8>, at offset: Int, width: Int
  ) -> DataSequence.Number? {
    switch width {
    case 4: .short(value.u32(at: offset))
    case 8: .long(value.u64(at: offset))
    default: nil
    }
  }

  /// The low bits are a family in version 0 (RFC 6824 §3.4.1); in version 1 the last one marks an echo.
  private func addAddress(_ value: Span<UInt8>) -> AddAddress? {
    let bits = value[0] & 15
    let isOld = bits == 4 || bits == 6
    let isEcho = !isOld && bits & 1 != 0
    let codeLength = isOld || isEcho ? 0 : 8
    let rest = value.count - 2 - codeLength
    guard [4, 6, 16, 18].contains(rest), !isOld || (rest < 16) == (bits == 4) else { return nil }
    let end = rest < 16 ? 6 : 18
    return AddAddress(
      version: isOld ? 0 : 1, isEcho: isEcho, identifier: value[1],
      address: rest < 16
        ? .v4(IPv4Address(bits: value.u32(at: 2))) : .v6(IPv6Address(value, at: 2)),
      port: rest & 3 == 2 ? value.u16(at: end) : nil,
      code: codeLength > 0 ? value.u64(at: value.count - 8) : nil)
  }
}
