import PacketWire

extension PacketPrinter {
  /// A routing header of type 0 (RFC 5095 ended its use), 2 (RFC 6275 §6.4) or 4 (RFC 8754 §2), of
  /// `length` octets; false for another, one whose length cannot be, and one that is cut.
  mutating func appendRouting(
    _ header: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    let units = header.count > 1 ? header[1] : 0
    switch appendRouting(header, units, into: &out) {
    case .whole where length <= header.count:
      out.append(") ")
      return true
    case .whole, .cut: appendCut("rt6", into: &out)
    case .tooShort:
      out.append(" (invalid length ")
      out.append(decimal: units)
      out.append(octet: 0x29)
      appendInvalid(into: &out)
    case .unknown:
      out.append(" (unknown type)")
      appendInvalid(into: &out)
    }
    return false
  }

  private enum Outcome {
    case whole, cut, tooShort, unknown
  }

  private func appendRouting(
    _ header: Span<UInt8>, _ units: UInt8, into out: inout TextBuffer
  ) -> Outcome {
    out.append("RT6")
    guard header.count >= 2 else { return .cut }
    out.append(" (len=")
    out.append(decimal: units)
    guard header.count >= 3 else { return .cut }
    out.append(", type=")
    out.append(decimal: header[2])
    if header[2] == 0 { out.append(" [Deprecated]") }
    guard header.count >= 4 else { return .cut }
    out.append(", segleft=")
    out.append(decimal: header[3])
    switch header[2] {
    case 0, 2:
      guard header.count >= 8 else { return .cut }
      let reserved = header.u32(at: 4)
      if reserved != 0 || options.isVerbose {
        out.append(", rsv=0x")
        out.append(hex: reserved, digits: 1)
      }
      // An address has twice the eight octets that the length counts.
      guard units & 1 == 0 else { return .tooShort }
      return appendAddresses(header, count: Int(units) / 2, into: &out) ? .whole : .cut
    case 4: return appendSegments(header, units, into: &out)
    default: return .unknown
    }
  }

  private func appendAddresses(
    _ header: Span<UInt8>, count: Int, into out: inout TextBuffer
  ) -> Bool {
    for index in 0..<count {
      guard header.count >= 24 &+ 16 &* index else { return false }
      out.append(", [")
      out.append(decimal: index)
      out.append(octet: 0x5d)
      out.append(header.ipv6Address(at: 8 &+ 16 &* index))
    }
    return true
  }

  /// A segment routing header (RFC 8754 §2): segments, and what is told of them.
  private func appendSegments(
    _ header: Span<UInt8>, _ units: UInt8, into out: inout TextBuffer
  ) -> Outcome {
    guard header.count >= 5 else { return .cut }
    out.append(", last-entry=")
    out.append(decimal: header[4])
    guard header.count >= 6 else { return .cut }
    if header[5] != 0 || options.isVerbose {
      out.append(", flags=0x")
      out.append(hex: header[5], digits: 1)
    }
    guard header.count >= 8 else { return .cut }
    out.append(", tag=")
    out.append(hex: header.u16(at: 6), digits: 1)
    let whole = Int(units) &* 8 &+ 8
    let end = 24 &+ 16 &* Int(header[4])
    guard end <= whole else { return .tooShort }
    guard appendAddresses(header, count: Int(header[4]) &+ 1, into: &out) else { return .cut }
    appendObjects(header.extracting(end..<max(end, min(whole, header.count))), into: &out)
    return .whole
  }

  /// Type-length-value objects (RFC 8754 §2.1), as far as they fit.
  private func appendObjects(_ objects: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset < objects.count {
      let type = objects[offset]
      out.append(", TLV-type=")
      switch type {
      case 0: out.append("Pad1")
      case 4: out.append("PadN")
      case 5: out.append("HMAC")
      default: out.append("Unknown")
      }
      out.append(octet: 0x28)
      out.append(decimal: type)
      out.append(octet: 0x29)
      offset &+= 1
      guard type != 0, offset < objects.count else { continue }
      let length = Int(objects[offset])
      out.append(", TLV-len=")
      out.append(decimal: length)
      offset &+= 1
      // RFC 8754 §2.1.2 lets a reader count what stands before an authenticator of whole eights in its
      // length, as Linux does, or not.
      let extra = type == 5 && length % 8 == 0 ? 6 : 0
      let end = min(offset &+ length &+ extra, objects.count)
      if type == 5, options.isVerbose, end &- offset >= 6 {
        appendAuthenticator(objects.extracting(offset..<end), into: &out)
      }
      offset = end
    }
  }

  /// RFC 8754 §2.1.2.
  private func appendAuthenticator(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(", D=")
    out.append(decimal: value[0] >> 7)
    out.append(", HMAC-key-ID=0x")
    out.append(hex: value.u32(at: 2))
    out.append(", HMAC=0x")
    for index in 6..<value.count { out.append(hex: value[index]) }
  }
}
