import PacketWire

/// What an IP packet carries, as the printers of transport headers need it. Lengths and offsets are
/// in octets; offsets count from the frame's start.
struct CarriedPacket {
  var source: IPAddress
  var destination: IPAddress
  var protocolNumber: IPProtocol
  /// Where the transport header starts.
  var offset: Int
  /// Where what was captured of the packet ends.
  var end: Int
  /// How much IP says that it carries.
  var length: Int
  /// More fragments follow.
  var isFragment = false
  /// The addresses stand on the line already, before IPv6 extension headers.
  var isAddressed = false

  /// How much of it was captured.
  var captured: Int { max(end &- offset, 0) }
}

extension PacketPrinter {
  /// Appends an address by name or number.
  func append(_ address: IPAddress, into out: inout TextBuffer) {
    if !options.isNumeric, let name = hostName?(address) {
      out.append(untrusted: name, atMost: 256)
    } else {
      out.append(address)
    }
  }

  /// Appends `source > destination`.
  func appendAddresses(of packet: CarriedPacket, into out: inout TextBuffer) {
    append(packet.source, into: &out)
    out.append(" > ")
    append(packet.destination, into: &out)
  }

  /// Appends `source.port > destination.port: `, or only the ports if the addresses are there.
  mutating func appendEndpoints(
    of packet: CarriedPacket, from source: UInt16, to destination: UInt16,
    into out: inout TextBuffer
  ) {
    if options.isNumeric, !packet.isAddressed {
      // Behind one an arrow, behind the other a colon.
      var end = out.begin(upTo: 96)
      end = out.put(packet.source, port: source, then: 0x203e20, count: 3, at: end)
      end = out.put(packet.destination, port: destination, then: 0x203a, count: 2, at: end)
      return out.end(at: end)
    }
    if !packet.isAddressed {
      append(packet.source, into: &out)
      out.append(octet: 0x2e)
    }
    append(port: source, packet.protocolNumber, into: &out)
    out.append(" > ")
    if !packet.isAddressed {
      append(packet.destination, into: &out)
      out.append(octet: 0x2e)
    }
    append(port: destination, packet.protocolNumber, into: &out)
    out.append(": ")
  }

  /// Appends a port by its service's name or by number.
  func append(
    port: UInt16, _ protocolNumber: IPProtocol, into out: inout TextBuffer
  ) {
    if !options.isNumeric, let name = ServiceNames.name(ofPort: port, protocolNumber) {
      out.append(name)
    } else {
      out.append(decimal: port)
    }
  }

  /// Appends what IP carries.
  mutating func append(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch packet.protocolNumber {
    case .tcp: appendTCP(packet, frame, octets, into: &out)
    case .udp: appendUDP(packet, frame, octets, into: &out)
    case .icmp:
      guard packet.source.family == .v4 else {
        return appendMisplaced("[ICMP requires IPv4]", into: &out)
      }
      appendICMPv4(packet, frame, octets, into: &out)
    case .icmpv6:
      guard packet.source.family == .v6 else {
        return appendMisplaced("[ICMPv6 requires IPv6]", into: &out)
      }
      appendICMPv6(packet, frame, octets, into: &out)
    // tcpdump tells nothing but its number.
    case .udpLite where options.isVerbose: appendUDPLite(packet, frame, octets, into: &out)
    case .noNextHeader: out.append("no next header")
    default: appendRare(packet, octets, into: &out)
    }
  }

  private mutating func appendRare(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    let start = min(packet.offset, packet.end)
    switch packet.protocolNumber {
    case .ipv4, .ipv6:
      appendCarried(
        octets.extracting(start..<packet.end),
        linkType: packet.protocolNumber == .ipv4 ? .ipv4 : .ipv6, length: packet.length,
        into: &out)
    case .ethernet:
      guard packet.source.family == .v6 else {
        return appendMisplaced("[Ethernet requires IPv6]", into: &out)
      }
      appendCarried(
        octets.extracting(start..<packet.end), linkType: .ethernet, length: packet.length,
        into: &out)
    case .gre: appendGRE(packet, octets, into: &out)
    case .sctp: appendSCTP(packet, octets, into: &out)
    case .dccp: appendDCCP(packet, octets, into: &out)
    case .igmp where packet.source.family == .v4: appendIGMP(packet, octets, into: &out)
    case .esp: appendESP(packet, octets, into: &out)
    default:
      out.append(octet: 0x20)
      append(packet.protocolNumber, into: &out)
      out.append(octet: 0x20)
      out.append(decimal: packet.length)
    }
  }

  /// RFC 4303 §2: what is not enciphered.
  private mutating func appendESP(
    _ packet: CarriedPacket, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard packet.captured >= ESPHeader.length else { return appendCut("esp", into: &out) }
    out.append("ESP(spi=0x")
    out.append(hex: octets.u32(at: packet.offset))
    out.append(",seq=0x")
    out.append(hex: octets.u32(at: packet.offset &+ 4), digits: 1)
    out.append(octet: 0x29)
    appendLength(packet.length, into: &out)
  }

  private mutating func appendMisplaced(_ text: String, into out: inout TextBuffer) {
    out.append(text)
    appendInvalid(into: &out)
  }

  /// Appends a protocol that has no printer.
  func append(_ protocolNumber: IPProtocol, into out: inout TextBuffer) {
    if !options.isNumeric, let name = protocolNumber.keyword {
      out.append(name)
    } else {
      out.append("ip-proto-")
      out.append(decimal: protocolNumber.rawValue)
    }
  }
}
