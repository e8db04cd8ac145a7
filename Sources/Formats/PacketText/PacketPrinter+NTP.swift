import PacketWire

extension PacketPrinter {
  /// Appends an NTP message; `length` is what it had on the wire.
  mutating func appendNTP(_ message: Span<UInt8>, length: Int, into out: inout TextBuffer) {
    guard message.count > 0 else { return appendCut("ntp", into: &out) }
    let mode = NTPMode(rawValue: message[0] & 7)
    out.append("NTPv")
    out.append(decimal: message[0] >> 3 & 7)
    out.append(", ")
    out.append(mode.name)
    out.append(", length ")
    out.append(decimal: length)
    guard options.isVerbose else { return }
    let leap = message[0] & 0xc0
    out.append("\n\tLeap indicator: ")
    out.append(
      leap == 0 ? "" : leap == 0x40 ? "+1s" : leap == 0x80 ? "-1s" : "clock unsynchronized")
    out.append(" (")
    out.append(decimal: leap)
    out.append(octet: 0x29)
    let needed = mode == .control ? 12 : NTPHeader.length
    guard mode.rawValue != 7 else { return }
    guard length >= needed else { return appendInvalid(into: &out) }
    let isWhole =
      mode == .control
      ? appendNTPControl(message, length: length, into: &out)
      : appendNTPTimes(message, length: length, into: &out)
    if !isWhole { appendCut("ntp", into: &out) }
  }

  /// Appends a message between clocks from its second octet on; false when it is cut.
  private func appendNTPTimes(
    _ message: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    // A message that is cut is printed as far as it goes: a short one is filled up with zeros, and
    // each field asks whether it was there.
    let header: NTPHeader
    if message.count >= NTPHeader.length {
      var reader = PacketReader(message)
      guard let whole = try? NTPHeader(parsing: &reader) else { return false }
      header = whole
    } else {
      let filled = [UInt8](capacity: NTPHeader.length) { octets in
        octets.append(copying: message)
        octets.append(repeating: 0, count: octets.freeCapacity)
      }
      var reader = PacketReader(filled.span)
      guard let part = try? NTPHeader(parsing: &reader) else { return false }
      header = part
    }
    let count = message.count
    guard count > 1 else { return false }
    out.append(", Stratum ")
    out.append(decimal: header.stratum)
    out.append(" (")
    switch header.stratum {
    case 0: out.append("unspecified")
    case 1: out.append("primary reference")
    case 2...15: out.append("secondary reference")
    default: out.append("reserved")
    }
    out.append(octet: 0x29)
    guard count > 2 else { return false }
    out.append(", poll ")
    appendPoll(header.poll, into: &out)
    guard count > 3 else { return false }
    out.append(", precision ")
    out.append(decimal: header.precision)
    guard count >= 8 else { return false }
    out.append("\n\tRoot Delay: ")
    appendShort(header.rootDelay, into: &out)
    guard count >= 12 else { return false }
    out.append(", Root dispersion: ")
    appendShort(header.rootDispersion, into: &out)
    guard count >= 16 else { return false }
    out.append(", Reference-ID: ")
    appendReference(header, message.extracting(12..<16), into: &out)
    let stamps = [
      ("\n\t  Reference Timestamp:  ", header.reference),
      ("\n\t  Originator Timestamp: ", header.origin),
      ("\n\t  Receive Timestamp:    ", header.receive),
      ("\n\t  Transmit Timestamp:   ", header.transmit),
    ]
    for (index, (label, time)) in stamps.enumerated() {
      guard count >= 24 &+ 8 &* index else { return false }
      out.append(label)
      append(time, into: &out)
    }
    out.append("\n\t    Originator - Receive Timestamp:  ")
    append(header.receive, since: header.origin, into: &out)
    out.append("\n\t    Originator - Transmit Timestamp: ")
    append(header.transmit, since: header.origin, into: &out)
    return appendAuthentication(message, length: length, into: &out)
  }

  /// A power of two seconds, in 1/n seconds when it is negative.
  private func appendPoll(_ poll: Int8, into out: inout TextBuffer) {
    out.append(decimal: poll)
    guard (-31...31).contains(poll) else { return }
    out.append(poll < 0 ? " (1/" : " (")
    out.append(decimal: UInt32(1) << UInt32(poll.magnitude))
    out.append("s)")
  }

  /// Seconds in 1/65536, to the microsecond.
  private func appendShort(_ time: UInt32, into out: inout TextBuffer) {
    out.append(fixedPoint: (Int64(time) &* 1_000_000) >> 16, places: 6)
  }

  /// RFC 5905 §7.3: letters at stratum 1, a kiss code (§7.4) at stratum 0, else an address.
  private func appendReference(
    _ header: NTPHeader, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch header.stratum {
    case 0:
      var isText = true
      for index in octets.indices where !(0x21...0x7e).contains(octets[index]) { isText = false }
      if isText { out.append(octets) } else { out.append("(unspec)") }
    case 1: out.append(caret: octets)
    default:
      out.append("0x")
      out.append(hex: header.referenceIdentifier)
    }
  }

  private func append(_ time: NTPTimestamp, into out: inout TextBuffer) {
    out.append(decimal: time.seconds)
    appendFraction(time, into: &out)
    guard time.bits >> 32 != 0 else { return }
    out.append(" (")
    appendUTC(time.unixSeconds, into: &out)
    out.append(octet: 0x29)
  }

  private func appendFraction(_ time: NTPTimestamp, into out: inout TextBuffer) {
    out.append(octet: 0x2e)
    out.append(padded: time.nanoseconds, digits: 9)
  }

  /// Appends a difference with its sign; to an origin that is not set there is none.
  private func append(
    _ time: NTPTimestamp, since origin: NTPTimestamp, into out: inout TextBuffer
  ) {
    guard origin.bits != 0 else { return append(time, into: &out) }
    let isLater = time.bits > origin.bits
    out.append(octet: isLater ? 0x2b : 0x2d)
    let difference = NTPTimestamp(
      bits: isLater ? time.bits &- origin.bits : origin.bits &- time.bits)
    out.append(decimal: difference.seconds)
    appendFraction(difference, into: &out)
  }

  /// RFC 5905 §7.3: a key's number, alone or with a digest of 16 or 20 octets.
  private func appendAuthentication(
    _ message: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    let extra = length &- NTPHeader.length
    switch extra {
    case 0: return true
    case 4, 20, 24:
      guard message.count >= 52 else { return false }
      out.append("\n\tKey id: ")
      out.append(decimal: message.u32(at: 48))
      guard extra > 4 else { return true }
      guard message.count >= length else { return false }
      out.append("\n\tAuthentication: ")
      out.append(hexOf: message.extracting(52..<length))
    default:
      out.append("\n\t(")
      out.append(decimal: extra)
      out.append(" more bytes after the header)")
    }
    return true
  }

  /// Appends a control message from its second octet on (RFC 9327 §2); false when it is cut.
  private mutating func appendNTPControl(
    _ message: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    guard message.count >= 12 else { return false }
    out.append(message[1] & 0x80 != 0 ? ", Response" : ", Request")
    out.append(message[1] & 0x40 != 0 ? ", Error" : ", OK")
    out.append(message[1] & 0x20 != 0 ? ", More" : ", Last")
    out.append(", OpCode=")
    out.append(decimal: message[1] & 0x1f)
    out.append("\n\tSequence=")
    out.append(decimal: message.u16(at: 2))
    out.append(", Status=0x")
    out.append(hex: message.u16(at: 4), digits: 1)
    out.append(", Assoc.=")
    out.append(decimal: message.u16(at: 6))
    out.append(", Offset=")
    out.append(decimal: message.u16(at: 8))
    out.append(", Count=")
    let count = Int(message.u16(at: 10))
    out.append(decimal: count)
    guard count <= length &- 12 else {
      appendInvalid(into: &out)
      return true
    }
    if count > 0 { out.append("\n\tTO-BE-DONE: data not interpreted") }
    return true
  }
}

extension NTPMode {
  /// The mode as tcpdump writes it.
  var name: String {
    switch rawValue {
    case 0: "unspecified"
    case 1: "symmetric active"
    case 2: "symmetric passive"
    case 3: "Client"
    case 4: "Server"
    case 5: "Broadcast"
    case 6: "Control Message"
    default: "Reserved"
    }
  }
}
