import PacketWire

extension ProtocolNames {
  /// Adds the headers before the network layer's. `octets` are the frame's.
  mutating func addLink(of frame: Frame, isOutermost: Bool, _ octets: Span<UInt8>) {
    let isKnown = addHeaders(of: frame, isOutermost: isOutermost, octets)
    let isARP = frame.etherType == .arp || frame.etherType == .reverseARP
    // A frame that holds nothing is told by its header alone.
    if !isKnown, frame.network == .none, !isARP, frame.problem == nil, !frame.payload.isEmpty {
      add(Self.data)
    }
  }

  /// Adds them; true where the last one says what all behind it is.
  private mutating func addHeaders(
    of frame: Frame, isOutermost: Bool, _ octets: Span<UInt8>
  ) -> Bool {
    switch frame.linkType {
    case .ethernet:
      add("eth")
      return addTypes(octets, at: 12, EthernetHeader.length)
    case .linuxSLL:
      add("sll")
      return addTypes(octets, at: 14, LinuxSLLHeader.length)
    case .linuxSLL2:
      add("sll")
      return addTypes(octets, at: 0, LinuxSLL2Header.length)
    case .null, .loop: add("null")
    // A tunnel's packet begins with its own header.
    case .raw, LinkType(rawValue: 12), LinkType(rawValue: 14): if isOutermost { add("raw") }
    case .ppp: return addPPP(octets, 0)
    case .pppHDLC:
      // Cisco's framing is told by its addresses.
      guard octets.count > 0, octets[0] & 0x7f == 0x0f else { return addPPP(octets, 0) }
      return addCisco(frame)
    case .ciscoHDLC: return addCisco(frame)
    case .frameRelay: add("fr")
    case .nflog: add("nflog")
    case .ipnet: add("ipnet")
    case .ppi, .pktap, .oldPKTAP: return addWrapped(frame, octets)
    case .pppoe:
      add("pppoes")
      return addPPP(octets, PPPoEHeader.length)
    case .radiotap, .ieee80211:
      if frame.linkType == .radiotap {
        add("radiotap")
        add("wlan_radio")
      }
      add("wlan")
      guard frame.etherType != nil else { return true }
      add("llc")
    default: return true
    }
    return false
  }

  /// Adds the header before the frame's own, and those of the frame.
  private mutating func addWrapped(_ frame: Frame, _ octets: Span<UInt8>) -> Bool {
    if frame.linkType == .oldPKTAP { add("user_dlt") }
    add(frame.linkType == .ppi ? "ppi" : "pktap")
    guard let wrapped = (try? WrappedFrame(in: octets, of: frame.linkType)) ?? nil else {
      return true
    }
    add(frame.linkType == .ppi ? "wlan_radio" : "pcap_pktdata")
    var inner = frame
    inner.linkType = wrapped.linkType
    return addHeaders(
      of: inner, isOutermost: true, octets.extracting(droppingFirst: wrapped.offset))
  }

  private mutating func addCisco(_ frame: Frame) -> Bool {
    add("chdlc")
    guard frame.etherType == .reverseARP else { return false }
    add("slarp")
    return true
  }

  /// Adds what types announce, of which the first stands at `first`, before what begins at `start`.
  private mutating func addTypes(_ octets: Span<UInt8>, at first: Int, _ start: Int) -> Bool {
    var (place, next) = (first, start)
    while place &+ 2 <= octets.count {
      let type = EtherType(rawValue: octets.u16(at: place))
      if type.isLength { return addLLC(octets, next) }
      add("ethertype")
      switch type {
      case .vlan, .oldServiceVLAN: add("vlan")
      case .serviceVLAN: add("ieee8021ad")
      case .mpls, .upstreamMPLS:
        add("mpls")
        return false
      case .pppoeSession:
        add("pppoes")
        return addPPP(octets, next &+ PPPoEHeader.length)
      default: return addKnown(Self.etherTypes[type.rawValue])
      }
      (place, next) = (next &+ 2, next &+ VLANTag.length)
    }
    return true
  }

  private mutating func addKnown(_ name: String?) -> Bool {
    if let name { add(name) }
    return name != nil
  }

  private mutating func addLLC(_ octets: Span<UInt8>, _ start: Int) -> Bool {
    add("llc")
    guard start < octets.count else { return true }
    // Behind a SNAP header of Cisco's there is a type of its own.
    let isCisco =
      start &+ 8 <= octets.count && octets.u16(at: start) == 0xaaaa
      && octets.u32(at: start &+ 2) & 0xffffff == 0x00000c
    return addKnown(
      isCisco ? Self.ciscoTypes[octets.u16(at: start &+ 6)] : Self.servicePoints[octets[start]])
  }

  /// Adds PPP and what its protocol number announces (RFC 1661 §2), with or without address and control.
  private mutating func addPPP(_ octets: Span<UInt8>, _ start: Int) -> Bool {
    add("ppp")
    var place = start
    if place &+ 2 <= octets.count, octets.u16(at: place) == 0xff03 { place &+= 2 }
    guard place &+ 2 <= octets.count else { return true }
    let number = octets.u16(at: place)
    if number == 0x0281 {
      add("mpls")
      return false
    }
    return addKnown(Self.pppProtocols[number])
  }

  private static let etherTypes: [UInt16: String] = [
    0x8863: "pppoed", 0x888e: "eapol", 0x88cc: "lldp", 0x9000: "loop",
  ]

  private static let ciscoTypes: [UInt16: String] = [
    0x010b: "stp", 0x0111: "udld", 0x2000: "cdp", 0x2003: "vtp", 0x2004: "dtp",
  ]

  private static let servicePoints: [UInt8: String] = [0x42: "stp", 0xfe: "osi"]

  private static let pppProtocols: [UInt16: String] = [
    0x8021: "ipcp", 0x8057: "ipv6cp", 0xc021: "lcp", 0xc023: "pap", 0xc223: "chap",
  ]
}
