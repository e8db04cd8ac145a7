public import PacketWire

extension EDNSOptionCode {
  /// The option as tcpdump writes it, nil for a number that it writes as `Opt15`.
  public var shortName: String? {
    switch rawValue {
    case 1: "LLQ"
    case 2: "UL"
    case 3: "NSID"
    case 5: "DAU"
    case 6: "DHU"
    case 7: "N3U"
    case 8: "ECS"
    case 9: "EXPIRE"
    case 10: "COOKIE"
    case 11: "KEEPALIVE"
    case 12: "PADDING"
    case 13: "CHAIN"
    case 14: "KEY-TAG"
    case 16: "CLIENT-TAG"
    case 17: "SERVER-TAG"
    default: nil
    }
  }

  /// What a number in one of the three lists of algorithms stands for (RFC 6975).
  func name(ofNumber number: UInt8) -> String? {
    switch self {
    case .algorithms: DNSSECAlgorithm(rawValue: number).name
    case .digests: DNSSECDigest(rawValue: number).name
    default: number == 1 ? "SHA-1" : nil
    }
  }
}

extension DNSSECAlgorithm {
  /// The mnemonic of IANA's "DNS Security Algorithm Numbers", nil for a number without one.
  public var name: String? {
    switch rawValue {
    case 0: "DELETE"
    case 1: "RSAMD5"
    case 2: "DH"
    case 3: "DSA"
    case 5: "RSASHA1"
    case 6: "DSA-NSEC3-SHA1"
    case 7: "RSASHA1-NSEC3-SHA1"
    case 8: "RSASHA256"
    case 10: "RSASHA512"
    case 12: "ECC-GOST"
    case 13: "ECDSAP256SHA256"
    case 14: "ECDSAP384SHA384"
    case 15: "ED25519"
    case 16: "ED448"
    case 252: "INDIRECT"
    case 253: "PRIVATEDNS"
    case 254: "PRIVATEOID"
    default: nil
    }
  }
}

extension DNSSECDigest {
  /// The digest's name as tcpdump writes it (IANA "DS RR Type Digest Algorithms"), nil for a number
  /// without one.
  public var name: String? {
    switch rawValue {
    case 1: "SHA-1"
    case 2: "SHA-256"
    case 3: "GOST_R_34.11-94"
    case 4: "SHA-384"
    default: nil
    }
  }
}
