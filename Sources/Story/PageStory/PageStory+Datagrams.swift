import FlowAnalysis
import PacketWire

extension PageStory {
  mutating func udp(_ udp: UDPFacts, _ facts: PacketFacts) -> Passage {
    switch udp.service {
    case .quic(let version, let type): return quic(version, type, udp, facts)
    case .brokenDNS(let problem):
      var sentence = Sentence("This datagram is on a DNS port, but ")
      if facts.cutOctets > 0 {
        sentence.add("the capture cut it off: \(udp.length - facts.cutOctets) of its ")
        sentence.add("\(Words.count(udp.length, "byte")) are here, too few to read the message.")
      } else {
        sentence.add("it is no DNS message that can be read: \(problem).")
      }
      return Passage(.application, "DNS", .nameLookup, sentence)
    case .unknown: break
    }
    if facts.flow.flatMap({ flows[$0]?.isQUIC }) == true { return quicData(udp, facts) }
    var sentence = Sentence("\(Words.who(facts.source)) sends ")
    sentence.add(Words.count(udp.length, "byte"))
    if let last = udp.lastFromPeer, !facts.isFromInitiator {
      sentence.add(" back to \(Words.who(facts.destination))")
      let time = facts.mark.time - last.time
      if time.count >= 0 { sentence.add(", \(Words.duration(time)) after \(sentence.refer(last))") }
    } else {
      sentence.add(" to \(Words.who(facts.destination)) port \(facts.destination?.port ?? 0)")
    }
    let port = facts.isFromInitiator ? facts.destination?.port : facts.source?.port
    if let use = port.flatMap(Self.usualUse) { sentence.add(ifRoom: " (usually \(use))") }
    // A probe of traceroute lives as long as the distance that it asks about.
    if let hops = facts.hopsLeft, facts.isFromInitiator, hops < 32 {
      sentence.add(ifRoom: ", with a time to live of \(hops)")
    }
    sentence.add("; the content is not decoded here.")
    return Passage(.transport, "UDP", .other, sentence)
  }

  /// What well-known ports are for (IANA "Service Name and Transport Protocol Port Number
  /// Registry"), where a page load or its surroundings use them.
  private static func usualUse(of port: UInt16) -> String? {
    switch port {
    case 67, 68, 546, 547: "DHCP, the lease of an address"
    case 123: "NTP, the time of day"
    case 137: "NetBIOS names"
    case 443: "QUIC"
    case 1900: "SSDP, the search for devices"
    case 33434...33534: "a traceroute probe"
    default: nil
    }
  }

  private mutating func quic(
    _ version: UInt32, _ type: QUICPacketType, _ udp: UDPFacts, _ facts: PacketFacts
  ) -> Passage {
    remember(facts) { $0.isQUIC = true }
    summary.hide(facts)
    var sentence = Sentence()
    let (sender, target) = (Words.who(facts.source), Words.who(facts.destination))
    switch type {
    case .initial where facts.isFromInitiator:
      sentence.add("QUIC Initial: \(sender) opens an enciphered connection to \(target) ")
      sentence.add("port \(facts.destination?.port ?? 0) over UDP.")
    case .initial: sentence.add("QUIC Initial: the server answers.")
    case .zeroRTT:
      sentence.add("QUIC 0-RTT: the client sends enciphered data at once, with keys of before.")
    case .handshake:
      let side = facts.isFromInitiator ? "the client" : "the server"
      sentence.add("QUIC Handshake: \(side) goes on agreeing on keys, enciphered already.")
    case .retry:
      sentence.add("QUIC Retry: the server has the client prove its address before it goes on.")
    case .versionNegotiation:
      sentence.add("QUIC Version Negotiation: the server lists the versions that it speaks.")
    case .unknown:
      sentence.add("A QUIC packet of version 0x\(String(version, radix: 16)) from \(sender).")
    }
    if let last = udp.lastFromPeer, !facts.isFromInitiator {
      sentence.add(ifRoom: " (\(Words.duration(facts.mark.time - last.time)) after ")
      sentence.add(ifRoom: "\(sentence.refer(last)).)")
    }
    return Passage(.presentation, "QUIC", .encryption, sentence)
  }

  private mutating func quicData(_ udp: UDPFacts, _ facts: PacketFacts) -> Passage {
    let side = facts.isFromInitiator ? "the client" : "the server"
    let sentence = Sentence(
      "QUIC: \(Words.count(udp.length, "byte")) from \(side), enciphered: data or acknowledgments.")
    return Passage(.presentation, "QUIC", .transfer, sentence)
  }

  func otherPacket(_ number: IPProtocol, _ facts: PacketFacts) -> Passage {
    var sentence = Sentence("\(Words.who(facts.source)) sends \(Words.who(facts.destination)) ")
    sentence.add("a packet of \(number.words), which this story does not look into.")
    return Passage(.network, "IP", .other, sentence)
  }

  func otherFrame(_ type: EtherType?, _ facts: PacketFacts) -> Passage {
    var sentence = Sentence("A frame ")
    switch type {
    // IEEE 802.3 §3.2.6: up to 1500 it is a length.
    case let type? where type.rawValue <= 1_500: sentence.add("of the 802.3 kind, without IP")
    case let type?: sentence.add("of EtherType 0x\(String(type.rawValue, radix: 16)), without IP")
    case nil: sentence.add("of a kind that is not decoded here")
    }
    sentence.add(" (\(Words.count(facts.length, "byte"))).")
    return Passage(.dataLink, "link", .other, sentence)
  }

  mutating func unreadable(_ problem: PacketError, _ facts: PacketFacts) -> Passage {
    summary.warn(.unreadable, facts.mark.number)
    var sentence = Sentence("This packet ")
    if let source = facts.source { sentence.add("from \(source.address) ") }
    sentence.add("cannot be read to its end: \(problem).")
    return Passage(problem.layer.osi, problem.layer.name, .other, sentence)
  }
}

extension IPProtocol {
  /// The protocol's name, or its number.
  var words: String {
    switch self {
    case .icmp: "ICMP"
    case .igmp: "IGMP"
    case .tcp: "TCP"
    case .udp: "UDP"
    case .esp: "IPsec ESP"
    case .authentication: "IPsec AH"
    case .icmpv6: "ICMPv6"
    case IPProtocol(rawValue: 47): "GRE"
    case IPProtocol(rawValue: 89): "OSPF"
    case IPProtocol(rawValue: 132): "SCTP"
    default: "IP protocol \(rawValue)"
    }
  }
}

extension Layer {
  /// Where the header belongs that could not be read.
  fileprivate var osi: OSILayer {
    switch self {
    case .ethernet, .vlan, .linuxSLL, .linuxSLL2, .bsdLoopback, .arp, .llc, .mpls, .pppoe, .ppp,
      .ciscoHDLC, .frameRelay, .ieee80211, .radiotap, .nflog, .ipnet, .ppi, .pktap:
      .dataLink
    case .ipv4, .ipv6, .ipv6Extension, .icmpv4, .icmpv6, .quotedDatagram, .icmpExtension, .igmp,
      .gre, .esp,
      .authentication:
      .network
    case .udp, .tcp, .sctp, .dccp: .transport
    case .vxlan, .geneve: .application
    case .dns, .dhcpv4, .dhcpv6, .ntp, .tls, .x509, .quic, .webSocket: .application
    }
  }
}
