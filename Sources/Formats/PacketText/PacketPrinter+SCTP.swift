import PacketWire

extension PacketPrinter {
  /// How many chunks of a packet are told; hostile ones have more.
  private static var maximumChunks: Int { 64 }

  /// Appends an SCTP packet and its chunks (RFC 9260 §3).
  mutating func appendSCTP(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let body = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    guard packet.length >= SCTPHeader.length else {
      out.append("truncated-sctp - ")
      out.append(decimal: SCTPHeader.length &- packet.length)
      isMarked = true
      return out.append(" bytes missing!")
    }
    guard body.count >= 4 else { return appendCut("sctp", into: &out) }
    appendEndpoints(of: packet, from: body.u16(at: 0), to: body.u16(at: 2), into: &out)
    out.append("sctp")
    guard body.count >= SCTPHeader.length else { return appendCut("sctp", into: &out) }
    appendChunks(
      body.extracting(droppingFirst: SCTPHeader.length),
      length: packet.length &- SCTPHeader.length, into: &out)
  }

  private mutating func appendChunks(
    _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    var offset = 0
    var count = 0
    while offset < length, count < Self.maximumChunks {
      count &+= 1
      guard length &- offset >= 4 else {
        appendNumber(count, into: &out)
        isMarked = true
        return out.append("[chunk descriptor cut off at end of packet]")
      }
      guard body.count >= offset &+ 4 else { return appendCut("sctp", into: &out) }
      let chunkLength = Int(body.u16(at: offset &+ 2))
      appendNumber(count, into: &out)
      guard chunkLength >= 4 else {
        isMarked = true
        return out.append("[Bad chunk length \(chunkLength), < size of chunk descriptor]")
      }
      guard offset &+ chunkLength <= length else {
        isMarked = true
        return out.append("[Bad chunk length \(chunkLength), > remaining data in packet]")
      }
      out.append(octet: 0x5b)
      out.append(chunkName: body[offset])
      out.append("] ")
      let start = offset &+ 4
      let end = min(offset &+ chunkLength, body.count)
      guard
        append(
          chunk: body[offset], flags: body[offset &+ 1],
          body.extracting(start..<max(start, end)), into: &out)
      else { return appendCut("sctp", into: &out) }
      offset &+= (chunkLength &+ 3) & ~3
    }
  }

  private func appendNumber(_ count: Int, into out: inout TextBuffer) {
    if options.verbosity > 1 {
      out.append("\n\t")
    } else {
      out.append(count > 1 ? ", (" : " (")
    }
    out.append(decimal: count)
    out.append(") ")
  }

  /// False when the chunk's fixed part is not all there.
  private func append(
    chunk type: UInt8, flags: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch type {
    case 0:
      guard value.count >= 12 else { return false }
      appendData(flags, value, into: &out)
    case 1, 2:
      guard value.count >= 16 else { return false }
      append("[init tag: ", value.u32(at: 0), into: &out)
      append("[rwnd: ", value.u32(at: 4), into: &out)
      append("[OS: ", UInt32(value.u16(at: 8)), into: &out)
      append("[MIS: ", UInt32(value.u16(at: 10)), into: &out)
      append("[init TSN: ", value.u32(at: 12), into: &out)
    case 3:
      guard value.count >= 12 else { return false }
      return appendSelective(value, into: &out)
    default: break
    }
    return true
  }

  private func append(_ label: String, _ value: UInt32, into out: inout TextBuffer) {
    out.append(label)
    out.append(decimal: value)
    out.append("] ")
  }

  private func appendData(
    _ flags: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    // RFC 9260 §3.3.1: unordered, beginning and ending fragment.
    if flags & 4 != 0 { out.append("(U)") }
    if flags & 2 != 0 { out.append("(B)") }
    if flags & 1 != 0 { out.append("(E)") }
    if flags & 7 != 0 { out.append(octet: 0x20) }
    append("[TSN: ", value.u32(at: 0), into: &out)
    append("[SID: ", UInt32(value.u16(at: 4)), into: &out)
    append("[SSEQ ", UInt32(value.u16(at: 6)), into: &out)
    out.append("[PPID 0x")
    out.append(hex: value.u32(at: 8), digits: 1)
    out.append("] ")
    guard options.verbosity > 1 else { return }
    out.append("[Payload")
    guard options.dump == .none else { return out.append(octet: 0x5d) }
    out.append(octet: 0x3a)
    out.append(hexAndASCIIDump: value.extracting(droppingFirst: 12))
    out.append(octet: 0x5d)
  }

  /// RFC 9260 §3.3.4.
  private func appendSelective(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    let base = value.u32(at: 0)
    let gaps = Int(value.u16(at: 8))
    let duplicates = Int(value.u16(at: 10))
    append("[cum ack ", base, into: &out)
    append("[a_rwnd ", value.u32(at: 4), into: &out)
    append("[#gap acks ", UInt32(gaps), into: &out)
    append("[#dup tsns ", UInt32(duplicates), into: &out)
    guard value.count >= 12 &+ 4 &* (gaps &+ duplicates) else { return gaps &+ duplicates == 0 }
    for index in 0..<gaps {
      let offset = 12 &+ 4 &* index
      out.append("\n\t\t[gap ack block #")
      out.append(decimal: index &+ 1)
      out.append(": start = ")
      out.append(decimal: base &+ UInt32(value.u16(at: offset)))
      out.append(", end = ")
      out.append(decimal: base &+ UInt32(value.u16(at: offset &+ 2)))
      out.append("] ")
    }
    for index in 0..<duplicates {
      out.append("\n\t\t[dup TSN #")
      out.append(decimal: index &+ 1)
      append(": ", value.u32(at: 12 &+ 4 &* (gaps &+ index)), into: &out)
    }
    return true
  }
}

extension TextBuffer {
  /// A chunk's type (IANA "SCTP Chunk Types").
  fileprivate mutating func append(chunkName type: UInt8) {
    switch type {
    case 0: append("DATA")
    case 1: append("INIT")
    case 2: append("INIT ACK")
    case 3: append("SACK")
    case 4: append("HB REQ")
    case 5: append("HB ACK")
    case 6: append("ABORT")
    case 7: append("SHUTDOWN")
    case 8: append("SHUTDOWN ACK")
    case 9: append("OP ERR")
    case 10: append("COOKIE ECHO")
    case 11: append("COOKIE ACK")
    case 12: append("ECN ECHO")
    case 13: append("ECN CWR")
    case 14: append("SHUTDOWN COMPLETE")
    case 0xc0: append("FOR CUM TSN")
    case 0xc1: append("REL CTRL")
    default:
      append("Unknown chunk type: 0x")
      append(hex: type, digits: 1)
    }
  }
}
