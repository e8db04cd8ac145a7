public import PacketWire

extension ICMPv4Header.MessageType {
  /// What the message is called (IANA "ICMP Type Numbers"), nil for a number without a name here.
  public var name: String? {
    switch rawValue {
    case 0: "echo reply"
    case 3: "destination unreachable"
    case 4: "source quench"
    case 5: "redirect"
    case 8: "echo request"
    case 9: "router advertisement"
    case 10: "router solicitation"
    case 11: "time exceeded"
    case 12: "parameter problem"
    case 13: "time stamp request"
    case 14: "time stamp reply"
    case 15: "information request"
    case 16: "information reply"
    case 17: "address mask request"
    case 18: "address mask reply"
    case 30: "traceroute"
    case 31: "datagram conversion error"
    case 32: "mobile host redirect"
    case 33: "where are you"
    case 34: "here I am"
    case 35: "mobile registration request"
    case 36: "mobile registration reply"
    case 37: "domain name request"
    case 38: "domain name reply"
    case 39: "SKIP"
    case 40: "photuris"
    case 41: "experimental mobility"
    case 42: "extended echo request"
    case 43: "extended echo reply"
    case 253, 254: "experiment"
    default: nil
    }
  }
}

/// Why a destination is unreachable (RFC 792, RFC 1122 §3.2.2.1, RFC 1812 §5.2.7.1).
public struct ICMPv4UnreachableCode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Code 2: the host has no such protocol.
  public static let protocolNumber = ICMPv4UnreachableCode(rawValue: 2)
  /// Code 3: nobody listens at the port.
  public static let port = ICMPv4UnreachableCode(rawValue: 3)
  /// Code 4: too large for the next hop, and DF is set.
  public static let fragmentationNeeded = ICMPv4UnreachableCode(rawValue: 4)

  /// What stands before the address: whether a net or a host cannot be reached.
  var object: String {
    switch rawValue {
    case 0, 6, 9, 11: "net "
    case 1, 7, 10, 12...15: "host "
    default: ""
    }
  }

  /// What stands behind "unreachable", nil for a number without a name here.
  var reason: String? {
    switch rawValue {
    case 0, 1: ""
    case 5: " - source route failed"
    case 6, 7: " - unknown"
    case 8: " - source host isolated"
    case 9, 10: " - admin prohibited"
    case 11, 12: " - tos prohibited"
    case 13: " - admin prohibited filter"
    case 14: " - host precedence violation"
    case 15: " - precedence cutoff"
    default: nil
    }
  }

  /// The code in words, nil for a number without a name here.
  public var name: String? {
    switch rawValue {
    case 0: "net unreachable"
    case 1: "host unreachable"
    case 2: "protocol unreachable"
    case 3: "port unreachable"
    case 4: "need to frag"
    case 5: "source route failed"
    case 6: "net unknown"
    case 7: "host unknown"
    case 8: "source host isolated"
    case 9: "net admin prohibited"
    case 10: "host admin prohibited"
    case 11: "net tos prohibited"
    case 12: "host tos prohibited"
    case 13: "admin prohibited filter"
    case 14: "host precedence violation"
    case 15: "precedence cutoff"
    default: nil
    }
  }
}

extension ICMPv6Header.MessageType {
  /// What the message is called (IANA "ICMPv6 type Numbers"), nil for a number without a name here.
  public var name: String? {
    switch rawValue {
    case 1: "destination unreachable"
    case 2: "packet too big"
    case 3: "time exceeded in-transit"
    case 4: "parameter problem"
    case 128: "echo request"
    case 129: "echo reply"
    case 130: "multicast listener query"
    case 131: "multicast listener report"
    case 132: "multicast listener done"
    case 133: "router solicitation"
    case 134: "router advertisement"
    case 135: "neighbor solicitation"
    case 136: "neighbor advertisement"
    case 137: "redirect"
    case 138: "router renumbering"
    case 139: "who-are-you request"
    case 140: "who-are-you reply"
    case 141: "inverse neighbor solicitation"
    case 142: "inverse neighbor advertisement"
    case 143: "multicast listener report v2"
    case 144: "ha discovery request"
    case 145: "ha discovery reply"
    case 146: "mobile router solicitation"
    case 147: "mobile router advertisement"
    case 148: "certification path solicitation"
    case 149: "certification path advertisement"
    case 150: "experimental mobility"
    case 151: "multicast router advertisement"
    case 152: "multicast router solicitation"
    case 153: "multicast router termination"
    case 154: "FMIPv6"
    case 155: "RPL"
    case 156: "ILNPv6 locator update"
    case 157: "duplicate address request"
    case 158: "duplicate address confirmation"
    case 159: "MPL control"
    case 160: "extended echo request"
    case 161: "extended echo reply"
    case 200: "mtrace response"
    case 201: "mtrace message"
    default: nil
    }
  }
}
