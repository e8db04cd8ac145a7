import PacketText
import PacketWire

extension Explainer {
  /// The link layer's header of a frame, up to the octet `length`.
  mutating func link(_ linkType: LinkType, length: Int) throws(Stop) {
    switch linkType {
    case .ethernet where length >= EthernetHeader.length: try ethernet(length: length)
    case .linuxSLL where length >= LinuxSLLHeader.length: try linuxSLL()
    case .linuxSLL2 where length >= LinuxSLL2Header.length: try linuxSLL2()
    default: break
    }
    try field("Header", octets: length - offset, "") { octets in
      Said(Self.count(octets.count, "octet"), "how this kind of link begins a frame")
    }
  }

  private mutating func ethernet(length: Int) throws(Stop) {
    let source = "IEEE 802.3 §3.2"
    try field("Destination Address", bits: 48, source) {
      Said(MACAddress(bits: $0).description, "the network card on this link that is to take it")
    }
    try field("Source Address", bits: 48, source) {
      Said(MACAddress(bits: $0).description, "the network card on this link that sent it")
    }
    try field("Tags", octets: length - EthernetHeader.length, "IEEE 802.1Q") { octets in
      Said(Self.count(octets.count, "octet"), "which virtual network of the link it belongs to")
    }
    try etherType("EtherType", source)
  }

  private mutating func etherType(_ name: String, _ source: String) throws(Stop) {
    try field(name, bits: 16, source) { value in
      let follows =
        switch value {
        case 0x0800: "an IPv4 packet follows"
        case 0x86dd: "an IPv6 packet follows"
        case 0x0806: "an address resolution packet (ARP) follows"
        default: "what follows"
        }
      return Said(Self.hexadecimal(value, digits: 4), follows)
    }
  }

  // MARK: Linux cooked captures

  private static let cooked = "LINKTYPE_LINUX_SLL"
  private static let cooked2 = "LINKTYPE_LINUX_SLL2"

  private mutating func linuxSLL() throws(Stop) {
    try packetType(bits: 16, Self.cooked)
    try hardwareType(Self.cooked)
    let length = try addressLength(bits: 16, Self.cooked)
    try linkAddress(length, Self.cooked)
    try etherType("Protocol type", Self.cooked)
  }

  private mutating func linuxSLL2() throws(Stop) {
    try etherType("Protocol type", Self.cooked2)
    try reserved("Reserved", bits: 16, Self.cooked2)
    try field("Interface index", bits: 32, Self.cooked2) {
      Said("\($0)", "the number of the interface that it passed, on the host that captured")
    }
    try hardwareType(Self.cooked2)
    try packetType(bits: 8, Self.cooked2)
    let length = try addressLength(bits: 8, Self.cooked2)
    try linkAddress(length, Self.cooked2)
  }

  private mutating func packetType(bits: Int, _ source: String) throws(Stop) {
    try field("Packet type", bits: bits, source) { value in
      let meaning =
        switch value {
        case 0: "sent to the host that captured"
        case 1: "sent to everybody on the link"
        case 2: "sent to a group"
        case 3: "sent from one other host to another"
        case 4: "sent by the host that captured"
        default: "not defined"
        }
      return Said("\(value)", meaning)
    }
  }

  private mutating func hardwareType(_ source: String) throws(Stop) {
    try field("ARPHRD_ type", bits: 16, source) { value in
      let meaning =
        switch value {
        case 1: "a link like Ethernet"
        case 772: "the loopback of the host"
        case 65_534: "a link without addresses, such as a tunnel"
        default: "the kind of link, by Linux's number"
        }
      return Said("\(value)", meaning)
    }
  }

  private mutating func addressLength(bits: Int, _ source: String) throws(Stop) -> Int {
    Int(
      try field("Link-layer address length", bits: bits, source) {
        Said(Self.count($0, "octet"), "how much of the next field counts; of 8 no more")
      })
  }

  private mutating func linkAddress(_ length: Int, _ source: String) throws(Stop) {
    try field("Link-layer address", octets: 8, source) { octets in
      let isMAC = length == 6
      return Said(
        isMAC ? MACAddress(bits: octets.u64(at: 0) >> 16).description : "none that is known here",
        "the sender's address on the link, padded to 8 octets")
    }
  }

  // MARK: ARP

  /// An address resolution packet.
  mutating func arp() throws(Stop) {
    begin("ARP packet")
    let source = "RFC 826"
    let hardware = try field("Hardware Type", bits: 16, source) {
      Said("\($0)", $0 == 1 ? "the link addresses are Ethernet's" : "the kind of link addresses")
    }
    let kind = try field("Protocol Type", bits: 16, source) {
      Said(
        Self.hexadecimal($0, digits: 4),
        $0 == 0x0800 ? "the network addresses are IPv4's" : "the kind of network addresses")
    }
    let sizes = (
      try field("Hardware Address Length", bits: 8, source) {
        Said(Self.count($0, "octet"), "how long a link address is")
      },
      try field("Protocol Address Length", bits: 8, source) {
        Said(Self.count($0, "octet"), "how long a network address is")
      }
    )
    try field("Opcode", bits: 16, source) { value in
      let meaning =
        switch value {
        case 1: "a request: who has the target address?"
        case 2: "a reply: the sender has it"
        default: "another operation"
        }
      return Said("\(value)", meaning)
    }
    guard hardware == 1, kind == 0x0800, sizes == (6, 4) else {
      return rest("Addresses", source, "of kinds that are not explained here")
    }
    for (name, whose) in [("Sender", "who says this"), ("Target", "who is asked for, or told")] {
      try field("\(name) Hardware Address", bits: 48, source) {
        Said(MACAddress(bits: $0).description, $0 == 0 ? "not known yet" : "on the link: \(whose)")
      }
      try address("\(name) Protocol Address", .v4, source, "on the network: \(whose)")
    }
  }
}
