import PacketWire

// DNS messages are read where they stand: `DNSMessage` owns its records, which printing a line must
// not allocate, and a message that is cut is to be printed as far as it goes.
extension PacketPrinter {
  /// Appends a DNS message that a TCP segment holds (RFC 7766 §8); `length` is the segment's.
  mutating func appendDNSOverTCP(
    _ payload: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard length >= 2 else {
      out.append("[DNS over TCP: length ")
      out.append(decimal: length)
      out.append(" < 2]")
      return appendInvalid(into: &out)
    }
    guard payload.count >= 2 else { return appendCut("domain", into: &out) }
    let declared = Int(payload.u16(at: 0))
    guard declared == length &- 2 else {
      out.append("[prefix length(")
      out.append(decimal: declared)
      out.append(") != length(")
      out.append(decimal: length &- 2)
      out.append(")]")
      return appendInvalid(into: &out)
    }
    appendDNS(
      payload.extracting(droppingFirst: 2), length: declared, isMulticast: false, into: &out)
  }

  /// Appends a DNS message; `length` is what it had on the wire.
  mutating func appendDNS(
    _ message: Span<UInt8>, length: Int, isMulticast: Bool, into out: inout TextBuffer
  ) {
    guard length >= DNSMessage.headerLength else {
      out.append("domain [length ")
      out.append(decimal: length)
      out.append(" < 12]")
      return appendInvalid(into: &out)
    }
    guard message.count >= DNSMessage.headerLength else { return appendCut("domain", into: &out) }
    let isWhole =
      message[2] & 0x80 != 0
      ? appendResponse(message, isMulticast: isMulticast, into: &out)
      : appendQuery(message, isMulticast: isMulticast, into: &out)
    guard isWhole else { return appendCut("domain", into: &out) }
    var end = out.begin(upTo: 13)
    end = out.put(" (", at: end)
    end = out.put(decimal: UInt32(clamping: length), at: end)
    end = out.put(octet: 0x29, at: end)
    out.end(at: end)
  }

  /// Writes the identifier and the operation, which both kinds of message begin with; 14 octets at the
  /// most. Returns where they end.
  @inline(__always)
  private func putStart(
    _ message: Span<UInt8>, at index: Int, into out: inout TextBuffer
  ) -> Int {
    let end = out.put(decimal: message.u16(at: 0), at: index)
    let opcode = DNSOpcode(rawValue: message[2] >> 3 & 0xf)
    guard opcode != .query else { return end }
    return out.put(opcode.literalShortName, at: out.put(octet: 0x20, at: end))
  }

  private mutating func appendResponse(
    _ message: Span<UInt8>, isMulticast: Bool, into out: inout TextBuffer
  ) -> Bool {
    var place = putStart(message, at: out.begin(upTo: 72), into: &out)
    let code = message.extendedResponseCode
    if code != .noError {
      place = out.put(octet: 0x20, at: place)
      place = out.put(response: code, at: place)
    }
    if message[2] & 0x04 != 0 { place = out.put(octet: 0x2a, at: place) }
    if message[3] & 0x80 == 0 { place = out.put(octet: 0x2d, at: place) }
    if message[2] & 0x02 != 0 { place = out.put(octet: 0x7c, at: place) }
    if message[3] & 0x20 != 0 { place = out.put(octet: 0x24, at: place) }
    let questions = message.u16(at: 4)
    if questions != 1 { place = out.put(count: questions, "q]", at: place) }
    out.end(at: place)
    var offset = DNSMessage.headerLength
    for index in 0..<questions {
      if index > 0 { out.append(octet: 0x2c) }
      if options.verbosity > 1 {
        out.append(" q:")
        guard let end = appendQuestion(message, at: offset, isMulticast: isMulticast, into: &out)
        else { return false }
        offset = end
      } else {
        guard let end = message.skipName(at: offset) else { return false }
        offset = end &+ 4
      }
    }
    place = out.put(octet: 0x20, at: out.begin(upTo: 18))
    place = out.put(decimal: message.u16(at: 6), at: place)
    place = out.put(octet: 0x2f, at: place)
    place = out.put(decimal: message.u16(at: 8), at: place)
    place = out.put(octet: 0x2f, at: place)
    place = out.put(decimal: message.u16(at: 10), at: place)
    out.end(at: place)
    guard
      appendSection(
        "", message.u16(at: 6), message, &offset, isMulticast: isMulticast, into: &out)
    else { return false }
    return appendOtherSections(message, offset, isMulticast: isMulticast, into: &out)
  }

  /// Appends the authority and the additional section, which only `-vv` shows.
  private mutating func appendOtherSections(
    _ message: Span<UInt8>, _ start: Int, isMulticast: Bool, into out: inout TextBuffer
  ) -> Bool {
    guard options.verbosity > 1 else { return true }
    var offset = start
    return appendSection(
      " ns:", message.u16(at: 8), message, &offset, isMulticast: isMulticast, into: &out)
      && appendSection(
        " ar:", message.u16(at: 10), message, &offset, isMulticast: isMulticast, into: &out)
  }

  /// Appends `count` records behind `label` and moves `offset` behind them; false when they are cut.
  /// A count may promise 65535 records, but each takes octets that must be there.
  private mutating func appendSection(
    _ label: StaticString, _ count: UInt16, _ message: Span<UInt8>, _ offset: inout Int,
    isMulticast: Bool, into out: inout TextBuffer
  ) -> Bool {
    for index in 0..<count {
      guard index == 0 && label.utf8CodeUnitCount == 0 || offset < message.count else {
        return false
      }
      if index == 0 { out.append(label) } else { out.append(octet: 0x2c) }
      guard let end = appendRecord(message, at: offset, isMulticast: isMulticast, into: &out)
      else { return false }
      offset = end
    }
    return true
  }

  private mutating func appendQuery(
    _ message: Span<UInt8>, isMulticast: Bool, into out: inout TextBuffer
  ) -> Bool {
    var place = putStart(message, at: out.begin(upTo: 80), into: &out)
    if message[2] & 0x01 != 0 { place = out.put(octet: 0x2b, at: place) }
    if message[3] & 0x10 != 0 { place = out.put(octet: 0x25, at: place) }
    // Bits that mean nothing in a query.
    let flags = message.u16(at: 2)
    if flags & 0x06cf != 0 {
      out.end(at: place)
      out.append(" [b2&3=0x")
      out.append(hex: flags, digits: 1)
      out.append(octet: 0x5d)
      place = out.begin(upTo: 48)
    }
    out.end(at: putCounts(message, at: place, into: &out))
    var offset = DNSMessage.headerLength
    for _ in 0..<message.u16(at: 4) {
      guard let end = appendQuestion(message, at: offset, isMulticast: isMulticast, into: &out)
      else { return false }
      offset = end
    }
    guard options.verbosity > 1 else { return true }
    guard
      appendSection(
        "", message.u16(at: 6), message, &offset, isMulticast: isMulticast, into: &out)
    else { return false }
    return appendOtherSections(message, offset, isMulticast: isMulticast, into: &out)
  }

  /// Writes the counts that are not what a query has, one question and no records; 40 octets at the most.
  /// Returns where they end.
  @inline(__always)
  private func putCounts(
    _ message: Span<UInt8>, at index: Int, into out: inout TextBuffer
  ) -> Int {
    let (questions, answers) = (message.u16(at: 4), message.u16(at: 6))
    var end = index
    if DNSOpcode(rawValue: message[2] >> 3 & 0xf) == .inverseQuery {
      if questions != 0 { end = out.put(count: questions, "q]", at: end) }
      if answers != 1 { end = out.put(count: answers, "a]", at: end) }
    } else {
      if answers != 0 { end = out.put(count: answers, "a]", at: end) }
      if questions != 1 { end = out.put(count: questions, "q]", at: end) }
    }
    if message.u16(at: 8) != 0 { end = out.put(count: message.u16(at: 8), "n]", at: end) }
    if message.u16(at: 10) != 0 { end = out.put(count: message.u16(at: 10), "au]", at: end) }
    return end
  }

  private func appendQuestion(
    _ message: Span<UInt8>, at offset: Int, isMulticast: Bool, into out: inout TextBuffer
  ) -> Int? {
    guard let end = message.skipName(at: offset), end &+ 4 <= message.count else { return nil }
    var place = out.put(octet: 0x20, at: out.begin(upTo: 16))
    place = out.put(recordType: DNSType(rawValue: message.u16(at: end)), at: place)
    let rawClass = message.u16(at: end &+ 2)
    let plainClass = DNSClass(rawValue: isMulticast ? rawClass & 0x7fff : rawClass)
    if plainClass != .internet || isMulticast {
      out.end(at: place)
      append(plainClass, into: &out)
      // RFC 6762 §5.4: the first bit asks for a unicast answer.
      if isMulticast { out.append(rawClass & 0x8000 != 0 ? " (QU)" : " (QM)") }
      place = out.begin(upTo: 2)
    }
    out.end(at: out.put("? ", at: place))
    return message.appendName(at: offset, into: &out).map { _ in end &+ 4 }
  }

  /// Appends a class that is not the Internet's.
  func append(_ recordClass: DNSClass, into out: inout TextBuffer) {
    guard recordClass != .internet else { return }
    out.append(octet: 0x20)
    if let name = recordClass.name {
      out.append(name)
    } else {
      out.append("(Class ")
      out.append(decimal: recordClass.rawValue)
      out.append(octet: 0x29)
    }
  }
}

extension Span<UInt8> {
  /// The response code with the upper eight bits that an OPT record holds (RFC 6891 §6.1.3); the
  /// header's four bits when there is no such record, or none that can be reached.
  fileprivate var extendedResponseCode: DNSResponseCode {
    let plain = UInt16(self[3] & 0xf)
    guard u16(at: 10) > 0 else { return DNSResponseCode(rawValue: plain) }
    var offset = DNSMessage.headerLength
    for _ in 0..<u16(at: 4) {
      guard let end = skipName(at: offset) else { return DNSResponseCode(rawValue: plain) }
      offset = end &+ 4
    }
    let others = Int(u16(at: 6)) &+ Int(u16(at: 8))
    for index in 0..<others &+ Int(u16(at: 10)) {
      guard let fixed = skipName(at: offset), fixed &+ 10 <= count else { break }
      if index >= others, DNSType(rawValue: u16(at: fixed)) == .opt {
        return DNSResponseCode(rawValue: UInt16(self[fixed &+ 4]) << 4 | plain)
      }
      offset = fixed &+ 10 &+ Int(u16(at: fixed &+ 8))
    }
    return DNSResponseCode(rawValue: plain)
  }
}

extension TextBuffer {
  /// Writes a count and what it counts, in a bracket that `unit` closes; 10 octets at the most. Returns
  /// where they end.
  @inline(__always)
  fileprivate mutating func put(count: UInt16, _ unit: StaticString, at index: Int) -> Int {
    put(unit, at: put(decimal: count, at: put(" [", at: index)))
  }

  /// Writes a response code by its short name or as `Resp24`, 9 octets at the most. Returns where they end.
  @inline(never)
  fileprivate mutating func put(response code: DNSResponseCode, at index: Int) -> Int {
    if let name = code.literalShortName { return put(name, at: index) }
    return put(decimal: code.rawValue, at: put("Resp", at: index))
  }

  /// Writes a record type by name or as `Type65280`, 10 octets at the most. Returns where they end.
  @inline(never)
  mutating func put(recordType type: DNSType, at index: Int) -> Int {
    if let name = type.literalName { return put(name, at: index) }
    return put(decimal: type.rawValue, at: put("Type", at: index))
  }
}
