import PacketWire

extension PacketPrinter {
  /// Appends the value of an option behind its name; `?` for one whose length cannot be.
  mutating func appendDHCPv6Value(
    _ code: UInt16, _ value: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    switch code {
    case 1, 2: appendUniqueIdentifier(value, into: &out)
    case 3, 25:
      appendNumbers([" IAID:", " T1:", " T2:"], code, value, depth: depth, into: &out)
    case 4: appendNumbers([" IAID:"], code, value, depth: depth, into: &out)
    case 5: appendLeasedAddress(value, depth: depth, into: &out)
    case 26: appendPrefix(value, depth: depth, into: &out)
    case 6, 43: appendRequested(value, into: &out)
    case 7:
      guard value.count == 1 else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(decimal: value[0])
    case 8:
      guard value.count == 2 else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(decimal: value.u16(at: 0))
    case 13:
      guard value.count >= 2 else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(DHCPv6OptionNames.status(value.u16(at: 0)) ?? "INVALID code")
    case 18, 38:
      out.append(octet: 0x20)
      appendStart(of: value, into: &out)
    case 19: appendReconfigure(value, into: &out)
    case 21, 24: appendNames(value, into: &out)
    case 22, 23, 27, 28, 31, 34, 40, 48: appendAddresses(value, into: &out)
    case 32, 46:
      guard value.count == 4 else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(decimal: value.u32(at: 0))
    case 37:
      guard value.count >= 4 else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(decimal: value.u32(at: 0))
      out.append(octet: 0x20)
      appendStart(of: value.extracting(droppingFirst: 4), into: &out)
    case 41, 42, 112:
      guard !value.isEmpty else { return appendUnknown(into: &out) }
      out.append(octet: 0x20)
      out.append(caret: value)
    case 44, 47: appendLeaseQuery(code, value, depth: depth, into: &out)
    case 56: appendTimeServers(value, into: &out)
    case 64: appendTunnelEnd(value, into: &out)
    case 45: appendDHCPv6Options(value, depth: depth, into: &out)
    default: break
    }
  }

  private mutating func appendUnknown(into out: inout TextBuffer) {
    out.append(" ?")
    isMarked = true
  }

  /// RFC 9915 §11: made of a hardware address, with a time or without.
  private mutating func appendUniqueIdentifier(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard value.count >= 2 else { return appendUnknown(into: &out) }
    let type = value.u16(at: 0)
    var rest = 4
    switch type {
    case 1:
      guard value.count >= 8 else { return appendUnknown(into: &out) }
      out.append(" hwaddr/time type ")
      out.append(decimal: value.u16(at: 2))
      out.append(" time ")
      out.append(decimal: value.u32(at: 4))
      rest = 8
    case 2:
      guard value.count >= 10 else { return appendUnknown(into: &out) }
      out.append(" vid")
      rest = 2
    case 3:
      guard value.count >= 4 else { return appendUnknown(into: &out) }
      out.append(" hwaddr type ")
      out.append(decimal: value.u16(at: 2))
    default:
      out.append(" type ")
      return out.append(decimal: type)
    }
    out.append(octet: 0x20)
    out.append(hexOf: value.extracting(droppingFirst: rest))
  }

  /// An identity association: numbers with labels, and options of its own.
  private mutating func appendNumbers(
    _ labels: [String], _ code: UInt16, _ value: Span<UInt8>, depth: Int,
    into out: inout TextBuffer
  ) {
    guard value.count >= 4 &* labels.count else { return appendUnknown(into: &out) }
    for (index, label) in labels.enumerated() {
      out.append(label)
      out.append(decimal: value.u32(at: 4 &* index))
    }
    appendDHCPv6Options(
      value.extracting(droppingFirst: 4 &* labels.count), depth: depth, into: &out)
  }

  /// RFC 9915 §21.6; lifetimes in seconds.
  private mutating func appendLeasedAddress(
    _ value: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    guard value.count >= 24 else { return appendUnknown(into: &out) }
    out.append(octet: 0x20)
    append(.v6(value.ipv6Address(at: 0)), into: &out)
    appendLifetimes(value.extracting(16..<24), into: &out)
    appendDHCPv6Options(value.extracting(droppingFirst: 24), depth: depth, into: &out)
  }

  /// RFC 9915 §21.22.
  private mutating func appendPrefix(
    _ value: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    guard value.count >= 25 else { return appendUnknown(into: &out) }
    out.append(octet: 0x20)
    append(.v6(value.ipv6Address(at: 9)), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: value[8])
    appendLifetimes(value, into: &out)
    appendDHCPv6Options(value.extracting(droppingFirst: 25), depth: depth, into: &out)
  }

  private func appendLifetimes(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(" pltime:")
    out.append(decimal: value.u32(at: 0))
    out.append(" vltime:")
    out.append(decimal: value.u32(at: 4))
  }

  private mutating func appendRequested(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count % 2 == 0 else { return appendUnknown(into: &out) }
    for offset in stride(from: 0, to: value.count, by: 2) {
      out.append(octet: 0x20)
      append(dhcpv6Option: value.u16(at: offset), into: &out)
    }
  }

  /// RFC 9915 §21.19.
  private mutating func appendReconfigure(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count == 1 else { return appendUnknown(into: &out) }
    out.append(" for ")
    switch value[0] {
    case 5: out.append("renew")
    case 11: out.append("inf-req")
    default:
      out.append("???(")
      out.append(hex: value[0])
      out.append(octet: 0x29)
    }
  }

  private mutating func appendNames(_ value: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset < value.count {
      out.append(octet: 0x20)
      guard let end = value.appendName(at: offset, into: &out) else {
        return appendCut("dhcp6", into: &out)
      }
      offset = end
    }
  }

  private mutating func appendAddresses(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count % 16 == 0 else { return appendUnknown(into: &out) }
    for offset in stride(from: 0, to: value.count, by: 16) {
      out.append(octet: 0x20)
      append(.v6(value.ipv6Address(at: offset)), into: &out)
    }
  }

  /// RFC 5007 §4.1.2.1 and §4.1.2.4: whom is asked about, and what a relay said.
  private mutating func appendLeaseQuery(
    _ code: UInt16, _ value: Span<UInt8>, depth: Int, into out: inout TextBuffer
  ) {
    let isQuery = code == 44
    guard value.count >= (isQuery ? 17 : 16) else { return appendUnknown(into: &out) }
    if isQuery {
      out.append(value[0] == 1 ? " by-address" : value[0] == 2 ? " by-clientID" : " type_")
      if value[0] == 0 || value[0] > 2 { out.append(decimal: value[0]) }
    }
    out.append(octet: 0x20)
    append(.v6(value.ipv6Address(at: isQuery ? 1 : 0)), into: &out)
    guard !isQuery else {
      return appendDHCPv6Options(value.extracting(droppingFirst: 17), depth: depth, into: &out)
    }
    out.append(octet: 0x20)
    appendStart(of: value.extracting(droppingFirst: 16), into: &out)
  }

  /// RFC 5908 §4: an address, a group or a name, in an option of its own.
  private mutating func appendTimeServers(_ value: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset < value.count {
      guard offset &+ 4 <= value.count else { return appendCut("dhcp6", into: &out) }
      let code = value.u16(at: offset)
      let start = offset &+ 4
      offset = start &+ Int(value.u16(at: offset &+ 2))
      guard offset <= value.count else { return appendCut("dhcp6", into: &out) }
      out.append(" subopt:")
      out.append(decimal: code)
      switch code {
      case 1, 2:
        guard offset &- start == 16 else { return appendUnknown(into: &out) }
        out.append(octet: 0x20)
        append(.v6(value.ipv6Address(at: start)), into: &out)
      case 3: appendNames(value.extracting(start..<offset), into: &out)
      default: return appendUnknown(into: &out)
      }
    }
  }

  /// RFC 6334 §3: the other end's name, here without its final dot.
  private mutating func appendTunnelEnd(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value.count >= 3 else { return appendUnknown(into: &out) }
    out.append(octet: 0x20)
    let start = out.count
    guard value.appendName(at: 0, into: &out) != nil else { return appendUnknown(into: &out) }
    if out.count &- start > 1 { out.truncate(to: out.count &- 1) }
  }

  /// At most ten octets, as tcpdump does it.
  private func appendStart(of value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(hexOf: value.extracting(first: min(value.count, 10)))
    out.append("...")
  }
}
