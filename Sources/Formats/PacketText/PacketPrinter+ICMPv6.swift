import PacketWire

extension PacketPrinter {
  /// Appends an ICMPv6 message.
  mutating func appendICMPv6(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard packet.length > 0 else {
      out.append("ICMP6, length 0")
      return appendInvalid(into: &out)
    }
    guard case .icmpv6(let header) = frame.transport, frame.transportOffset == packet.offset else {
      if packet.captured > 0 {
        let type = ICMPv6Header.MessageType(rawValue: octets[packet.offset])
        out.append("ICMP6, ")
        out.append(type.name ?? "")
        if options.isVerbose, (133...137).contains(type.rawValue) {
          appendLength(packet.length, into: &out)
        }
        // Of these nothing more is said anyway.
        if !options.isVerbose, type == .routerSolicitation || type == .routerAdvertisement {
          isMarked = true
          return appendLength(packet.length, into: &out)
        }
      }
      return appendCut("icmp6", into: &out)
    }
    if options.isVerbose, !packet.isFragment { appendChecksum(frame, octets, into: &out) }
    out.append("ICMP6, ")
    let start = packet.offset &+ ICMPv6Header.length
    let body = octets.extracting(start..<max(start, packet.end))
    switch append(header, body, length: packet.length, into: &out) {
    case .cut: return appendCut("icmp6", into: &out)
    case .unknown:
      if !header.type.isError || header.type.rawValue > 4 {
        appendLength(packet.length, into: &out)
      }
      if options.dump == .none {
        out.append(hexDump: octets.extracting(packet.offset..<max(start, packet.end)))
      }
      return
    case .known: break
    }
    // tcpdump leaves the length away at -v, and quotes no datagram before -vv.
    guard options.isVerbose else { return appendLength(packet.length, into: &out) }
    if header.type == .extendedEchoRequest || header.type == .extendedEchoReply {
      appendProbe(
        isRequest: header.type == .extendedEchoRequest, code: header.code, rest: header.rest,
        octets.extracting(frame.icmpExtensions(in: octets) ?? frame.payload), into: &out)
    } else if !packet.isFragment, let place = frame.icmpExtensions(in: octets) {
      appendExtensions("", octets.extracting(place), into: &out)
    }
  }

  private enum Outcome {
    case known
    /// There is no form for it, so its octets are shown.
    case unknown
    /// The octets that it takes are not all there.
    case cut
  }

  private func appendChecksum(
    _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    switch frame.transportChecksum(over: octets) {
    case .good: out.append("[icmp6 sum ok] ")
    case .bad(let seen, let expected):
      out.append("[bad icmp6 cksum 0x")
      out.append(hex: seen)
      out.append(" -> 0x")
      out.append(hex: expected)
      out.append("!] ")
    case .absent, .unverifiable: break
    }
  }

  private mutating func append(
    _ header: ICMPv6Header, _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Outcome {
    switch header.type {
    case .echoRequest, .echoReply:
      out.append(header.type == .echoRequest ? "echo request, id " : "echo reply, id ")
      out.append(decimal: header.identifier)
      out.append(", seq ")
      out.append(decimal: header.sequenceNumber)
      return .known
    case .destinationUnreachable: return appendUnreachable(header, body, into: &out)
    case .packetTooBig:
      out.append("packet too big, mtu ")
      out.append(decimal: header.nextHopMTU)
      return .known
    case .timeExceeded: return appendTimeExceeded(header, body, into: &out)
    case .parameterProblem:
      out.append("parameter problem")
      guard body.count >= IPv6Header.length else { return .cut }
      appendParameterProblem(header, into: &out)
      return .known
    default: return appendInformation(header, body, length: length, into: &out)
    }
  }

  private func appendUnreachable(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Outcome {
    out.append("destination unreachable, ")
    switch header.code {
    case 0: out.append("unreachable route")
    case 1: out.append(" unreachable prohibited")
    case 2: out.append("beyond scope")
    case 3: out.append("unreachable address")
    case 4: return appendUnreachablePort(body, into: &out)
    default:
      out.append("unknown unreach code (")
      out.append(decimal: header.code)
      out.append(octet: 0x29)
      return .unknown
    }
    guard body.count >= IPv6Header.length else { return .cut }
    out.append(octet: 0x20)
    append(.v6(body.ipv6Address(at: 24)), into: &out)
    if header.code == 2 {
      out.append(", source address ")
      append(.v6(body.ipv6Address(at: 8)), into: &out)
    }
    return .known
  }

  /// The port stands behind the extension headers that are quoted.
  private func appendUnreachablePort(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Outcome {
    out.append("unreachable port")
    let quoted = Frame(decoding: body, linkType: .ipv6)
    let offset = quoted.transportOffset
    guard let number = quoted.protocolNumber, offset >= IPv6Header.length,
      body.count >= offset &+ 4
    else { return .cut }
    out.append(", ")
    append(.v6(body.ipv6Address(at: 24)), into: &out)
    appendPort(body.u16(at: offset &+ 2), number, into: &out)
    return .known
  }

  private func appendTimeExceeded(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Outcome {
    out.append("time exceeded in-transit")
    switch header.code {
    case 0:
      guard body.count >= IPv6Header.length else { return .cut }
      out.append(" for ")
      append(.v6(body.ipv6Address(at: 24)), into: &out)
    case 1: out.append(" (reassembly)")
    default:
      out.append(", unknown code (")
      out.append(decimal: header.code)
      out.append(octet: 0x29)
    }
    return .known
  }

  private func appendParameterProblem(_ header: ICMPv6Header, into out: inout TextBuffer) {
    out.append(", ")
    switch header.code {
    case 0: out.append("erroneous - octet ")
    case 1: out.append("next header - octet ")
    case 2: out.append("option - octet ")
    case 3: out.append("incomplete header chain - octet ")
    default:
      out.append("code-#")
      out.append(decimal: header.code)
      return
    }
    out.append(decimal: header.pointer)
  }

  private mutating func appendInformation(
    _ header: ICMPv6Header, _ body: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Outcome {
    switch header.type.rawValue {
    case 139, 140: return appendNodeInformation(header, body, into: &out) ? .known : .cut
    default: break
    }
    guard let name = header.type.name else {
      out.append("unknown icmp6 type (")
      out.append(decimal: header.type.rawValue)
      out.append(octet: 0x29)
      return .unknown
    }
    out.append(name)
    switch header.type.rawValue {
    case 130...132: return appendListener(header, body, into: &out) ? .known : .cut
    case 133...137, 145, 147:
      // Of messages with options the length stands before what they are about at -v.
      if options.isVerbose { appendLength(length, into: &out) }
      return appendDiscovery(header, body, into: &out) ? .known : .cut
    case 138:
      out.append(", ")
      if !appendRenumbering(header, body, into: &out) { appendCut("icmp6", into: &out) }
    case 143: appendListenerReport(header, body, into: &out)
    case 155:
      guard appendRouting(header, body, length: length &- 4, into: &out) else { return .cut }
    case 144, 146: appendIdentifier(header, into: &out)
    case 160, 161:
      out.append(", id ")
      out.append(decimal: header.identifier)
      out.append(", seq ")
      out.append(decimal: header.probeSequenceNumber)
    case 200, 201: return .unknown
    default: break
    }
    return .known
  }

  private func appendIdentifier(_ header: ICMPv6Header, into out: inout TextBuffer) {
    out.append(", id 0x")
    out.append(hex: header.identifier)
  }

  /// Neighbor discovery (RFC 4861 §4) and mobility's home agent discovery (RFC 6275 §6.6, §6.8);
  /// false when the message is not all there.
  private mutating func appendDiscovery(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    var fixed = 0
    switch header.type.rawValue {
    case 134: return appendRouterAdvertisement(header, body, into: &out)
    case 135, 136:
      guard body.count >= 16 else { return false }
      out.append(header.type == .neighborSolicitation ? ", who has " : ", tgt is ")
      append(.v6(body.ipv6Address(at: 0)), into: &out)
      if options.isVerbose, header.type == .neighborAdvertisement {
        appendAdvertisementFlags(header, into: &out)
      }
      fixed = 16
    case 137:
      guard body.count >= 32 else { return false }
      out.append(", ")
      append(.v6(body.ipv6Address(at: 16)), into: &out)
      out.append(" to ")
      append(.v6(body.ipv6Address(at: 0)), into: &out)
      fixed = 32
    case 145:
      guard options.isVerbose else { return true }
      appendIdentifier(header, into: &out)
      var offset = 0
      while offset &+ 16 <= body.count {
        out.append(", ")
        append(.v6(body.ipv6Address(at: offset)), into: &out)
        offset &+= 16
      }
      return true
    case 147: if options.isVerbose { appendIdentifier(header, into: &out) }
    default: break
    }
    return appendNeighborOptions(body.extracting(droppingFirst: fixed), into: &out)
  }
}
