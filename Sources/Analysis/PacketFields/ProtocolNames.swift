import PacketWire

/// The protocols of a packet by tshark's names, outermost first, with colons between them.
struct ProtocolNames: Sendable {
  /// Somebody asked for them.
  let areWanted: Bool
  private(set) var text: [UInt8] = []
  private(set) var count = 0
  /// More are no network but an attack on readers.
  private static let maximum = 64

  init(areWanted: Bool) { self.areWanted = areWanted }

  mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    count = 0
  }

  mutating func add(_ name: String) {
    guard areWanted, count < Self.maximum else { return }
    if count > 0 { text.append(0x3a) }
    text.append(contentsOf: name.utf8)
    count &+= 1
  }

  /// What octets are called that have no other name here.
  static let data = "data"
}

extension ProtocolNames {
  /// Adds what a layer is; `previous` is the one before it.
  mutating func add(_ layer: FieldLayer, behind previous: FieldLayer?) {
    // Messages behind each other in the same octets are one protocol's.
    let isMore = previous?.kind == layer.kind && previous?.source == layer.source
    switch layer.kind {
    case .tls, .webSocket, .http2:
      if !isMore, layer.isInHTTP, previous?.kind != .http { add("http") }
    default: break
    }
    switch layer.kind {
    case .arp: add("arp")
    case .ipv4: add("ip")
    case .ipv6: add("ipv6")
    case .ipv6Fragment: add("ipv6.fraghdr")
    case .icmpv4: add("icmp")
    case .icmpv6: add("icmpv6")
    case .tcp: add("tcp")
    case .udp: add("udp")
    case .dns: add(layer.dataStart == 5353 ? "mdns" : layer.dataStart == 5355 ? "llmnr" : "dns")
    case .http: if !isMore { add(layer.dataStart == 1900 ? "ssdp" : "http") }
    case .tls: add("tls")
    case .webSocket: if !isMore { add("websocket") }
    case .http2: if !isMore { add("http2") }
    // What stands in a datagram together, with the hellos that are in it.
    case .quic: if !isMore, previous?.isFromQUIC != true { add("quic") }
    case .frame, .ethernet, .linuxSLL, .bsdLoopback, .vlan, .mplsLabel, .dnsQuestion, .dnsRecord,
      .tcpReassembly, .tlsRecord, .tlsHandshake:
      break
    }
  }

  /// Adds an extension header of IPv6; fragment headers are layers.
  mutating func add(extensionHeader number: IPProtocol) {
    switch number {
    case .hopByHop: add("ipv6.hopopts")
    case .routing: add("ipv6.routing")
    case .destinationOptions: add("ipv6.dstopts")
    case .authentication: add("ah")
    case .mobility: add("mipv6")
    default: break
    }
  }

  /// Adds a message of a WebSocket with its last frame, whose header begins with these octets.
  mutating func addMessage(_ first: UInt8, _ second: UInt8) {
    guard first & 0x80 != 0, second & 0x7f > 0 else { return }
    switch first & 0x0f {
    case 0, 2: add(Self.data)
    case 1: add("data-text-lines")
    default: break
    }
  }

  /// Adds a transport protocol that has no layer.
  mutating func add(transport number: IPProtocol?) {
    switch number {
    case .igmp?:
      // To tshark each version is a protocol within.
      add("igmp")
      add("igmp")
    case .dccp?: add("dccp")
    case .gre?: add("gre")
    case .esp?: add("esp")
    case .authentication?: add("ah")
    case .pim?: add("pim")
    case .sctp?: add("sctp")
    case .udpLite?: add("udplite")
    case .ipv4?, .ipv6?, .ethernet?, .noNextHeader?, nil: break
    case let other?: add(Self.transports[other.rawValue] ?? Self.data)
    }
  }

  private static let transports: [UInt8: String] = [
    46: "rsvp", 54: "nhrp", 88: "eigrp", 89: "ospf", 108: "ipcomp", 112: "vrrp", 113: "pgm",
  ]
}
