import PacketWire

extension PacketPrinter {
  /// Appends an ICMP message.
  mutating func appendICMPv4(
    _ packet: CarriedPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard case .icmpv4(let header) = frame.transport, frame.transportOffset == packet.offset else {
      return appendCut("icmp", into: &out)
    }
    let start = packet.offset &+ ICMPv4Header.length
    let body = octets.extracting(start..<max(start, packet.end))
    let before = out.count
    out.append("ICMP ")
    guard append(header, body, into: &out) else {
      out.truncate(to: before)
      return appendCut("icmp", into: &out)
    }
    appendLength(packet.length, into: &out)
    guard options.isVerbose else { return }
    if !packet.isFragment, case .bad(let seen, let expected) = frame.transportChecksum(over: octets)
    {
      out.append(" (wrong icmp cksum ")
      out.append(hex: seen, digits: 1)
      out.append(" (->")
      out.append(hex: expected, digits: 1)
      out.append(")!)")
    }
    if header.type.isError { appendQuoted(body, into: &out) }
    if header.type == .extendedEchoRequest || header.type == .extendedEchoReply {
      return appendProbe(
        isRequest: header.type == .extendedEchoRequest, code: header.code, rest: header.rest,
        octets.extracting(frame.icmpExtensions(in: octets) ?? frame.payload), into: &out)
    }
    guard !packet.isFragment, header.type.hasQuotationLength else { return }
    if let place = frame.icmpExtensions(in: octets) {
      appendExtensions("", octets.extracting(place), into: &out)
    } else if !isMarked, packet.length >= Self.leastWithExtensions,
      packet.captured < Self.leastWithExtensions
    {
      appendCut("icmp", into: &out)
    }
  }

  /// An error that quotes 128 octets, and the header of a structure with extensions (RFC 4884 §4).
  private static let leastWithExtensions = ICMPv4Header.length + 128 + ICMPExtensionHeader.length

  /// The datagram that an error quotes, as a packet of its own. It ends by its own length field;
  /// what follows may be extensions (RFC 4884).
  private mutating func appendQuoted(_ body: Span<UInt8>, into out: inout TextBuffer) {
    out.append("\n\t")
    guard depth < Frame.maximumDepth else { return appendCut("nested", into: &out) }
    depth &+= 1
    defer { depth &-= 1 }
    let total = body.count >= 4 ? Int(body.u16(at: 2)) : 0
    let quoted = Frame(decoding: body, linkType: .ipv4, originalLength: max(total, body.count))
    switch quoted.network {
    case .ipv4(let header): append(header, quoted, body, length: total, into: &out)
    default:
      guard let problem = quoted.problem else { return appendCut("ip", into: &out) }
      appendUnreadableIPv4(problem, .ipv4, body, from: 0, into: &out)
    }
  }

  /// False when the octets that it takes are not all there.
  private func append(
    _ header: ICMPv4Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch header.type {
    case .echoRequest, .echoReply:
      out.append(header.type == .echoRequest ? "echo request, id " : "echo reply, id ")
      out.append(decimal: header.identifier)
      out.append(", seq ")
      out.append(decimal: header.sequenceNumber)
    case .destinationUnreachable: return appendUnreachable(header, body, into: &out)
    case .redirect: return appendRedirect(header, body, into: &out)
    case .timeExceeded:
      // What it says nothing of must be there all the same.
      guard body.count >= IPv4Header.minimumLength else { return false }
      switch header.code {
      case 0: out.append("time exceeded in-transit")
      case 1: out.append("ip reassembly time exceeded")
      default:
        out.append("time exceeded-#")
        out.append(decimal: header.code)
      }
    case .parameterProblem:
      out.append(header.code == 0 ? "parameter problem - octet " : "parameter problem - code ")
      out.append(decimal: header.code == 0 ? header.pointer : header.code)
    default: return appendInformation(header, body, into: &out)
    }
    return true
  }

  private func appendUnreachable(
    _ header: ICMPv4Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= IPv4Header.minimumLength else { return false }
    let destination = IPAddress.v4(body.ipv4Address(at: 16))
    let code = ICMPv4UnreachableCode(rawValue: header.code)
    if code == .port { return appendUnreachablePort(destination, body, into: &out) }
    out.append(code.object)
    append(destination, into: &out)
    switch code {
    case .protocolNumber:
      out.append(" protocol ")
      out.append(decimal: body[9])
      out.append(" unreachable")
    case .fragmentationNeeded:
      out.append(" unreachable - need to frag")
      guard header.nextHopMTU != 0 else { break }
      out.append(" (mtu ")
      out.append(decimal: header.nextHopMTU)
      out.append(octet: 0x29)
    default:
      out.append(" unreachable")
      if let reason = code.reason {
        out.append(reason)
      } else {
        out.append(" - #")
        out.append(decimal: header.code)
      }
    }
    return true
  }

  private func appendUnreachablePort(
    _ destination: IPAddress, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    let headerLength = Int(body[0] & 0x0f) &* 4
    guard body.count >= headerLength &+ 4 else { return false }
    append(destination, into: &out)
    appendPort(
      body.u16(at: headerLength &+ 2), IPProtocol(rawValue: body[9]), into: &out)
    out.append(" unreachable")
    return true
  }

  /// Appends ` udp port 53`, or the protocol's number if it has no name here.
  func appendPort(
    _ port: UInt16, _ protocolNumber: IPProtocol, into out: inout TextBuffer
  ) {
    switch protocolNumber {
    case .tcp: out.append(" tcp port ")
    case .udp: out.append(" udp port ")
    default:
      out.append(" protocol ")
      out.append(decimal: protocolNumber.rawValue)
      out.append(" port ")
    }
    append(port: port, protocolNumber, into: &out)
  }

  private func appendRedirect(
    _ header: ICMPv4Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= IPv4Header.minimumLength else { return false }
    switch header.code {
    case 0, 1: out.append("redirect ")
    case 2, 3: out.append("redirect-tos ")
    default:
      out.append("redirect-#")
      out.append(decimal: header.code)
      out.append(octet: 0x20)
    }
    append(.v4(body.ipv4Address(at: 16)), into: &out)
    switch header.code {
    case 0, 2: out.append(" to net ")
    case 1, 3: out.append(" to host ")
    default: out.append(" to ")
    }
    append(.v4(header.gateway), into: &out)
    return true
  }

  private func appendInformation(
    _ header: ICMPv4Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch header.type.rawValue {
    case 13, 14:
      out.append(header.type.rawValue == 13 ? "time stamp query id " : "time stamp reply id ")
      out.append(decimal: header.identifier)
      out.append(" seq ")
      out.append(decimal: header.sequenceNumber)
      guard header.type.rawValue == 14 else { break }
      guard body.count >= 12 else { return false }
      out.append(": org ")
      append(milliseconds: body.u32(at: 0), into: &out)
      out.append(", recv ")
      append(milliseconds: body.u32(at: 4), into: &out)
      out.append(", xmit ")
      append(milliseconds: body.u32(at: 8), into: &out)
    case 9: return appendRouters(header, body, into: &out)
    case 42, 43:
      out.append(
        header.type.rawValue == 42 ? "extended echo request, id " : "extended echo reply, id ")
      out.append(decimal: header.identifier)
      out.append(", seq ")
      out.append(decimal: header.probeSequenceNumber)
    case 18:
      guard body.count >= 4 else { return false }
      out.append("address mask is 0x")
      out.append(hex: body.u32(at: 0))
    default:
      if header.type.rawValue < 30, let name = header.type.name {
        out.append(name)
      } else {
        out.append("type-#")
        out.append(decimal: header.type.rawValue)
      }
    }
    return true
  }

  /// RFC 1256 §3: a router's addresses, each with a preference.
  private func appendRouters(
    _ header: ICMPv4Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    let (count, entry, seconds) = (
      header.rest >> 24, header.rest >> 16 & 0xff, header.rest & 0xffff
    )
    out.append("router advertisement lifetime ")
    if seconds < 60 {
      out.append(decimal: seconds)
    } else {
      if seconds >= 3600 {
        out.append(decimal: seconds / 3600)
        out.append(octet: 0x3a)
        out.append(padded: seconds % 3600 / 60, digits: 2)
      } else {
        out.append(decimal: seconds / 60)
      }
      out.append(octet: 0x3a)
      out.append(padded: seconds % 60, digits: 2)
    }
    out.append(octet: 0x20)
    out.append(decimal: count)
    out.append(octet: 0x3a)
    guard entry == 2 else {
      out.append(" [size ")
      out.append(decimal: entry)
      out.append(octet: 0x5d)
      return true
    }
    for index in 0..<Int(count) {
      guard body.count >= 8 &* index &+ 8 else { return false }
      out.append(" {")
      append(.v4(body.ipv4Address(at: 8 &* index)), into: &out)
      out.append(octet: 0x20)
      out.append(decimal: body.u32(at: 8 &* index &+ 4))
      out.append(octet: 0x7d)
    }
    return true
  }

  /// A time of day as a timestamp message has it (RFC 792): milliseconds since midnight UTC.
  private func append(milliseconds: UInt32, into out: inout TextBuffer) {
    let seconds = milliseconds / 1000
    let hours = seconds / 3600
    if hours < 10 { out.append(octet: 0x30) }
    out.append(decimal: hours)
    out.append(octet: 0x3a)
    out.append(padded: seconds % 3600 / 60, digits: 2)
    out.append(octet: 0x3a)
    out.append(padded: seconds % 60, digits: 2)
    out.append(octet: 0x2e)
    out.append(padded: milliseconds % 1000, digits: 3)
  }
}
