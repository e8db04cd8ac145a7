import PacketWire

extension PacketPrinter {
  /// Appends a cooked frame of Linux (LINKTYPE_LINUX_SLL).
  mutating func appendLinuxSLL(
    _ header: LinuxSLLHeader, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    let isKnown = frame.hasNetwork || frame.problem != nil
    if options.showsLinkHeader || !isKnown {
      let direction = header.packetType.letters
      out.append(repeating: 0x20, count: 3 &- direction.utf8.count)
      out.append(direction)
      out.append(octet: 0x20)
      append(header.address, header.type, length: length, into: &out)
    }
    appendCookedTags(
      header.type, frame, octets, from: LinuxSLLHeader.length, length: length, into: &out)
  }

  /// Appends a cooked frame of the second version, which names its interface.
  mutating func appendLinuxSLL2(
    _ header: LinuxSLL2Header, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    let start = out.count
    if let name = interfaceName?(header.interfaceIndex) {
      out.append(untrusted: name, atMost: 64)
    } else {
      out.append(octet: 0x3f)
    }
    out.padRight(from: start, to: 5)
    out.append(octet: 0x20)
    let direction = header.packetType.letters
    out.append(direction)
    out.append(repeating: 0x20, count: 4 &- direction.utf8.count)
    let isKnown = frame.hasNetwork || frame.problem != nil
    if options.showsLinkHeader || !isKnown {
      out.append("ifindex ")
      out.append(decimal: header.interfaceIndex)
      out.append(octet: 0x20)
      append(header.address, header.type, length: length, into: &out)
    }
    appendCookedTags(
      header.type, frame, octets, from: LinuxSLL2Header.length, length: length, into: &out)
  }

  private func append(
    _ address: LinuxLinkAddress, _ type: EtherType, length: Int, into out: inout TextBuffer
  ) {
    if let mac = address.mac {
      out.append(mac)
      out.append(octet: 0x20)
    }
    out.append("ethertype ")
    append(type, into: &out)
    out.append(", length ")
    out.append(decimal: length)
    out.append(": ")
  }

  /// The rest of a cooked frame. Unlike behind Ethernet, a tag's type is told without its number,
  /// and always.
  private mutating func appendCookedTags(
    _ first: EtherType, _ frame: Frame, _ octets: Span<UInt8>, from start: Int, length: Int,
    into out: inout TextBuffer
  ) {
    if frame.problem?.layer == .vlan { return appendCut("vlan", into: &out) }
    var (type, offset) = (first, start)
    while type.isVLANTag, offset &+ VLANTag.length <= min(frame.networkOffset, octets.count) {
      let tag = VLANTag(octets, at: offset)
      type = tag.type
      if options.showsLinkHeader { append(tag, into: &out) }
      out.append("ethertype ")
      out.append(tag.type.name ?? "Unknown")
      out.append(", ")
      offset &+= VLANTag.length
    }
    let part = EncapsulatedPart(offset: offset, end: length)
    switch type {
    case .ipv4, .ipv6, .arp:
      if appendNetwork(frame, octets, length: length, into: &out) { return }
    // Linux' number for a frame of 802.2.
    case EtherType(rawValue: 4): return appendLLC(part, frame, octets, into: &out)
    default:
      if !type.isLength, append(type, part, frame, octets, into: &out) { return }
    }
    appendUnknown(octets, from: offset, into: &out)
  }
}

extension LinuxPacketType {
  /// At most three letters that tell where a cooked capture saw the packet.
  var letters: String {
    switch self {
    case .host: "In"
    case .broadcast: "B"
    case .multicast: "M"
    case .otherHost: "P"
    case .outgoing: "Out"
    default: "?"
    }
  }
}
