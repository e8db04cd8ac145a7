import PacketWire

// Options that say how a PPP link compresses.
extension PacketPrinter {
  /// How IP headers are compressed (RFC 1332 §3.2, RFC 2509 §2.1); `missing` octets of the option were
  /// not captured or do not fit.
  mutating func appendCompression(
    _ value: Span<UInt8>, missing: Int, into out: inout TextBuffer
  ) {
    guard value.count >= 2 else { return appendBogus(">= 4", into: &out) }
    let compression = value.u16(at: 0)
    out.append(": ")
    switch compression {
    case 0x2d: out.append("VJ-Comp")
    case 0x61: out.append("IP Header Compression")
    default: out.append("Unknown")
    }
    out.append(" (0x")
    out.append(hex: compression, digits: 2)
    out.append("):")
    guard compression == 0x61 else { return }
    guard value.count >= 12 else { return appendBogus(">= 14", into: &out) }
    out.append("\n\t    TCP Space ")
    out.append(decimal: value.u16(at: 2))
    out.append(", non-TCP Space ")
    out.append(decimal: value.u16(at: 4))
    out.append(", maxPeriod ")
    out.append(decimal: value.u16(at: 6))
    out.append(", maxTime ")
    out.append(decimal: value.u16(at: 8))
    out.append(", maxHdr ")
    out.append(decimal: value.u16(at: 10))
    appendSuboptions(
      value.extracting(droppingFirst: 12), length: value.count &- 12 &+ missing, into: &out)
  }

  private func appendSuboptions(
    _ suboptions: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard length > 0 else { return }
    out.append("\n\t      Suboptions, length ")
    out.append(decimal: length)
    var offset = 0
    while offset &+ 2 <= suboptions.count {
      let count = Int(suboptions[offset &+ 1])
      guard count > 0, offset &+ count <= length else { return }
      out.append("\n\t\t")
      switch suboptions[offset] {
      case 1: out.append("RTP-Compression")
      case 2: out.append("Enhanced RTP-Compression")
      default: out.append("Unknown")
      }
      out.append(" Suboption #")
      out.append(decimal: suboptions[offset])
      out.append(", length ")
      out.append(decimal: count)
      offset &+= count
    }
  }

  /// How packets are compressed (RFC 1962 §4, RFC 1977, RFC 1979).
  mutating func append(
    compressionOption kind: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch kind {
    case 21:
      guard let first = value.first else { return appendBogus(">= 3", into: &out) }
      out.append(": Version: ")
      out.append(decimal: first >> 5)
      out.append(", Dictionary Bits: ")
      out.append(decimal: first & 0x1f)
    case 24:
      guard value.count >= 2 else { return appendBogus(">= 4", into: &out) }
      out.append(": Features: ")
      out.append(decimal: value[0] >> 6)
      out.append(value[0] & 0x20 == 0 ? ", PxP: Disabled" : ", PxP: Enabled")
      out.append(", History: ")
      out.append(decimal: value[0] & 0x1f)
      out.append(", #CTX-ID: ")
      out.append(decimal: value[1])
    case 26:
      guard value.count >= 2 else { return appendBogus(">= 4", into: &out) }
      out.append(": Window: ")
      out.append(decimal: value[0] >> 4)
      out.append(value[0] & 15 == 8 ? "K, Method: zlib (0x" : "K, Method: unknown (0x")
      out.append(hex: value[0] & 15, digits: 1)
      out.append("), MBZ: ")
      out.append(decimal: value[1] >> 2)
      out.append(", CHK: ")
      out.append(decimal: value[1] & 3)
    default: appendUnknownOption(value, into: &out)
    }
  }
}
