import PacketWire

extension PacketPrinter {
  /// Appends a DCCP packet (RFC 4340 §5).
  mutating func appendDCCP(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let body = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    var reader = PacketReader(body)
    guard let header = try? DCCPHeader(parsing: &reader) else {
      return appendCut("dccp", into: &out)
    }
    appendEndpoints(of: packet, from: header.sourcePort, to: header.destinationPort, into: &out)
    out.append("DCCP ")
    if options.isQuick { return out.append(decimal: packet.length &- Int(header.dataOffset) &* 4) }
    if options.isVerbose {
      out.append("(CCVal ")
      out.append(decimal: header.congestionValue)
      out.append(", CsCov ")
      out.append(decimal: header.checksumCoverage)
      appendChecksum(header, packet, body, into: &out)
      out.append(") ")
    }
    guard appendType(header, body, into: &out) else { return appendCut("dccp", into: &out) }
    out.append(octet: 0x20)
    guard options.verbosity > 1 else { return }
    out.append("seq ")
    out.append(decimal: header.sequenceNumber)
    appendOptions(header, body, length: packet.length, into: &out)
  }

  /// RFC 4340 §9: the header and as much of the data as the coverage says, with a pseudo header.
  private func appendChecksum(
    _ header: DCCPHeader, _ packet: CarriedPacket, _ body: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    let start = Int(header.dataOffset) &* 4
    let coverage = Int(header.checksumCoverage)
    let covered = coverage == 0 ? packet.length : start &+ (coverage &- 1) &* 4
    guard body.count == packet.length, covered <= body.count, !packet.isFragment else { return }
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: packet.source, to: packet.destination, protocolNumber: .dccp, length: packet.length)
    sum.add(body.extracting(first: covered))
    out.append(", cksum 0x")
    out.append(hex: header.checksum)
    if sum.folded == 0xffff { return out.append(" (correct)") }
    // Without what the field itself adds.
    sum.add(~header.checksum)
    out.append(" (incorrect -> 0x")
    out.append(hex: sum.value)
    out.append(octet: 0x29)
  }

  /// The type, and what it says; false when that is not all there.
  private func appendType(
    _ header: DCCPHeader, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    let start = header.length
    switch header.type {
    case 0: return appendService("DCCP-Request", body, at: start, into: &out)
    case 1:
      guard appendService("DCCP-Response", body, at: start &+ 8, into: &out) else { return false }
      out.append(octet: 0x20)
    case 2:
      out.append("DCCP-Data")
      return true
    case 3: out.append("DCCP-Ack ")
    case 4: out.append("DCCP-DataAck ")
    case 5: out.append("DCCP-CloseReq ")
    case 6: out.append("DCCP-Close ")
    case 7:
      guard body.count > start &+ 8 else { return false }
      out.append("DCCP-Reset (code=")
      append(resetCode: body[start &+ 8], into: &out)
      out.append(") ")
    case 8: out.append("DCCP-Sync ")
    case 9: out.append("DCCP-SyncAck ")
    default:
      out.append("unknown packet type")
      return true
    }
    return appendAcknowledgment(header, body, at: start, into: &out)
  }

  private func appendService(
    _ name: String, _ body: Span<UInt8>, at offset: Int, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= offset &+ 4 else { return false }
    out.append(name)
    out.append(" (service=")
    out.append(decimal: body.u32(at: offset))
    out.append(octet: 0x29)
    return true
  }

  private func appendAcknowledgment(
    _ header: DCCPHeader, _ body: Span<UInt8>, at offset: Int, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= offset &+ (header.isExtended ? 8 : 4) else { return false }
    out.append("(ack=")
    if header.isExtended {
      out.append(decimal: body.u64(at: offset) & 0xffff_ffff_ffff)
    } else {
      out.append(decimal: body.u32(at: offset) & 0xff_ffff)
    }
    out.append(octet: 0x29)
    return true
  }

  private func append(resetCode code: UInt8, into out: inout TextBuffer) {
    switch code {
    case 0: out.append("unspecified")
    case 1: out.append("closed")
    case 2: out.append("aborted")
    case 3: out.append("no_connection")
    case 4: out.append("packet_error")
    case 5: out.append("option_error")
    case 6: out.append("mandatory_error")
    case 7: out.append("connection_refused")
    case 8: out.append("bad_service_code")
    case 9: out.append("too_busy")
    case 10: out.append("bad_init_cookie")
    case 11: out.append("aggression_penalty")
    default: out.append("unknown reset code")
    }
  }

  /// RFC 4340 §5.8.
  private mutating func appendOptions(
    _ header: DCCPHeader, _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    let end = Int(header.dataOffset) &* 4
    var offset = header.length
    switch header.type {
    case 0: offset &+= 4
    case 1, 7: offset &+= header.isExtended ? 12 : 8
    case 3...6, 8, 9: offset &+= header.isExtended ? 8 : 4
    default: break
    }
    guard offset < end else { return }
    out.append(" <")
    var isFirst = true
    while offset < end {
      if !isFirst { out.append(", ") }
      isFirst = false
      guard offset < body.count else { return appendCut("dccp", into: &out) }
      let kind = body[offset]
      guard kind >= 32 else {
        out.append(dccpOption: kind)
        offset &+= 1
        continue
      }
      guard offset &+ 1 < body.count else { return appendCut("dccp", into: &out) }
      let count = Int(body[offset &+ 1])
      guard count >= 2, offset &+ count <= min(end, body.count) else {
        appendCut("dccp", into: &out)
        return out.append(octet: 0x3e)
      }
      out.append(dccpOption: kind)
      let value = body.extracting(offset &+ 2..<offset &+ count)
      guard append(dccpOption: kind, value, into: &out) else { return appendInvalid(into: &out) }
      offset &+= count
    }
    out.append(octet: 0x3e)
  }

  /// Appends an option's value; false if it has a length that it cannot have.
  private func append(
    dccpOption kind: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch (kind, value.count) {
    case (37, 1...6), (41, 4), (42, 4), (43, 2), (43, 4):
      append(number: value, into: &out)
      return true
    case (42, 6), (42, 8):
      append(number: value.extracting(first: 4), into: &out)
      out.append(" (elapsed time")
      append(number: value.extracting(droppingFirst: 4), into: &out)
      out.append(octet: 0x29)
      return true
    case (37, _), (41, _), (42, _), (43, _):
      out.append(Self.expectedLengths(ofDCCPOption: kind))
      return false
    default: break
    }
    guard let first = value.first else { return true }
    if (32...35).contains(kind) {
      out.append(octet: 0x20)
      out.append(feature: first)
      for index in 1..<max(value.count, 1) {
        out.append(octet: 0x20)
        out.append(decimal: value[index])
      }
      return true
    }
    out.append(" 0x")
    for index in value.indices { out.append(hex: value[index]) }
    return true
  }

  /// What tcpdump says of a value of the wrong length, its two octets of kind and length counted in.
  private static func expectedLengths(ofDCCPOption kind: UInt8) -> String {
    switch kind {
    case 37: " [optlen > 8]"
    case 41: " [optlen != 6]"
    case 42: " [optlen != 6 or 8 or 10]"
    default: " [optlen != 4 or 6]"
    }
  }

  /// Appends a blank and the octets as one number; at most eight.
  private func append(number value: Span<UInt8>, into out: inout TextBuffer) {
    var number: UInt64 = 0
    for index in value.indices { number = number << 8 | UInt64(value[index]) }
    out.append(octet: 0x20)
    out.append(decimal: number)
  }
}

extension TextBuffer {
  /// An option's name (RFC 4340 table 3).
  fileprivate mutating func append(dccpOption kind: UInt8) {
    switch kind {
    case 0: append("nop")
    case 1: append("mandatory")
    case 2: append("slowreceiver")
    case 32: append("change_l")
    case 33: append("confirm_l")
    case 34: append("change_r")
    case 35: append("confirm_r")
    case 36: append("initcookie")
    case 37: append("ndp_count")
    case 38: append("ack_vector0")
    case 39: append("ack_vector1")
    case 40: append("data_dropped")
    case 41: append("timestamp")
    case 42: append("timestamp_echo")
    case 43: append("elapsed_time")
    case 44: append("data_checksum")
    case 192: append("CCID3 loss_event_rate")
    case 193: append("CCID3 loss_intervals")
    case 194: append("CCID3 receive_rate")
    default:
      append(kind < 128 ? "Unknown option " : "CCID option ")
      append(decimal: kind)
    }
  }

  /// A feature's name (RFC 4340 table 4).
  fileprivate mutating func append(feature number: UInt8) {
    switch number {
    case 1: append("ccid")
    case 2: append("allow_short_seqno")
    case 3: append("sequence_window")
    case 4: append("ecn_incapable")
    case 5: append("ack_ratio")
    case 6: append("send_ack_vector")
    case 7: append("send_ndp_count")
    case 8: append("minimum_csum_coverage")
    case 9: append("check_data_checksum")
    default: append(decimal: number)
    }
  }
}
