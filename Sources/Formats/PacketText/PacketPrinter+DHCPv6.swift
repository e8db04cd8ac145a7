import PacketWire

// A DHCPv6 message is read where it stands: one that is cut is printed as far as it goes.
extension PacketPrinter {
  /// A relay's message may hold another relay's; RFC 9915 §7.6 lets eight of them stand in a row.
  private static var maximumRelays: Int { 8 }

  /// Appends a DHCPv6 message.
  mutating func appendDHCPv6(_ message: Span<UInt8>, into out: inout TextBuffer) {
    appendDHCPv6(message, depth: 0, into: &out)
  }

  private mutating func appendDHCPv6(
    _ message: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    out.append("dhcp6")
    guard message.count >= 4 else { return appendCut("dhcp6", into: &out) }
    let type = DHCPv6Type(rawValue: message[0])
    out.append(octet: 0x20)
    if let name = type.name {
      out.append(name)
    } else {
      out.append("msgtype-")
      out.append(decimal: type.rawValue)
    }
    guard options.isVerbose else { return }
    if type.isRelay {
      for (label, offset) in [(" (linkaddr=", 2), (" peeraddr=", 18)] {
        guard offset &+ 16 <= message.count else { return appendCut("dhcp6", into: &out) }
        out.append(label)
        append(.v6(message.ipv6Address(at: offset)), into: &out)
      }
    } else {
      out.append(" (xid=")
      out.append(hex: message.u32(at: 0) & 0xff_ffff, digits: 1)
    }
    appendDHCPv6Options(
      message.extracting(droppingFirst: type.isRelay ? 34 : 4), depth: depth, into: &out)
    out.append(octet: 0x29)
  }

  /// Appends options, each in parentheses, up to one that is cut.
  mutating func appendDHCPv6Options(
    _ octets: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    var offset = 0
    while offset < octets.count {
      guard offset &+ 4 <= octets.count else { return appendCut("dhcp6", into: &out) }
      let code = octets.u16(at: offset)
      let start = offset &+ 4
      offset = start &+ Int(octets.u16(at: offset &+ 2))
      guard offset <= octets.count else { return appendCut("dhcp6", into: &out) }
      out.append(" (")
      append(dhcpv6Option: code, into: &out)
      let value = octets.extracting(start..<offset)
      if code == 9 {
        appendRelayed(value, depth: depth, into: &out)
      } else {
        appendDHCPv6Value(code, value, depth: depth, into: &out)
      }
      out.append(octet: 0x29)
    }
  }

  private mutating func appendRelayed(
    _ value: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    guard depth < Self.maximumRelays else { return appendInvalid(into: &out) }
    out.append(" (")
    // The parenthesis that follows is this one's: tcpdump does not close the option's own.
    appendDHCPv6(value, depth: depth &+ 1, into: &out)
  }

  /// Appends an option by name or as `opt_99`.
  func append(dhcpv6Option code: UInt16, into out: inout TextBuffer) {
    if let name = DHCPv6OptionNames.name(code) {
      out.append(name)
    } else {
      out.append("opt_")
      out.append(decimal: code)
    }
  }
}

extension DHCPv6Type {
  /// The type as tcpdump writes it, nil for a number that it writes as `msgtype-16`.
  var name: String? {
    switch rawValue {
    case 1: "solicit"
    case 2: "advertise"
    case 3: "request"
    case 4: "confirm"
    case 5: "renew"
    case 6: "rebind"
    case 7: "reply"
    case 8: "release"
    case 9: "decline"
    case 10: "reconfigure"
    case 11: "inf-req"
    case 12: "relay-fwd"
    case 13: "relay-reply"
    case 14: "leasequery"
    case 15: "leasequery-reply"
    default: nil
    }
  }
}
