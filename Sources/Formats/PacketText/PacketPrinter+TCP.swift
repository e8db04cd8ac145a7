import PacketWire

extension PacketPrinter {
  /// Appends a TCP segment.
  mutating func appendTCP(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let segment = octets.extracting(min(packet.offset, packet.end)..<packet.end)
    guard segment.count >= 4 else {
      if !packet.isAddressed {
        appendAddresses(of: packet, into: &out)
        out.append(octet: 0x3a)
      }
      return appendCut("tcp", into: &out)
    }
    appendEndpoints(
      of: packet, from: segment.u16(at: 0), to: segment.u16(at: 2), into: &out)
    guard segment.count >= TCPHeader.minimumLength else { return appendCut("tcp", into: &out) }
    let headerLength = Int(segment[12] >> 4) &* 4
    guard headerLength >= TCPHeader.minimumLength else {
      out.append(" tcp ")
      out.append(decimal: packet.length &- headerLength)
      return appendBadLength(headerLength, "too short, < ", TCPHeader.minimumLength, into: &out)
    }
    if options.isQuick {
      out.append("tcp ")
      out.append(decimal: packet.length &- headerLength)
      // Nothing of the options is told, so nothing is missed if they are not whole.
      isMarked = true
      if headerLength > packet.length {
        appendBadLength(headerLength, "too long, > ", packet.length, into: &out)
      }
      return
    }
    if case .tcp(let header) = frame.transport, frame.transportOffset == packet.offset {
      append(header, packet, frame, octets, segment, into: &out)
    } else if let header = Self.fixedPart(of: segment) {
      append(header, packet, frame, octets, segment, into: &out)
    }
  }

  /// The header without its options, which are not whole.
  private static func fixedPart(of segment: Span<UInt8>) -> TCPHeader? {
    var fixed = [UInt8](copying: segment.extracting(first: TCPHeader.minimumLength))
    fixed[12] = 0x50 | fixed[12] & 0x0f
    var reader = PacketReader(fixed.span)
    return try? TCPHeader(parsing: &reader)
  }

  private mutating func append(
    _ header: TCPHeader, _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>,
    _ segment: Span<UInt8>, into out: inout TextBuffer
  ) {
    let headerLength = Int(segment[12] >> 4) &* 4
    var end = out.begin(upTo: 32)
    end = out.put("Flags [", at: end)
    end = out.put(header.flags, at: end)
    end = out.put(octet: 0x5d, at: end)
    out.end(at: end)
    var numbers = SequenceTable.Relative(
      sequence: header.sequenceNumber, acknowledgment: header.acknowledgmentNumber,
      selectiveBase: 0)
    if !options.showsAbsoluteSequenceNumbers, header.flags.contains(.ack) {
      numbers = sequences.relative(header, from: packet.source, to: packet.destination)
    }
    guard headerLength <= packet.length else {
      return appendBadLength(headerLength, "too long, > ", packet.length, into: &out)
    }
    if options.isVerbose, options.verifiesChecksums {
      appendChecksum(header, frame, octets, into: &out)
    }
    let length = packet.length &- headerLength
    end = out.begin(upTo: 176)
    end = put(header, numbers, length: length, at: end, into: &out)
    if headerLength > TCPHeader.minimumLength {
      let list = segment.extracting(
        TCPHeader.minimumLength..<min(headerLength, segment.count))
      if headerLength == 32, list.count == 12, list.u32(at: 0) == Self.paddedTimestamps {
        end = putTimestamps(list, at: end, into: &out)
      } else {
        out.end(at: end)
        let isWhole = appendOptions(
          list, missing: headerLength &- TCPHeader.minimumLength &- list.count,
          selectiveBase: numbers.selectiveBase, into: &out)
        guard isWhole else { return }
        end = out.begin(upTo: 19)
      }
    }
    end = out.put(", length ", at: end)
    end = out.put(decimal: UInt32(clamping: length), at: end)
    out.end(at: end)
    guard length > 0, headerLength <= segment.count else { return }
    appendPayload(
      header, segment.extracting(droppingFirst: headerLength), length: length, into: &out)
  }

  /// Writes the numbers and the window, 70 octets at the most. Returns where they end.
  @inline(__always)
  private mutating func put(
    _ header: TCPHeader, _ numbers: SequenceTable.Relative, length: Int, at index: Int,
    into out: inout TextBuffer
  ) -> Int {
    var end = index
    let isCounted = length > 0 || !header.flags.isDisjoint(with: [.syn, .fin, .rst])
    if isCounted || options.verbosity > 1 {
      end = out.put(", seq ", at: end)
      end = out.put(decimal: numbers.sequence, at: end)
      if length > 0 {
        end = out.put(octet: 0x3a, at: end)
        end = out.put(
          decimal: numbers.sequence &+ UInt32(truncatingIfNeeded: length), at: end)
      }
    }
    if header.flags.contains(.ack) {
      end = out.put(", ack ", at: end)
      end = out.put(decimal: numbers.acknowledgment, at: end)
    }
    end = out.put(", win ", at: end)
    end = out.put(decimal: header.window, at: end)
    if header.flags.contains(.urg) {
      end = out.put(", urg ", at: end)
      end = out.put(decimal: header.urgentPointer, at: end)
    }
    return end
  }

  private mutating func appendBadLength(
    _ length: Int, _ verdict: String, _ bound: Int, into out: inout TextBuffer
  ) {
    out.append(" [bad hdr length ")
    out.append(decimal: length)
    out.append(" - ")
    out.append(verdict)
    out.append(decimal: bound)
    out.append(octet: 0x5d)
    isMarked = true
  }

  private func appendChecksum(
    _ header: TCPHeader, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let verdict = frame.transportChecksum(over: octets)
    switch verdict {
    case .unverifiable, .absent: return
    case .good, .bad:
      out.append(", cksum 0x")
      out.append(hex: header.checksum)
    }
    if case .bad(_, let expected) = verdict {
      out.append(" (incorrect -> 0x")
      out.append(hex: expected)
      out.append(octet: 0x29)
    } else {
      out.append(" (correct)")
    }
  }

  /// `length` is what the segment carries; `payload` what was captured of it.
  private mutating func appendPayload(
    _ header: TCPHeader, _ payload: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    if header.flags.contains(.rst), options.isVerbose {
      return appendResetReason(payload, length: length, into: &out)
    }
    switch (header.sourcePort, header.destinationPort) {
    case _ where options.forcedContent == .domain, (53, _), (_, 53):
      out.append(octet: 0x20)
      appendDNSOverTCP(payload, length: length, into: &out)
    case (22, _), (_, 22): appendSSH(payload, into: &out)
    case (23, _), (_, 23): appendTelnet(payload, into: &out)
    default:
      guard
        let text = TextProtocol(port: header.sourcePort)
          ?? TextProtocol(port: header.destinationPort)
      else { return appendRecognized(header, payload, length: length, into: &out) }
      out.append(": ")
      append(text, payload, length: length, into: &out)
    }
  }

  /// RFC 9293 §3.5.3 lets a reset carry text that says why; thirty octets of it are enough.
  private func appendResetReason(
    _ payload: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append(payload.count >= length ? " [RST" : " [!RST")
    if length > 30 { out.append(octet: 0x2b) }
    out.append(octet: 0x20)
    out.append(caret: payload.extracting(first: min(payload.count, 30)))
    out.append(octet: 0x5d)
  }
}

extension TextBuffer {
  /// Writes a letter for each flag that is set, `none` for none; the reserved bits are not told. Returns
  /// where they end.
  @inline(__always)
  fileprivate mutating func put(_ flags: TCPHeader.Flags, at index: Int) -> Int {
    // Nearly every segment is one of these.
    switch flags.rawValue & 0x1ff {
    case 0x10: put(octet: 0x2e, at: index)
    case 0x18: put("P.", at: index)
    default: putAny(flags, at: index)
    }
  }

  @inline(never)
  private mutating func putAny(_ flags: TCPHeader.Flags, at index: Int) -> Int {
    if flags.rawValue & 0x1ff == 0 { return put("none", at: index) }
    var end = index
    if flags.contains(.fin) { end = put(octet: 0x46, at: end) }
    if flags.contains(.syn) { end = put(octet: 0x53, at: end) }
    if flags.contains(.rst) { end = put(octet: 0x52, at: end) }
    if flags.contains(.psh) { end = put(octet: 0x50, at: end) }
    if flags.contains(.ack) { end = put(octet: 0x2e, at: end) }
    if flags.contains(.urg) { end = put(octet: 0x55, at: end) }
    if flags.contains(.ece) { end = put(octet: 0x45, at: end) }
    if flags.contains(.cwr) { end = put(octet: 0x57, at: end) }
    if flags.contains(.ae) { end = put(octet: 0x65, at: end) }
    return end
  }
}
