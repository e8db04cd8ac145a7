import PacketWire

extension PacketPrinter {
  /// A routing header of type 0 (RFC 5095 ended its use), 2 (RFC 6275 §6.4) or 4 (RFC 8754 §2); false
  /// for another, or one whose length cannot be.
  mutating func appendRouting(_ header: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    let (length, type) = (header[1], header[2])
    out.append("RT6 (len=")
    out.append(decimal: length)
    out.append(", type=")
    out.append(decimal: type)
    if type == 0 { out.append(" [Deprecated]") }
    out.append(", segleft=")
    out.append(decimal: header[3])
    switch type {
    case 0, 2:
      let reserved = header.u32(at: 4)
      if reserved != 0 || options.isVerbose {
        out.append(", rsv=0x")
        out.append(hex: reserved, digits: 1)
      }
      // An address has twice the eight octets that the length counts.
      guard length & 1 == 0 else { return refuse(length, into: &out) }
      appendAddresses(header, count: Int(length) / 2, into: &out)
    case 4:
      guard appendSegments(header, into: &out) else { return refuse(length, into: &out) }
    default:
      out.append(" (unknown type)")
      appendInvalid(into: &out)
      return false
    }
    out.append(") ")
    return true
  }

  private mutating func refuse(_ length: UInt8, into out: inout TextBuffer) -> Bool {
    out.append(" (invalid length ")
    out.append(decimal: length)
    out.append(octet: 0x29)
    appendInvalid(into: &out)
    return false
  }

  private func appendAddresses(
    _ header: Span<UInt8>, count: Int, into out: inout TextBuffer
  ) {
    for index in 0..<count {
      out.append(", [")
      out.append(decimal: index)
      out.append(octet: 0x5d)
      out.append(header.ipv6Address(at: 8 &+ 16 &* index))
    }
  }

  /// A segment routing header (RFC 8754 §2): segments, and what is told of them; false if the header
  /// has no room for as many as it says.
  private func appendSegments(_ header: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    out.append(", last-entry=")
    out.append(decimal: header[4])
    if header[5] != 0 || options.isVerbose {
      out.append(", flags=0x")
      out.append(hex: header[5], digits: 1)
    }
    out.append(", tag=")
    out.append(hex: header.u16(at: 6), digits: 1)
    let count = Int(header[4]) &+ 1
    let end = 8 &+ 16 &* count
    guard end <= header.count else { return false }
    appendAddresses(header, count: count, into: &out)
    appendObjects(header.extracting(droppingFirst: end), into: &out)
    return true
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
