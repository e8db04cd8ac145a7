import PacketWire

extension PacketPrinter {
  /// Appends a packet of LCP or of one of the network control protocols (RFC 1661 §5).
  mutating func appendControl(
    _ number: PPPProtocol, _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append(number.name ?? "unknown PPP protocol")
    out.append(", ")
    guard body.count >= 4 else {
      out.append("[|")
      out.append(number.name ?? "ppp")
      isMarked = true
      return out.append(octet: 0x5d)
    }
    append(code: body[0], into: &out)
    out.append(" (0x")
    out.append(hex: body[0])
    out.append("), id ")
    out.append(decimal: body[1])
    // With the protocol number before it.
    appendLength(length &+ 2, into: &out)
    guard options.isVerbose else { return }
    let declared = Int(body.u16(at: 2))
    out.append("\n\tencoded length ")
    out.append(decimal: declared)
    guard declared >= 4 else {
      isMarked = true
      return out.append(" (< 4))")
    }
    guard declared <= length else {
      out.append(" (> packet length ")
      out.append(decimal: length)
      isMarked = true
      return out.append("))")
    }
    out.append(" (=Option(s) length ")
    out.append(decimal: declared &- 4)
    out.append(octet: 0x29)
    guard declared > 4 else { return }
    if options.verbosity > 1 {
      var start = InlineArray<6, UInt8>(repeating: 0)
      (start[0], start[1]) = (
        UInt8(number.rawValue >> 8), UInt8(truncatingIfNeeded: number.rawValue)
      )
      for index in 0..<4 { start[2 &+ index] = body[index] }
      out.append(hexDump: start.span)
    }
    let end = min(declared, body.count)
    append(
      code: body[0], number, body.extracting(4..<end), missing: declared &- end, into: &out)
  }

  private func append(code: UInt8, into out: inout TextBuffer) {
    switch code {
    case 0: out.append("Vend-Ext")
    case 1: out.append("Conf-Request")
    case 2: out.append("Conf-Ack")
    case 3: out.append("Conf-Nack")
    case 4: out.append("Conf-Reject")
    case 5: out.append("Term-Request")
    case 6: out.append("Term-Ack")
    case 7: out.append("Code-Reject")
    case 8: out.append("Prot-Reject")
    case 9: out.append("Echo-Request")
    case 10: out.append("Echo-Reply")
    case 11: out.append("Disc-Req")
    case 12: out.append("Ident")
    case 13: out.append("Time-Remaining")
    default: out.append("Unknown Opcode")
    }
  }

  private mutating func append(
    code: UInt8, _ number: PPPProtocol, _ data: Span<UInt8>, missing: Int,
    into out: inout TextBuffer
  ) {
    switch code {
    case 1...4:
      appendOptions(number, data, missing: missing, into: &out)
    case 8:
      guard data.count >= 2 else { return appendCut("ppp", into: &out) }
      let rejected = PPPProtocol(rawValue: data.u16(at: 0))
      out.append("\n\t  Rejected ")
      out.append(rejected.name ?? "unknown (0x")
      if rejected.name == nil {
        out.append(hex: rejected.rawValue)
        out.append(octet: 0x29)
      }
      out.append(" Protocol (0x")
      out.append(hex: rejected.rawValue)
      out.append(octet: 0x29)
      guard data.count > 2 else { return }
      out.append("\n\t  Rejected Packet")
      out.append(hexDump: data.extracting(droppingFirst: 2), indented: "\n\t    ")
    case 9...11:
      guard data.count >= 4 else { return appendCut("ppp", into: &out) }
      appendMagicNumber(data, into: &out)
      guard data.count > 4 else { return }
      out.append("\n\t  -----trailing data-----")
      out.append(hexDump: data.extracting(droppingFirst: 4), indented: "\n\t  ")
    case 12:
      guard data.count >= 4 else { return appendCut("ppp", into: &out) }
      appendMagicNumber(data, into: &out)
      guard data.count > 4 else { return }
      out.append("\n\t  Message\n\t    ")
      out.append(caret: data.extracting(droppingFirst: 4))
    default: break
    }
  }

  private func appendMagicNumber(_ data: Span<UInt8>, into out: inout TextBuffer) {
    out.append("\n\t  Magic-Num 0x")
    out.append(hex: data.u32(at: 0))
  }
}
