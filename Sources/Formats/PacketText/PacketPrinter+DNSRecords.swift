import PacketWire

extension PacketPrinter {
  /// Appends the record at `offset` and gives back where it ends; nil when it is cut or malformed.
  mutating func appendRecord(
    _ message: Span<UInt8>, at offset: Int, isMulticast: Bool, into out: inout TextBuffer
  ) -> Int? {
    var fixed = offset
    if options.isVerbose {
      out.append(octet: 0x20)
      guard let end = message.appendName(at: offset, into: &out) else { return nil }
      fixed = end
    } else {
      // The last record may be cut before its content without a word.
      guard let end = message.skipName(at: offset) else { return message.count }
      fixed = end
    }
    guard fixed &+ 10 <= message.count else { return message.count }
    let type = DNSType(rawValue: message.u16(at: fixed))
    appendClass(
      message.u16(at: fixed &+ 2), of: type, isMulticast: isMulticast, into: &out)
    if options.verbosity > 2, type != .opt {
      out.append(" [")
      out.append(timeToLive: message.u32(at: fixed &+ 4))
      out.append(octet: 0x5d)
    }
    let place = out.put(octet: 0x20, at: out.begin(upTo: 11))
    out.end(at: out.put(recordType: type, at: place))
    let start = fixed &+ 10
    let end = start &+ Int(message.u16(at: fixed &+ 8))
    guard end <= message.count else { return nil }
    switch type {
    case .opt:
      appendExtensions(message, at: fixed, into: &out)
      return appendEDNSOptions(message, start..<end, into: &out) ? end : nil
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
  private mutating func appendData(
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
    case .ns, .cname, .ptr, .dname:
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
    case .srv: return appendService(message, at: start, into: &out)
    case .a6: return appendPartialAddress(message, at: start, into: &out)
    case .uri: return appendResourceIdentifier(message, range, into: &out)
    case .unspecifiedText: out.append(caret: message.extracting(range))
    case .tsig: return !options.isVerbose || appendSignature(message, at: start, into: &out)
    default: break
    }
    return true
  }

  /// RFC 2782: priority, weight and port, then the host.
  private func appendService(
    _ message: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append(octet: 0x20)
    guard start &+ 6 <= message.count else { return false }
    guard message.appendName(at: start &+ 6, into: &out) != nil else { return false }
    out.append(octet: 0x3a)
    out.append(decimal: message.u16(at: start &+ 4))
    out.append(octet: 0x20)
    out.append(decimal: message.u16(at: start))
    out.append(octet: 0x20)
    out.append(decimal: message.u16(at: start &+ 2))
    return true
  }

  /// RFC 2874 §3.1.1: how many bits of the address another name gives, the rest, and that name.
  private func appendPartialAddress(
    _ message: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Bool {
    guard start < message.count else { return false }
    let missing = Int(message[start])
    guard missing <= 128 else {
      out.append(octet: 0x20)
      out.append(decimal: missing)
      out.append("(bad plen)")
      return true
    }
    let skipped = missing / 8
    let length = 16 &- skipped
    guard start &+ 1 &+ length <= message.count else { return false }
    if missing < 128 {
      var bits: UInt128 = 0
      for index in 0..<length { bits = bits << 8 | UInt128(message[start &+ 1 &+ index]) }
      out.append(octet: 0x20)
      out.append(decimal: missing)
      out.append(octet: 0x20)
      append(.v6(IPv6Address(bits: bits)), into: &out)
    }
    guard missing > 0 else { return true }
    out.append(octet: 0x20)
    return message.appendName(at: start &+ 1 &+ length, into: &out) != nil
  }

  /// RFC 7553 §4.5: priority, weight, and the target as it stands.
  private func appendResourceIdentifier(
    _ message: Span<UInt8>, _ range: Range<Int>, into out: inout TextBuffer
  ) -> Bool {
    guard range.count >= 4 else { return false }
    for index in 0..<2 {
      out.append(octet: 0x20)
      out.append(decimal: message.u16(at: range.lowerBound &+ 2 &* index))
    }
    out.append(octet: 0x20)
    out.append(caret: message.extracting(range.lowerBound &+ 4..<range.upperBound))
    return true
  }

  /// RFC 8945 §4.2: what the signature is made with and about; not the signature itself.
  private func appendSignature(
    _ message: Span<UInt8>, at start: Int, into out: inout TextBuffer
  ) -> Bool {
    out.append(octet: 0x20)
    guard let fixed = message.appendName(at: start, into: &out), fixed &+ 10 <= message.count
    else { return false }
    let length = Int(message.u16(at: fixed &+ 8))
    out.append(" fudge=")
    out.append(decimal: message.u16(at: fixed &+ 6))
    out.append(" maclen=")
    out.append(decimal: length)
    let rest = fixed &+ 10 &+ length
    guard rest &+ 6 <= message.count else { return false }
    out.append(" origid=")
    out.append(decimal: message.u16(at: rest))
    out.append(" error=")
    out.append(decimal: message.u16(at: rest &+ 2))
    out.append(" otherlen=")
    out.append(decimal: message.u16(at: rest &+ 4))
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

extension TextBuffer {
  /// Appends a time in seconds as years, weeks, days, hours, minutes and seconds, those that are not
  /// zero: `1h2m5s`.
  mutating func append(timeToLive seconds: UInt32) {
    guard seconds > 0 else { return append("0s") }
    var rest = seconds
    let units: [(UInt32, UInt8)] = [
      (31_536_000, 0x79), (604_800, 0x77), (86_400, 0x64), (3_600, 0x68), (60, 0x6d), (1, 0x73),
    ]
    for (size, letter) in units where rest >= size {
      append(decimal: rest / size)
      append(octet: letter)
      rest %= size
    }
  }
}
