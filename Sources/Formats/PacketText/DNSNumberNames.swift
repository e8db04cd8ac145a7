public import PacketWire

extension DNSType {
  /// The type's name (IANA "DNS Resource Record (RR) TYPEs"), nil for a number without one.
  public var name: String? { literalName.map { String(describing: $0) } }

  /// `name`, as it stands in the program.
  var literalName: StaticString? {
    switch rawValue {
    case 1: "A"
    case 2: "NS"
    case 3: "MD"
    case 4: "MF"
    case 5: "CNAME"
    case 6: "SOA"
    case 7: "MB"
    case 8: "MG"
    case 9: "MR"
    case 10: "NULL"
    case 11: "WKS"
    case 12: "PTR"
    case 13: "HINFO"
    case 14: "MINFO"
    case 15: "MX"
    case 16: "TXT"
    case 17: "RP"
    case 18: "AFSDB"
    case 19: "X25"
    case 20: "ISDN"
    case 21: "RT"
    case 22: "NSAP"
    case 23: "NSAP_PTR"
    case 24: "SIG"
    case 25: "KEY"
    case 26: "PX"
    case 27: "GPOS"
    case 28: "AAAA"
    case 29: "LOC"
    case 30: "NXT"
    case 31: "EID"
    case 32: "NIMLOC"
    case 33: "SRV"
    case 34: "ATMA"
    case 35: "NAPTR"
    case 36: "KX"
    case 37: "CERT"
    case 38: "A6"
    case 39: "DNAME"
    case 40: "SINK"
    default: newerLiteralName
    }
  }

  private var newerLiteralName: StaticString? {
    switch rawValue {
    case 41: "OPT"
    case 42: "APL"
    case 43: "DS"
    case 44: "SSHFP"
    case 45: "IPSECKEY"
    case 46: "RRSIG"
    case 47: "NSEC"
    case 48: "DNSKEY"
    case 49: "DHCID"
    case 50: "NSEC3"
    case 51: "NSEC3PARAM"
    case 52: "TLSA"
    case 53: "SMIMEA"
    case 55: "HIP"
    case 59: "CDS"
    case 60: "CDNSKEY"
    case 61: "OPENPGPKEY"
    case 62: "CSYNC"
    case 63: "ZONEMD"
    case 64: "SVCB"
    case 65: "HTTPS"
    case 99: "SPF"
    case 100: "UINFO"
    case 101: "UID"
    case 102: "GID"
    case 103: "UNSPEC"
    case 104: "UNSPECA"
    case 108: "EUI48"
    case 109: "EUI64"
    case 249: "TKEY"
    case 250: "TSIG"
    case 251: "IXFR"
    case 252: "AXFR"
    case 253: "MAILB"
    case 254: "MAILA"
    case 255: "ANY"
    case 256: "URI"
    case 257: "CAA"
    default: nil
    }
  }

  /// The type of that name in upper or lower case, also as `TYPE65280` (RFC 3597 §5).
  public init?(name: String) {
    let wanted = name.uppercased()
    if wanted.hasPrefix("TYPE") {
      guard let number = UInt16(wanted.dropFirst(4)) else { return nil }
      self.init(rawValue: number)
      return
    }
    // All names are of the first 257 numbers.
    let number = (1...257 as ClosedRange<UInt16>).first { DNSType(rawValue: $0).name == wanted }
    guard let number else { return nil }
    self.init(rawValue: number)
  }
}

extension DNSClass {
  /// The class' name as tcpdump has it, nil for a number without one.
  public var name: String? {
    switch rawValue {
    case 1: "IN"
    case 3: "CHAOS"
    case 4: "HS"
    case 255: "ANY"
    default: nil
    }
  }
}

/// What a DNS message is for (IANA "DNS OpCodes"); four bits.
public struct DNSOpcode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A standard query (RFC 1035 §4.1.1).
  public static let query = DNSOpcode(rawValue: 0)
  /// An inverse query, obsolete (RFC 3425).
  public static let inverseQuery = DNSOpcode(rawValue: 1)

  /// The operation as tcpdump writes it.
  public var shortName: String { String(describing: literalShortName) }

  /// `shortName`, as it stands in the program.
  var literalShortName: StaticString {
    switch rawValue {
    case 0: "query"
    case 1: "inv_q"
    case 2: "stat"
    case 3: "op3"
    case 4: "notify"
    case 5: "update"
    case 6: "op6"
    case 7: "op7"
    case 8: "op8"
    case 9: "updateA"
    case 10: "updateD"
    case 11: "updateDA"
    case 12: "updateM"
    case 13: "updateMA"
    case 14: "zoneInit"
    default: "zoneRef"
    }
  }
}

/// How a DNS query fared (IANA "DNS RCODEs"); the header has four bits of it.
public struct DNSResponseCode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// It went well.
  public static let noError = DNSResponseCode(rawValue: 0)

  /// The code as tcpdump writes it; nil for a number without a name, which it writes as `Resp24`.
  public var shortName: String? { literalShortName.map { String(describing: $0) } }

  /// `shortName`, as it stands in the program.
  var literalShortName: StaticString? {
    switch rawValue {
    case 0: "NoError"
    case 1: "FormErr"
    case 2: "ServFail"
    case 3: "NXDomain"
    case 4: "NotImp"
    case 5: "Refused"
    case 6: "YXDomain"
    case 7: "YXRRSet"
    case 8: "NXRRSet"
    case 9: "NotAuth"
    case 10: "NotZone"
    case 15: "NoChange"
    case 16: "BadVers"
    case 23: "BadCookie"
    default: nil
    }
  }

  /// The code's name in the registry, as dig writes it; nil for a number without one.
  public var name: String? {
    switch rawValue {
    case 0: "NOERROR"
    case 1: "FORMERR"
    case 2: "SERVFAIL"
    case 3: "NXDOMAIN"
    case 4: "NOTIMP"
    case 5: "REFUSED"
    case 6: "YXDOMAIN"
    case 7: "YXRRSET"
    case 8: "NXRRSET"
    case 9: "NOTAUTH"
    case 10: "NOTZONE"
    case 11: "DSOTYPENI"
    case 16: "BADVERS"
    case 23: "BADCOOKIE"
    default: nil
    }
  }
}
