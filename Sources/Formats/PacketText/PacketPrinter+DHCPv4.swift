import PacketWire

// A BOOTP or DHCP message is read where it stands: one that is cut is printed as far as it goes.
extension PacketPrinter {
  /// Appends a BOOTP or DHCP message; `length` is what it had on the wire.
  mutating func appendDHCPv4(
    _ message: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    guard message.count > 0 else { return appendCut("bootp", into: &out) }
    out.append("BOOTP/DHCP, ")
    switch message[0] {
    case 1: out.append("Request")
    case 2: out.append("Reply")
    default:
      out.append("unknown (0x")
      out.append(hex: message[0])
      out.append(octet: 0x29)
    }
    guard message.count >= 3 else { return appendCut("bootp", into: &out) }
    let isEthernet = message[1] == 1 && message[2] == 6
    if isEthernet, message[0] == 1 {
      guard message.count >= 34 else { return appendCut("bootp", into: &out) }
      out.append(" from ")
      out.append(MACAddress(bits: message.u48(at: 28)))
    }
    out.append(", length ")
    out.append(decimal: length)
    guard options.isVerbose else { return }
    guard appendFixedPart(message, isEthernet: isEthernet, into: &out),
      appendBootText(message, " sname \"", 44..<108, into: &out),
      appendBootText(message, " file \"", 108..<236, into: &out),
      message.count >= DHCPv4Message.headerLength + 4
    else { return appendCut("bootp", into: &out) }
    let magic = message.u32(at: DHCPv4Message.headerLength)
    if magic == DHCPv4Message.magicCookie {
      out.append("\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x")
      out.append(hex: magic)
      appendDHCPv4Options(message, into: &out)
    } else if magic != 0 {
      out.append("\n\t  Vendor-#0x")
      out.append(hex: magic, digits: 1)
    }
  }

  /// Appends what is not zero, or not as it is on Ethernet; false when it is cut.
  private func appendFixedPart(
    _ message: Span<UInt8>, isEthernet: Bool, into out: inout TextBuffer
  ) -> Bool {
    guard message.count >= 10 else { return false }
    if message[1] != 1 {
      out.append(", htype ")
      out.append(decimal: message[1])
    }
    if !isEthernet {
      out.append(", hlen ")
      out.append(decimal: message[2])
    }
    if message[3] != 0 {
      out.append(", hops ")
      out.append(decimal: message[3])
    }
    if message.u32(at: 4) != 0 {
      out.append(", xid 0x")
      out.append(hex: message.u32(at: 4), digits: 1)
    }
    if message.u16(at: 8) != 0 {
      out.append(", secs ")
      out.append(decimal: message.u16(at: 8))
    }
    guard message.count >= 12 else { return false }
    let flags = message.u16(at: 10)
    // RFC 2131 figure 2: only the first bit means something.
    out.append(flags & 0x8000 != 0 ? ", Flags [Broadcast]" : ", Flags [none]")
    if options.verbosity > 1 {
      out.append(" (0x")
      out.append(hex: flags)
      out.append(octet: 0x29)
    }
    for (index, name) in ["Client-IP ", "Your-IP ", "Server-IP ", "Gateway-IP "].enumerated() {
      let offset = 12 &+ 4 &* index
      guard offset &+ 4 <= message.count else { return false }
      guard message.u32(at: offset) != 0 else { continue }
      out.append("\n\t  ")
      out.append(name)
      append(.v4(message.ipv4Address(at: offset)), into: &out)
    }
    if isEthernet {
      guard message.count >= 34 else { return false }
      out.append("\n\t  Client-Ethernet-Address ")
      out.append(MACAddress(bits: message.u48(at: 28)))
    }
    return true
  }

  /// Appends a text that ends with a zero; false when there is none.
  private func appendBootText(
    _ message: Span<UInt8>, _ label: String, _ range: Range<Int>, into out: inout TextBuffer
  ) -> Bool {
    guard message.count > range.lowerBound else { return false }
    guard message[range.lowerBound] != 0 else { return true }
    out.append("\n\t ")
    out.append(label)
    var end = range.lowerBound
    while end < min(range.upperBound, message.count), message[end] != 0 { end &+= 1 }
    out.append(caret: message.extracting(range.lowerBound..<end))
    out.append(octet: 0x22)
    return end < min(message.count, range.upperBound)
  }

  /// Appends the options, each on a line, up to the end option or one that is cut.
  private mutating func appendDHCPv4Options(_ message: Span<UInt8>, into out: inout TextBuffer) {
    var offset = DHCPv4Message.headerLength + 4
    while offset < message.count {
      let code = message[offset]
      offset &+= 1
      if code == DHCPv4Option.pad || code == DHCPv4Option.end {
        if options.verbosity > 2 {
          offset = appendFiller(code, message, at: offset, into: &out)
        } else if code == DHCPv4Option.end {
          return
        }
        continue
      }
      guard offset < message.count else { return appendCut("bootp", into: &out) }
      let length = Int(message[offset])
      offset &+= 1
      appendStart(of: code, length: length, into: &out)
      if length > 0 { out.append(": ") }
      guard offset &+ length <= message.count else { return appendCut("bootp", into: &out) }
      appendDHCPv4Value(code, message.extracting(offset..<offset &+ length), into: &out)
      offset &+= length
    }
  }

  private func appendStart(of code: UInt8, length: Int, into out: inout TextBuffer) {
    out.append("\n\t    ")
    out.append(DHCPv4OptionNames.entry(code)?.name ?? "Unknown")
    out.append(" (")
    out.append(decimal: code)
    out.append("), length ")
    out.append(decimal: length)
  }

  /// Appends a pad or end option; pads in a row stand on one line.
  private func appendFiller(
    _ code: UInt8, _ message: Span<UInt8>, at offset: Int, into out: inout TextBuffer
  ) -> Int {
    appendStart(of: code, length: 0, into: &out)
    var end = offset
    guard code == DHCPv4Option.pad else { return end }
    while end < message.count, message[end] == DHCPv4Option.pad { end &+= 1 }
    if end > offset {
      out.append(", occurs ")
      out.append(decimal: end &- offset &+ 1)
    }
    return end
  }
}
