import PacketWire

/// What stands where in frames of a link type, as filters ask for it.
struct FilterPlaces {
  /// The protocol that a way of the program is about.
  enum Network: Hashable { case unknown, v4, v6, arp }

  /// What a number is that was loaded.
  enum Meaning: Hashable {
    case unknown, computed, etherType, version, length, protocolNumber, fragment, tagPresent, tag
    case port(String)
    case address(String)
    case v6Word(String)
    case hardware(String)
    case octets(String)

    /// Behind "load".
    var words: String {
      switch self {
      case .unknown, .computed: "a number"
      case .etherType: "the EtherType"
      case .version: "the first octet, which begins with the IP version"
      case .length: "the frame's length"
      case .protocolNumber: "the protocol that IP carries"
      case .fragment: "flags and fragment offset"
      case .tagPresent: "whether the kernel has taken a VLAN tag off"
      case .tag: "the VLAN tag that the kernel has taken off"
      case .port(let side): "the \(side) port"
      case .address(let side): "the \(side) IPv4 address"
      case .v6Word(let part): "\(part)"
      case .hardware(let part): "\(part)"
      case .octets(let place): place
      }
    }

    /// Before a value that it is compared with.
    var subject: String {
      switch self {
      case .unknown, .computed: "is it"
      case .etherType, .version: "is it"
      case .protocolNumber: "does it carry"
      case .length: "is it"
      case .port(let side): "is the \(side) port"
      default: "is it"
      }
    }

    /// A number of this kind.
    func value(_ number: UInt32) -> String {
      switch self {
      case .etherType: FilterPlaces.etherTypes[number] ?? "0x" + String(number, radix: 16)
      case .version: number == 0x40 ? "IPv4" : number == 0x60 ? "IPv6" : "\(number)"
      case .protocolNumber: FilterPlaces.protocols[number] ?? "protocol \(number)"
      case .length: "\(number) octets"
      case .tagPresent: number == 0 ? "not so" : "so"
      case .address: "\(IPv4Address(bits: number))"
      case .v6Word, .hardware: "0x" + String(number, radix: 16)
      default: "\(number)"
      }
    }
  }

  static let etherTypes: [UInt32: String] = [
    0x0800: "IPv4", 0x86dd: "IPv6", 0x0806: "ARP", 0x8035: "reverse ARP",
    0x8100: "a VLAN tag (802.1Q)", 0x88a8: "a provider's VLAN tag (802.1ad)",
    0x9100: "a VLAN tag of the time before 802.1ad", 0x8847: "MPLS", 0x8863: "PPPoE discovery",
    0x8864: "a PPPoE session",
  ]
  static let protocols: [UInt32: String] = [
    1: "ICMP", 2: "IGMP", 6: "TCP", 17: "UDP", 44: "a fragment (IPv6)", 50: "ESP", 51: "AH",
    58: "ICMPv6", 132: "SCTP",
  ]
  private static let tags: Set<UInt32> = [0x8100, 0x88a8, 0x9100]

  /// Where the EtherType stands, and what follows the link-layer header.
  private let (type, payload): (Int?, Int)

  init(_ linkType: LinkType) {
    switch linkType {
    case .ethernet: (type, payload) = (12, 14)
    case .linuxSLL: (type, payload) = (14, 16)
    case .linuxSLL2: (type, payload) = (0, 20)
    default: (type, payload) = (nil, 0)
    }
  }

  /// What the number at a place of the frame is; `width` is 0 for four octets, 8 for two, 16 for one.
  func meaning(
    at offset: UInt32, width: UInt16, _ known: FilterCommentary.Knowledge
  ) -> Meaning {
    if offset >= 1 << 31 { return kernels(offset &- 0xffff_f000) }
    let start = payload + 4 * known.tags
    let place = Int(offset)
    if let type, place == (known.tags == 0 ? type : start - 2) { return .etherType }
    // The first question about a tag behind the EtherType: one more tag than is known so far.
    if place < start { return link(place) }
    let inside = place - start
    if type == nil, inside == 0, width == 16 { return .version }
    switch known.network {
    case .v4: return version4(inside)
    case .v6: return version6(inside)
    case .arp:
      return inside == 14 ? .address("asking") : inside == 24 ? .address("asked") : .unknown
    case .unknown: return .octets("what stands at octet \(place)")
    }
  }

  private func link(_ place: Int) -> Meaning {
    guard type == 12 else {
      return place == 4 ? .hardware("the interface's number") : .octets("octet \(place)")
    }
    return place < 6
      ? .hardware("octets of the destination's MAC address")
      : .hardware("octets of the source's MAC address")
  }

  private func kernels(_ number: UInt32) -> Meaning {
    switch number {
    case 0: .etherType
    case 4: .octets("the kind of packet (0 for us, 4 sent by us)")
    case 8: .octets("the interface's number")
    case 44: .tag
    case 48: .tagPresent
    default: .octets("what the kernel knows of the packet")
    }
  }

  private func version4(_ place: Int) -> Meaning {
    switch place {
    case 2: .octets("the datagram's length")
    case 6: .fragment
    case 8: .octets("the time to live")
    case 9: .protocolNumber
    case 12: .address("source")
    case 16: .address("destination")
    default: .octets("octet \(place) of the IPv4 header")
    }
  }

  private func version6(_ place: Int) -> Meaning {
    switch place {
    case 6: .protocolNumber
    case 7: .octets("the hop limit")
    case 8..<24: .v6Word("octets \(place - 8) to \(place - 5) of the source's IPv6 address")
    case 24..<40: .v6Word("octets \(place - 24) to \(place - 21) of the destination's IPv6 address")
    // Behind the fixed header, or behind a fragment header.
    case 40: .port("source")
    case 42: .port("destination")
    default: .octets("octet \(place) of the IPv6 packet")
    }
  }

  /// What stands behind the IPv4 header, whose length X holds.
  func meaning(behindHeader offset: UInt32, _ known: FilterCommentary.Knowledge) -> Meaning {
    switch Int(offset) - payload - 4 * known.tags {
    case 0: .port("source")
    case 2: .port("destination")
    case let place where place > 0: .octets("octet \(place) behind the IPv4 header")
    default: .unknown
    }
  }

  /// What a comparison that holds says about the packet.
  func learn(_ value: UInt32, _ known: inout FilterCommentary.Knowledge) {
    switch (known.accumulator, value) {
    case (.etherType, _) where Self.tags.contains(value): known.tags += 1
    case (.etherType, 0x0800), (.version, 0x40): known.network = .v4
    case (.etherType, 0x86dd), (.version, 0x60): known.network = .v6
    case (.etherType, 0x0806): known.network = .arp
    default: break
    }
  }
}
