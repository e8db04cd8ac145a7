import PacketWire

extension PacketPrinter {
  /// Appends the record at `offset` and gives back where it ends; nil when it is cut or malformed.
  func appendRecord(
    _ message: Span<UInt8>, at offset: Int, isMulticast: Bool, into out: inout TextBuffer
  ) -> Int? {
    var fixed = offset
    if options.isVerbose {
      out.append(octet: 0x20)
      guard let end = message.appendName(at: offset, into: &out) else { return nil }
      fixed = end
    } else {
      guard let end = message.skipName(at: offset) else { return nil }
      fixed = end
    }
    guard fixed &+ 10 <= message.count else { return nil }
    let type = DNSType(rawValue: message.u16(at: fixed))
    appendClass(
      message.u16(at: fixed &+ 2), of: type, isMulticast: isMulticast, into: &out)
    out.append(octet: 0x20)
    out.append(recordType: type)
    let start = fixed &+ 10
    let end = start &+ Int(message.u16(at: fixed &+ 8))
    guard end <= message.count else { return nil }
    switch type {
    case .opt:
      appendExtensions(message, at: fixed, into: &out)
      return end
    default:
      return appendData(type, message, start..<end, into: &out) ? end : nil
    }
  }

  private func appendClass(
    _ rawClass: UInt16, of type: DNSType, isMulticast: Bool, into out: inout TextBuffer
  ) {
    var recordClass = DNSClass(rawValue: rawClass)
    // RFC 6762 §10.2: the first bit makes older records of the same kind void.
    if isMulticast, rawClass & 0x8000 != 0 {
      out.append(" (Cache flush)")
      recordClass.rawValue &= 0x7fff
    }
    if type != .opt { append(recordClass, into: &out) }
  }

  /// An OPT record's class is the sender's UDP size, its time to live holds the flags (RFC 6891
  /// §6.1.2).
  private func appendExtensions(
    _ message: Span<UInt8>, at fixed: Int, into out: inout TextBuffer
  ) {
    out.append(" UDPsize=")
    out.append(decimal: message.u16(at: fixed &+ 2))
    if message.u16(at: fixed &+ 6) & 0x8000 != 0 { out.append(" DO") }
  }

  /// Appends the content of a record; names in it may point anywhere before. False when it is cut.
  private func appendData(
    _ type: DNSType, _ message: Span<UInt8>, _ range: Range<Int>, into out: inout TextBuffer
  ) -> Bool {
    let start = range.lowerBound
    switch type {
    case .a:
      guard start &+ 4 <= message.count else { return false }
      out.append(octet: 0x20)
      append(.v4(message.ipv4Address(at: start)), into: &out)
    case .aaaa:
      guard start &+ 16 <= message.count else { return false }
      out.append(octet: 0x20)
      append(.v6(message.ipv6Address(at: start)), into: &out)
    case .ns, .cname, .ptr, DNSType(rawValue: 39):
      out.append(octet: 0x20)
      return message.appendName(at: start, into: &out) != nil
    case .mx:
      guard start &+ 2 <= message.count else { return false }
      out.append(octet: 0x20)
      guard message.appendName(at: start &+ 2, into: &out) != nil else { return false }
      out.append(octet: 0x20)
      out.append(decimal: message.u16(at: start))
    case .txt: return appendStrings(message, range, into: &out)
    case .soa: return !options.isVerbose || appendAuthority(message, at: start, into: &out)
    case DNSType(rawValue: 33): return appendService(message, at: start, into: &out)
    default: break
    }
    return true
  }

  /// RFC 2782: priority, weight and port, then the host.
  private func appendService(
    _ message: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Bool {
    guard start &+ 6 <= message.count else { return false }
    out.append(octet: 0x20)
    guard message.appendName(at: start &+ 6, into: &out) != nil else { return false }
    out.append(octet: 0x3a)
    out.append(decimal: message.u16(at: start &+ 4))
    out.append(octet: 0x20)
    out.append(decimal: message.u16(at: start))
    out.append(octet: 0x20)
    out.append(decimal: message.u16(at: start &+ 2))
    return true
  }

  private func appendStrings(
    _ message: Span<UInt8>, _ range: Range<Int>, into out: inout TextBuffer
  ) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let end = offset &+ 1 &+ Int(message[offset])
      out.append(" \"")
      out.append(caret: message.extracting(offset &+ 1..<min(end, message.count)))
      guard end <= message.count else { return false }
      out.append(octet: 0x22)
      offset = end
    }
    return true
  }

  private func appendAuthority(
    _ message: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append(octet: 0x20)
    guard let mailbox = message.appendName(at: start, into: &out) else { return false }
    out.append(octet: 0x20)
    guard let numbers = message.appendName(at: mailbox, into: &out),
      numbers &+ 20 <= message.count
    else { return false }
    for index in 0..<5 {
      out.append(octet: 0x20)
      out.append(decimal: message.u32(at: numbers &+ 4 &* index))
    }
    return true
  }
}
