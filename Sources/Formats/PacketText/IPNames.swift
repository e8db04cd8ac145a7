public import PacketWire

extension IPProtocol {
  /// What the protocol is called, as tcpdump writes it; nil for a number without a name here.
  public var name: String? {
    switch rawValue {
    case 0: "Options"
    case 1: "ICMP"
    case 2: "IGMP"
    case 4: "IPIP"
    case 6: "TCP"
    case 8: "EGP"
    case 9: "IGRP"
    case 17: "UDP"
    case 33: "DCCP"
    case 41: "IPv6"
    case 43: "Routing"
    case 44: "Fragment"
    case 46: "RSVP"
    case 47: "GRE"
    case 50: "ESP"
    case 51: "AH"
    case 55: "Mobile IP"
    case 58: "ICMPv6"
    case 62: "Mobile IP (old)"
    case 88: "EIGRP"
    case 89: "OSPF"
    case 103: "PIM"
    case 108: "Compressed IP"
    case 112: "VRRP"
    case 113: "PGM"
    case 132: "SCTP"
    case 135: "Mobility"
    case 143: "Ethernet"
    default: nil
    }
  }

  /// The protocol's name in lower case as /etc/protocols has it (IANA "Assigned Internet Protocol
  /// Numbers"); nil for a number without one here.
  public var keyword: String? {
    switch rawValue {
    case 0: "hopopt"
    case 1: "icmp"
    case 2: "igmp"
    case 4: "ipencap"
    case 6: "tcp"
    case 8: "egp"
    case 17: "udp"
    case 33: "dccp"
    case 41: "ipv6"
    case 43: "ipv6-route"
    case 44: "ipv6-frag"
    case 46: "rsvp"
    case 47: "gre"
    case 50: "esp"
    case 51: "ah"
    case 58: "ipv6-icmp"
    case 59: "ipv6-nonxt"
    case 60: "ipv6-opts"
    case 88: "eigrp"
    case 89: "ospf"
    case 103: "pim"
    case 108: "ipcomp"
    case 112: "vrrp"
    case 115: "l2tp"
    case 132: "sctp"
    case 135: "mobility-header"
    case 136: "udplite"
    case 137: "mpls-in-ip"
    case 139: "hip"
    case 140: "shim6"
    default: nil
    }
  }
}

/// A differentiated services code point (RFC 2474 §3), the upper six bits of the ToS octet or the
/// traffic class.
public struct DSCP: RawRepresentable, Hashable, Sendable {
  /// 0 to 63.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The code point's name (IANA "Differentiated Services Field Codepoints"), nil for one without.
  public var name: String? {
    switch rawValue {
    case 0: "CS0"
    case 1: "LE"
    case 8: "CS1"
    case 10: "AF11"
    case 12: "AF12"
    case 14: "AF13"
    case 16: "CS2"
    case 18: "AF21"
    case 20: "AF22"
    case 22: "AF23"
    case 24: "CS3"
    case 26: "AF31"
    case 28: "AF32"
    case 30: "AF33"
    case 32: "CS4"
    case 34: "AF41"
    case 36: "AF42"
    case 38: "AF43"
    case 40: "CS5"
    case 44: "VOICE-ADMIT"
    case 45: "NQB"
    case 46: "EF"
    case 48: "CS6"
    case 56: "CS7"
    default: nil
    }
  }
}
