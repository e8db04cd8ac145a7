import PacketWire

extension PacketPrinter {
  /// Appends the options of a packet that negotiates (RFC 1661 §6).
  mutating func appendOptions(
    _ number: PPPProtocol, _ data: Span<UInt8>, missing: Int, into out: inout TextBuffer
  ) {
    var offset = 0
    let whole = data.count &+ missing
    while offset < whole {
      guard offset &+ 2 <= data.count else { return appendCut("ppp", into: &out) }
      let (kind, length) = (data[offset], Int(data[offset &+ 1]))
      guard let name = number.optionName(kind) else {
        out.append("\n\tunknown LCP option 0x")
        out.append(hex: kind)
        guard length >= 2, offset &+ length <= whole else {
          return appendShort(whole &- offset, length, into: &out)
        }
        offset &+= length
        continue
      }
      out.append("\n\t  ")
      out.append(name)
      out.append(" Option (0x")
      out.append(hex: kind)
      out.append("), length ")
      out.append(decimal: length)
      guard length >= 2 else {
        isMarked = true
        return out.append(" (length bogus, should be >= 2)")
      }
      // What there is of an option is printed before it is said to be too long.
      let end = min(offset &+ length, data.count)
      let value = data.extracting(offset &+ 2..<max(end, offset &+ 2))
      append(option: kind, number, value, missing: offset &+ length &- end, into: &out)
      guard offset &+ length <= whole else {
        return appendShort(whole &- offset, length, into: &out)
      }
      guard end == offset &+ length else { return appendCut("ppp", into: &out) }
      if options.verbosity > 1 { appendOctets(value, into: &out) }
      offset &+= length
    }
  }

  private func appendOctets(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(hexDump: value, indented: "\n\t    ")
  }

  /// Octets that mean nothing here; at `-vv` they are shown as those of every option are.
  func appendUnknownOption(_ value: Span<UInt8>, into out: inout TextBuffer) {
    if options.verbosity < 2 { appendOctets(value, into: &out) }
  }

  private mutating func appendShort(
    _ left: Int, _ length: Int, into out: inout TextBuffer
  ) {
    out.append(" [remaining options length ")
    out.append(decimal: left)
    out.append(" < ")
    out.append(decimal: length)
    out.append(octet: 0x5d)
    appendInvalid(into: &out)
  }

  private mutating func append(
    option kind: UInt8, _ number: PPPProtocol, _ value: Span<UInt8>, missing: Int,
    into out: inout TextBuffer
  ) {
    switch number {
    case .ipcp where kind == 2: appendCompression(value, missing: missing, into: &out)
    case _ where missing > 0: return
    case .lcp: append(linkOption: kind, value, into: &out)
    case .ipcp: append(addressOption: kind, value, into: &out)
    case .compressionControl: append(compressionOption: kind, value, into: &out)
    case .ipv6cp where kind == 1:
      guard value.count == 8 else { return appendBogus("= 10", into: &out) }
      out.append(": ")
      for index in 0..<4 {
        if index > 0 { out.append(octet: 0x3a) }
        out.append(hex: value.u16(at: 2 &* index))
      }
    default: appendUnknownOption(value, into: &out)
    }
  }

  /// RFC 1661 §6.
  private mutating func append(
    linkOption kind: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch kind {
    case 1, 17:
      guard value.count == 2 else { return appendBogus("= 4", into: &out) }
      out.append(": ")
      out.append(decimal: value.u16(at: 0))
    case 2, 5:
      guard value.count == 4 else { return appendBogus("= 6", into: &out) }
      out.append(": 0x")
      out.append(hex: value.u32(at: 0))
    case 3: appendAuthentication(value, into: &out)
    case 4:
      guard value.count >= 2 else { return appendBogus(">= 4", into: &out) }
      out.append(value.u16(at: 0) == 0xc025 ? ": LQR" : ": unknown")
    case 7, 8: break
    case 13: appendCallBack(value, into: &out)
    case 19: appendDiscriminator(value, into: &out)
    case 23:
      guard value.count == 2 else { return appendBogus("= 4", into: &out) }
      out.append(": 0x")
      out.append(hex: value.u16(at: 0))
    default: appendUnknownOption(value, into: &out)
    }
  }

  mutating func appendBogus(_ length: String, into out: inout TextBuffer) {
    out.append(" (length bogus, should be ")
    out.append(length)
    out.append(octet: 0x29)
    isMarked = true
  }

  private mutating func appendAuthentication(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard value.count >= 2 else { return appendBogus(">= 4", into: &out) }
    let number = PPPProtocol(rawValue: value.u16(at: 0))
    out.append(": ")
    out.append(number.name ?? "unknown")
    guard number == .chap, value.count > 2 else { return }
    out.append(", ")
    switch value[2] {
    case 5: out.append("MD5")
    case 0x80: out.append("MS-CHAPv1")
    case 0x81: out.append("MS-CHAPv2")
    default:
      out.append("Unknown Auth Alg ")
      out.append(decimal: value[2])
    }
  }

  /// RFC 1570 §2.3.
  private mutating func appendCallBack(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard let operation = value.first else { return appendBogus(">= 3", into: &out) }
    out.append(": : Callback Operation ")
    switch operation {
    case 0: out.append("UserAuth")
    case 1: out.append("DialString")
    case 2: out.append("LocalID")
    case 3: out.append("E.164")
    case 4: out.append("X.500")
    case 6: out.append("CBCP")
    default: out.append("Unknown")
    }
    out.append(" (")
    out.append(decimal: operation)
    out.append(octet: 0x29)
  }

  /// RFC 1990 §5.1.3.
  private mutating func appendDiscriminator(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard let kind = value.first else { return appendBogus(">= 3", into: &out) }
    switch kind {
    case 0: out.append(": Null")
    case 1: out.append(": Local")
    case 2:
      guard value.count == 5 else { return appendBogus("= 7", into: &out) }
      out.append(": IPv4 ")
      append(.v4(value.ipv4Address(at: 1)), into: &out)
    case 3:
      guard value.count == 7 else { return appendBogus("= 9", into: &out) }
      out.append(": MAC ")
      out.append(MACAddress(bits: value.u48(at: 1)))
    case 4: out.append(": Magic-Num-Block")
    case 5: out.append(": PSNDN")
    default:
      out.append(": Unknown class ")
      out.append(decimal: kind)
    }
  }

  /// RFC 1332 §3, RFC 1877.
  private mutating func append(
    addressOption kind: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch kind {
    case 1:
      guard value.count == 8 else { return appendBogus("= 10", into: &out) }
      out.append(": src ")
      append(.v4(value.ipv4Address(at: 0)), into: &out)
      out.append(", dst ")
      append(.v4(value.ipv4Address(at: 4)), into: &out)
    case 3, 4, 129...132:
      guard value.count == 4 else { return appendBogus("= 6", into: &out) }
      out.append(": ")
      append(.v4(value.ipv4Address(at: 0)), into: &out)
    default: appendUnknownOption(value, into: &out)
    }
  }
}
