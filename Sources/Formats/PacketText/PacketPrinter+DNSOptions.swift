import PacketWire

// The options of an OPT record (RFC 6891 §6.1.2), read where they stand.
extension PacketPrinter {
  /// Appends all options in brackets, if there are any; false when the last one is cut.
  mutating func appendEDNSOptions(
    _ message: Span<UInt8>, _ range: Range<Int>, into out: inout TextBuffer
  ) -> Bool {
    guard !range.isEmpty else { return true }
    out.append(" [")
    var offset = range.lowerBound
    while offset < range.upperBound {
      if offset > range.lowerBound { out.append(octet: 0x2c) }
      guard offset &+ 2 <= range.upperBound else { return false }
      let code = EDNSOptionCode(rawValue: message.u16(at: offset))
      out.append(option: code)
      guard offset &+ 4 <= range.upperBound else { return false }
      let start = offset &+ 4
      offset = start &+ Int(message.u16(at: offset &+ 2))
      guard offset <= range.upperBound else { return false }
      guard offset > start else { continue }
      out.append(octet: 0x20)
      append(code, message, message.extracting(start..<offset), at: start, into: &out)
    }
    out.append(octet: 0x5d)
    return true
  }

  /// Appends the value of an option, which is not empty and begins at `start` of the message.
  private mutating func append(
    _ code: EDNSOptionCode, _ message: Span<UInt8>, _ value: Span<UInt8>, at start: Int,
    into out: inout TextBuffer
  ) {
    switch code {
    case .algorithms, .digests, .hashes: append(numbers: value, of: code, into: &out)
    case .clientSubnet: appendClientSubnet(value, into: &out)
    case .expire:
      guard value.count == 4 else { return appendInvalid(into: &out) }
      out.append(decimal: value.u32(at: 0))
      out.append(" sec")
    case .cookie: appendCookie(value, into: &out)
    case .keepAlive:
      guard value.count == 2 else { return appendInvalid(into: &out) }
      out.append(fixedPoint: Int64(value.u16(at: 0)), places: 1)
      out.append(" sec")
    case .padding:
      out.append(octet: 0x28)
      out.append(decimal: value.count)
      out.append(octet: 0x29)
    case .chain:
      _ = message.extracting(first: start &+ value.count).appendName(at: start, into: &out)
    case .keyTag: appendKeyTags(value, into: &out)
    default: out.append(hexOf: value)
    }
  }

  /// RFC 6975 §3: an octet for each algorithm that the client understands.
  private func append(
    numbers value: Span<UInt8>, of code: EDNSOptionCode, into out: inout TextBuffer
  ) {
    for index in value.indices {
      if index > 0 { out.append(octet: 0x20) }
      if let name = code.name(ofNumber: value[index]) {
        out.append(name)
      } else {
        out.append("Alg_")
        out.append(decimal: value[index])
      }
    }
  }

  /// RFC 7871 §6: family, two prefix lengths, and no more octets of the address than the first needs.
  private mutating func appendClientSubnet(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count >= 4 else { return appendInvalid(into: &out) }
    let (family, length) = (value.u16(at: 0), Int(value[2]))
    let width = family == 1 ? 32 : 128
    guard family == 1 || family == 2, length <= width, value.count &- 4 == (length &+ 7) / 8 else {
      return appendInvalid(into: &out)
    }
    var bits: UInt128 = 0
    for index in 4..<20 {
      bits = bits << 8 | (index < value.count ? UInt128(value[index]) : 0)
    }
    append(
      family == 1
        ? .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits >> 96)))
        : .v6(IPv6Address(bits: bits)), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: value[2])
    out.append(octet: 0x2f)
    out.append(decimal: value[3])
  }

  /// RFC 7873 §4: eight octets of the client, then none or 8 to 32 of the server.
  private mutating func appendCookie(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count == 8 || (16...40).contains(value.count) else {
      return appendInvalid(into: &out)
    }
    out.append(hexOf: value.extracting(first: 8))
    guard value.count > 8 else { return }
    out.append(octet: 0x20)
    out.append(hexOf: value.extracting(droppingFirst: 8))
  }

  /// RFC 8145 §4.1: a list of 16-bit numbers.
  private mutating func appendKeyTags(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count % 2 == 0 else { return appendInvalid(into: &out) }
    for offset in stride(from: 0, to: value.count, by: 2) {
      if offset > 0 { out.append(octet: 0x20) }
      out.append(decimal: value.u16(at: offset))
    }
  }
}

extension TextBuffer {
  /// Appends an option code by name or as `Opt15`.
  mutating func append(option code: EDNSOptionCode) {
    if let name = code.shortName {
      append(name)
    } else {
      append("Opt")
      append(decimal: code.rawValue)
    }
  }

  /// Appends octets as lower-case hex, two digits each, without gaps.
  mutating func append(hexOf octets: Span<UInt8>) {
    for index in octets.indices { append(hex: octets[index]) }
  }
}
