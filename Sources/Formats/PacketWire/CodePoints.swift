// Numbers that name what comes next. Each is an open set: a value that nobody has named yet is kept
// as it was, and compares and prints like any other.

/// What an Ethernet frame carries (IEEE 802.3 §3.2.6; the registry is IANA's "IEEE 802 Numbers").
public struct EtherType: RawRepresentable, Hashable, Sendable {
  /// The 16-bit number on the wire. Values under 1536 are lengths of 802.3 frames.
  public var rawValue: UInt16

  /// Any value, named or not.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// IPv4 (RFC 894).
  public static let ipv4 = EtherType(rawValue: 0x0800)
  /// ARP (RFC 826).
  public static let arp = EtherType(rawValue: 0x0806)
  /// Reverse ARP (RFC 903).
  public static let reverseARP = EtherType(rawValue: 0x8035)
  /// IPv6 (RFC 2464 §3).
  public static let ipv6 = EtherType(rawValue: 0x86dd)
  /// A customer VLAN tag (IEEE 802.1Q).
  public static let vlan = EtherType(rawValue: 0x8100)
  /// A service VLAN tag (IEEE 802.1ad).
  public static let serviceVLAN = EtherType(rawValue: 0x88a8)
  /// The tag that some switches used before 802.1ad.
  public static let oldServiceVLAN = EtherType(rawValue: 0x9100)
  /// An Ethernet frame, in a tunnel (RFC 1701).
  public static let transparentBridging = EtherType(rawValue: 0x6558)
  /// PPP, in a tunnel (RFC 2637 §4.1).
  public static let ppp = EtherType(rawValue: 0x880b)
  /// MPLS, a label for one receiver (RFC 3032 §5).
  public static let mpls = EtherType(rawValue: 0x8847)
  /// MPLS, a label that upstream has chosen (RFC 5332 §3).
  public static let upstreamMPLS = EtherType(rawValue: 0x8848)
  /// PPPoE's discovery stage (RFC 2516 §4).
  public static let pppoeDiscovery = EtherType(rawValue: 0x8863)
  /// PPPoE's session stage (RFC 2516 §4).
  public static let pppoeSession = EtherType(rawValue: 0x8864)

  /// The field is the length of an 802.3 frame instead (IEEE 802.3 §3.2.6).
  public var isLength: Bool { rawValue <= 1500 }

  /// The next header is a VLAN tag.
  public var isVLANTag: Bool {
    self == .vlan || self == .serviceVLAN || self == .oldServiceVLAN
  }
}

/// What an IP packet carries (IANA "Assigned Internet Protocol Numbers"); IPv6 extension headers
/// share the number space (RFC 8200 §4).
public struct IPProtocol: RawRepresentable, Hashable, Sendable {
  /// The 8-bit number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// IPv6 hop-by-hop options (RFC 8200 §4.3).
  public static let hopByHop = IPProtocol(rawValue: 0)
  /// ICMP (RFC 792).
  public static let icmp = IPProtocol(rawValue: 1)
  /// IGMP (RFC 3376).
  public static let igmp = IPProtocol(rawValue: 2)
  /// IPv4 within IP (RFC 2003).
  public static let ipv4 = IPProtocol(rawValue: 4)
  /// TCP (RFC 9293).
  public static let tcp = IPProtocol(rawValue: 6)
  /// UDP (RFC 768).
  public static let udp = IPProtocol(rawValue: 17)
  /// DCCP (RFC 4340).
  public static let dccp = IPProtocol(rawValue: 33)
  /// IPv6 within IP (RFC 4213 §3, RFC 2473).
  public static let ipv6 = IPProtocol(rawValue: 41)
  /// IPv6 routing header (RFC 8200 §4.4).
  public static let routing = IPProtocol(rawValue: 43)
  /// IPv6 fragment header (RFC 8200 §4.5).
  public static let fragment = IPProtocol(rawValue: 44)
  /// GRE (RFC 2784).
  public static let gre = IPProtocol(rawValue: 47)
  /// IPsec encapsulation (RFC 4303).
  public static let esp = IPProtocol(rawValue: 50)
  /// IPsec authentication header (RFC 4302).
  public static let authentication = IPProtocol(rawValue: 51)
  /// ICMPv6 (RFC 4443).
  public static let icmpv6 = IPProtocol(rawValue: 58)
  /// No next header (RFC 8200 §4.7).
  public static let noNextHeader = IPProtocol(rawValue: 59)
  /// IPv6 destination options (RFC 8200 §4.6).
  public static let destinationOptions = IPProtocol(rawValue: 60)
  /// Protocol Independent Multicast (RFC 7761).
  public static let pim = IPProtocol(rawValue: 103)
  /// SCTP (RFC 9260).
  public static let sctp = IPProtocol(rawValue: 132)
  /// UDP-Lite (RFC 3828).
  public static let udpLite = IPProtocol(rawValue: 136)
  /// Ethernet within IPv6 (RFC 8986 §4.9).
  public static let ethernet = IPProtocol(rawValue: 143)
  /// Mobility header (RFC 6275 §6.1).
  public static let mobility = IPProtocol(rawValue: 135)
  /// Host identity protocol (RFC 7401 §5.1).
  public static let hostIdentity = IPProtocol(rawValue: 139)
  /// Shim6 (RFC 5533 §5.1).
  public static let shim6 = IPProtocol(rawValue: 140)
}

/// How a capture's frames begin (the LINKTYPE_ registry of draft-ietf-opsawg-pcaplinktype).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number in the capture file.
  public var rawValue: UInt32

  /// Any value, named or not.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// BSD loopback, address family in the capturing host's order.
  public static let null = LinkType(rawValue: 0)
  /// Ethernet.
  public static let ethernet = LinkType(rawValue: 1)
  /// PPP, with or without address and control.
  public static let ppp = LinkType(rawValue: 9)
  /// PPP in HDLC-like framing (RFC 1662), or Cisco HDLC.
  public static let pppHDLC = LinkType(rawValue: 50)
  /// A PPPoE session without an Ethernet header.
  public static let pppoe = LinkType(rawValue: 51)
  /// IP, version told by the first four bits (also 12 and 14 in old files).
  public static let raw = LinkType(rawValue: 101)
  /// Cisco HDLC.
  public static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  public static let ieee80211 = LinkType(rawValue: 105)
  /// Frame Relay.
  public static let frameRelay = LinkType(rawValue: 107)
  /// OpenBSD loopback, address family in network order.
  public static let loop = LinkType(rawValue: 108)
  /// Linux "cooked" capture.
  public static let linuxSLL = LinkType(rawValue: 113)
  /// IEEE 802.11 behind a radiotap header.
  public static let radiotap = LinkType(rawValue: 127)
  /// PKTAP as files of older versions of macOS have it (LINKTYPE_USER2).
  public static let oldPKTAP = LinkType(rawValue: 149)
  /// Any frame, behind what a card says of its reception.
  public static let ppi = LinkType(rawValue: 192)
  /// What Solaris sees of IP.
  public static let ipnet = LinkType(rawValue: 226)
  /// IPv4 without a link header.
  public static let ipv4 = LinkType(rawValue: 228)
  /// IPv6 without a link header.
  public static let ipv6 = LinkType(rawValue: 229)
  /// What Linux's netfilter logged.
  public static let nflog = LinkType(rawValue: 239)
  /// Any frame, behind what macOS says of its interface and process.
  public static let pktap = LinkType(rawValue: 258)
  /// Linux "cooked" capture, version 2.
  public static let linuxSLL2 = LinkType(rawValue: 276)
}
