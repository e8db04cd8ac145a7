import PacketWire

/// The options of DHCP (RFC 2132; IANA "BOOTP Vendor Extensions and DHCP Options") by tcpdump's
/// names.
enum DHCPv4OptionNames {
  /// How an option's value is written.
  enum Format {
    case addresses, addressPairs, numbers, signedNumbers, shortNumbers, octets, flags, text
    /// In a way of its own.
    case special
  }

  /// The name of a code and how its value is written; nil for a code without a name.
  static func entry(_ code: UInt8) -> (name: String, format: Format)? {
    switch code {
    case 0: ("PAD", .octets)
    case 1: ("Subnet-Mask", .addresses)
    case 2: ("Time-Zone", .signedNumbers)
    case 3: ("Default-Gateway", .addresses)
    case 4: ("Time-Server", .addresses)
    case 5: ("IEN-Name-Server", .addresses)
    case 6: ("Domain-Name-Server", .addresses)
    case 7: ("LOG", .addresses)
    case 8: ("CS", .addresses)
    case 9: ("LPR-Server", .addresses)
    case 10: ("IM", .addresses)
    case 11: ("RL", .addresses)
    case 12: ("Hostname", .text)
    case 13: ("BS", .shortNumbers)
    case 14: ("DP", .text)
    case 15: ("Domain-Name", .text)
    case 16: ("SS", .addresses)
    case 17: ("RP", .text)
    case 18: ("EP", .text)
    case 19: ("IPF", .flags)
    case 20: ("SRT", .flags)
    case 21: ("PF", .addressPairs)
    case 22: ("RSZ", .shortNumbers)
    case 23: ("TTL", .octets)
    case 24: ("MTU-Timeout", .numbers)
    case 25: ("MTU-Table", .shortNumbers)
    case 26: ("MTU", .shortNumbers)
    case 27: ("LSN", .flags)
    case 28: ("BR", .addresses)
    case 29: ("MD", .flags)
    case 30: ("MS", .flags)
    case 31: ("Router-Discovery", .flags)
    case 32: ("RSA", .addresses)
    case 33: ("Static-Route", .addressPairs)
    case 34: ("UT", .flags)
    case 35: ("AT", .numbers)
    case 36: ("IE", .flags)
    case 37: ("TT", .octets)
    case 38: ("KI", .numbers)
    case 39: ("KG", .flags)
    case 40: ("YD", .text)
    case 41: ("YS", .addresses)
    case 42: ("NTP", .addresses)
    case 43: ("Vendor-Option", .octets)
    case 44: ("Netbios-Name-Server", .addresses)
    case 45: ("WDD", .addresses)
    case 46: ("Netbios-Node", .special)
    case 47: ("Netbios-Scope", .text)
    case 48: ("XFS", .addresses)
    case 49: ("XDM", .addresses)
    default: newerEntry(code)
    }
  }

  private static func newerEntry(_ code: UInt8) -> (name: String, format: Format)? {
    switch code {
    case 50: ("Requested-IP", .addresses)
    case 51: ("Lease-Time", .numbers)
    case 52: ("OO", .special)
    case 53: ("DHCP-Message", .octets)
    case 54: ("Server-ID", .addresses)
    case 55: ("Parameter-Request", .special)
    case 56: ("MSG", .text)
    case 57: ("MSZ", .shortNumbers)
    case 58: ("RN", .numbers)
    case 59: ("RB", .numbers)
    case 60: ("Vendor-Class", .text)
    case 61: ("Client-ID", .special)
    case 64: ("N+D", .shortNumbers)
    case 65: ("N+S", .addresses)
    case 66: ("TFTP", .text)
    case 67: ("BF", .text)
    case 68: ("MH", .addresses)
    case 69: ("SMTP", .addresses)
    case 70: ("POP3", .addresses)
    case 71: ("NNTP", .addresses)
    case 72: ("WWW", .addresses)
    case 73: ("FG", .addresses)
    case 74: ("IRC", .addresses)
    case 75: ("STS", .addresses)
    case 76: ("STDA", .addresses)
    case 77: ("User-Class", .special)
    case 78: ("SLP-DA", .octets)
    case 79: ("SLP-SCOPE", .octets)
    case 80: ("SLP-NA", .text)
    case 81: ("FQDN", .special)
    case 82: ("Agent-Information", .special)
    case 83: ("ARMT", .octets)
    case 88: ("TZSTR", .text)
    case 89: ("FQDNS", .octets)
    case 90: ("AUTH", .octets)
    case 91: ("Last-Transaction-Time", .numbers)
    case 92: ("Associated-IP", .addresses)
    case 93: ("ARCH", .shortNumbers)
    case 94: ("NDI", .octets)
    case 95: ("LDAP", .text)
    case 97: ("GUID", .octets)
    case 98: ("UAP", .text)
    case 100: ("POSIX-TZ", .text)
    case 101: ("TZ-Name", .text)
    case 112: ("NI", .addresses)
    case 113: ("NITAG", .text)
    case 114: ("URL", .text)
    case 116: ("NOAUTO", .flags)
    case 117: ("NSSEARCH", .shortNumbers)
    case 118: ("SUBNET", .addresses)
    case 121: ("Classless-Static-Route", .special)
    case 150: ("TFTP-Server-Address", .addresses)
    case 161: ("MUD-URL", .text)
    case 249: ("Classless-Static-Route-Microsoft", .special)
    case 255: ("END", .octets)
    default: nil
    }
  }

  /// The type of a message (RFC 2132 §9.6, RFC 4388 §6.1), nil for a number without a name.
  static func messageType(_ number: UInt8) -> String? {
    switch number {
    case 1: "Discover"
    case 2: "Offer"
    case 3: "Request"
    case 4: "Decline"
    case 5: "ACK"
    case 6: "NACK"
    case 7: "Release"
    case 8: "Inform"
    case 10: "LeaseQuery"
    case 11: "LeaseUnassigned"
    case 12: "LeaseUnknown"
    case 13: "LeaseActive"
    default: nil
    }
  }

  /// Where else options stand (RFC 2132 §9.3).
  static func overload(_ number: UInt8) -> String? {
    switch number {
    case 1: "file"
    case 2: "sname"
    case 3: "file+sname"
    default: nil
    }
  }

  /// How a host finds NetBIOS names (RFC 2132 §8.7).
  static func nodeType(_ number: UInt8) -> String? {
    switch number {
    case 1: "b-node"
    case 2: "p-node"
    case 4: "m-node"
    case 8: "h-node"
    default: nil
    }
  }

  /// What the octets of a client identifier are (RFC 2132 §9.14), as in ARP.
  static func hardware(_ number: UInt8) -> String? {
    switch number {
    case 1: "ether"
    case 6: "ieee802"
    case 7: "arcnet"
    case 15: "frelay"
    case 23: "strip"
    case 24: "ieee1394"
    default: nil
    }
  }
}
