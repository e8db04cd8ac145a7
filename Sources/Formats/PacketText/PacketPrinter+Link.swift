import PacketWire

extension PacketPrinter {
  /// Appends a frame from its link header on; `length` is the whole frame's on the wire.
  mutating func appendLink(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    switch frame.link {
    case .ethernet(let header):
      appendEthernet(header, frame, octets, length: length, into: &out)
    case .linuxSLL(let header):
      appendLinuxSLL(header, frame, octets, length: length, into: &out)
    case .linuxSLL2(let header):
      appendLinuxSLL2(header, frame, octets, length: length, into: &out)
    case .bsdLoopback(let header):
      appendBSDLoopback(header, frame, octets, length: length, into: &out)
    case .none: appendUnframed(frame, octets, length: length, into: &out)
    }
  }

  private mutating func appendEthernet(
    _ header: EthernetHeader, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    if options.showsLinkHeader {
      appendAddresses(header, into: &out)
      if frame.problem?.layer == .vlan { return appendCut("vlan", into: &out) }
      appendEthernetType(header.type, length: length, into: &out)
      appendTags(
        header.type, octets, from: EthernetHeader.length, to: frame.networkOffset, into: &out)
    } else if frame.problem?.layer == .vlan {
      return appendCut("vlan", into: &out)
    }
    switch header.type {
    case .ipv4, .ipv6, .arp:
      if appendNetwork(frame, octets, length: length, into: &out) { return }
    default:
      let (type, offset) = untagged(header.type, octets, from: EthernetHeader.length)
      let part = EncapsulatedPart(
        offset: offset, end: length, ends: (header.source, header.destination))
      if append(type, part, frame, octets, into: &out) { return }
    }
    // What nobody can read is at least said to be for whom and of what type.
    if !options.showsLinkHeader {
      appendAddresses(header, into: &out)
      appendEthernetType(frame.etherType ?? header.type, length: length, into: &out)
    }
    appendUnknown(octets, from: frame.networkOffset, into: &out)
  }

  private func appendAddresses(_ header: EthernetHeader, into out: inout TextBuffer) {
    out.append(header.source)
    out.append(" > ")
    out.append(header.destination)
    out.append(", ")
  }

  private func appendEthernetType(
    _ type: EtherType, length: Int, into out: inout TextBuffer
  ) {
    // IEEE 802.3 §3.2.6: up to 1500 the field is a length.
    if type.rawValue <= 1500 {
      out.append("802.3, length ")
      out.append(decimal: type.rawValue)
    } else {
      out.append("ethertype ")
      append(type, into: &out)
      out.append(", length ")
      out.append(decimal: length)
    }
    out.append(": ")
  }

  func append(_ type: EtherType, into out: inout TextBuffer) {
    out.append(type.name ?? "Unknown")
    out.append(" (0x")
    out.append(hex: type.rawValue)
    out.append(octet: 0x29)
  }

  /// All VLAN tags between two offsets, each with the type of what it carries.
  private func appendTags(
    _ first: EtherType, _ octets: Span<UInt8>, from start: Int, to end: Int,
    into out: inout TextBuffer
  ) {
    var (type, offset) = (first, start)
    while type.isVLANTag, offset &+ VLANTag.length <= min(end, octets.count) {
      let tag = VLANTag(octets, at: offset)
      type = tag.type
      append(tag, into: &out)
      if tag.type.isLength {
        out.append("802.3")
      } else {
        out.append("ethertype ")
        append(tag.type, into: &out)
        out.append(", ")
      }
      offset &+= VLANTag.length
    }
  }

  /// What stands behind the VLAN tags, and where.
  func untagged(
    _ first: EtherType, _ octets: Span<UInt8>, from start: Int
  ) -> (EtherType, Int) {
    var (type, offset) = (first, start)
    while type.isVLANTag, offset &+ VLANTag.length <= octets.count {
      type = VLANTag(octets, at: offset).type
      offset &+= VLANTag.length
    }
    return (type, offset)
  }

  /// Appends what a tag says, with `, ` behind it.
  func append(_ tag: VLANTag, into out: inout TextBuffer) {
    out.append("vlan ")
    out.append(decimal: tag.identifier)
    out.append(", p ")
    out.append(decimal: tag.priority)
    if tag.isDropEligible { out.append(", DEI") }
    out.append(", ")
  }

  private mutating func appendBSDLoopback(
    _ header: BSDLoopbackHeader, _ frame: Frame, _ octets: Span<UInt8>, length: Int,
    into out: inout TextBuffer
  ) {
    let isKnown = header.ipFamily != nil
    if options.showsLinkHeader || !isKnown {
      out.append("AF ")
      out.append(header.ipFamily.map { $0 == .v4 ? "IPv4" : "IPv6" } ?? "Unknown")
      out.append(" (")
      // Numbers of families are small: a large one was written in the other byte order.
      out.append(decimal: header.family > 0xffff ? header.family.byteSwapped : header.family)
      out.append("), length ")
      out.append(decimal: length)
      out.append(": ")
    }
    if isKnown, appendNetwork(frame, octets, length: length, into: &out) { return }
    isMarked = true
    appendUnknown(octets, from: BSDLoopbackHeader.length, into: &out)
  }

  /// A frame without a link header of its own, or whose link header could not be read.
  private mutating func appendUnframed(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    if appendWrapped(frame, octets, length: length, into: &out) { return }
    switch frame.problem?.layer {
    case .ethernet?: return appendCut("ether", into: &out)
    case .linuxSLL?: return appendCut("sll", into: &out)
    case .linuxSLL2?: return appendCut("sll2", into: &out)
    case .bsdLoopback?: return appendCut("null", into: &out)
    default: break
    }
    if frame.linkType.isIP {
      if options.showsLinkHeader { out.append("ip: ") }
      if appendNetwork(frame, octets, length: length, into: &out) { return }
    }
    let whole = EncapsulatedPart(offset: 0, end: length)
    switch frame.linkType {
    case .ppp: return appendPPP(whole, frame, octets, into: &out)
    case .pppHDLC: return appendHDLC(whole, frame, octets, into: &out)
    case .pppoe: return appendPPPoE(whole, frame, octets, into: &out)
    case .ciscoHDLC: return appendCiscoHDLC(whole, frame, octets, into: &out)
    case .nflog:
      if options.showsLinkHeader { appendNFLOG(octets, length: length, into: &out) }
      guard frame.problem?.layer != .nflog,
        appendNetwork(frame, octets, length: length, into: &out)
      else { return appendCut("nflog", into: &out) }
      return
    case .ipnet:
      if options.showsLinkHeader { appendIPNET(octets, length: length, into: &out) }
      if frame.problem?.layer == .ipnet { return appendCut("ipnet", into: &out) }
      if appendNetwork(frame, octets, length: length, into: &out) { return }
    case .frameRelay: if appendNetwork(frame, octets, length: length, into: &out) { return }
    case .ieee80211, .radiotap:
      return appendIEEE80211(frame, octets, length: length, into: &out)
    default: break
    }
    out.append("link type ")
    out.append(decimal: frame.linkType.rawValue)
    out.append(", length ")
    out.append(decimal: length)
    out.append(": ")
    appendUnknown(octets, from: 0, into: &out)
  }

  /// Appends the network layer if there is one that this printer knows, even if it is damaged.
  mutating func appendNetwork(
    _ frame: Frame, _ octets: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) -> Bool {
    let length = max(length &- frame.networkOffset, 0)
    switch frame.network {
    case .arp(let packet):
      append(packet, octets, from: frame.networkOffset, length: length, into: &out)
    case .ipv4(let header): append(header, frame, octets, length: length, into: &out)
    case .ipv6(let header): append(header, frame, octets, length: length, into: &out)
    case .none:
      guard let problem = frame.problem else { return false }
      return appendUnreadable(problem, frame, octets, into: &out)
    }
    return true
  }

  /// A network header that could not be read.
  private mutating func appendUnreadable(
    _ problem: PacketError, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch problem.layer {
    case .arp:
      if case .truncated = problem.reason {
        appendCut("arp", into: &out)
      } else if !options.showsLinkHeader {
        out.append("ARP,")
      }
    case .ipv4:
      appendUnreadableIPv4(
        problem, frame.linkType, octets, from: frame.networkOffset, into: &out)
    case .ipv6:
      appendUnreadableIPv6(
        problem, frame.linkType, octets, from: frame.networkOffset, into: &out)
    default: return false
    }
    return true
  }
}

extension Frame {
  /// The network header was read.
  var hasNetwork: Bool {
    if case .none = network { return false }
    return true
  }
}

extension VLANTag {
  /// The tag at `offset`, which the caller has seen to be within `octets`.
  init(_ octets: Span<UInt8>, at offset: Int) {
    let control = octets.u16(at: offset)
    self.init(
      identifier: control, priority: UInt8(control >> 13), isDropEligible: control & 0x1000 != 0,
      type: EtherType(rawValue: octets.u16(at: offset &+ 2)))
  }
}

extension LinkType {
  /// The frame begins with an IP header.
  var isIP: Bool {
    switch self {
    case .raw, .ipv4, .ipv6, LinkType(rawValue: 12), LinkType(rawValue: 14): true
    default: false
    }
  }
}
