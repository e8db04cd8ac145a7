/// What an EDNS option is (IANA "DNS EDNS0 Option Codes (OPT)").
public struct EDNSOptionCode: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The server's own name (RFC 5001).
  public static let nameServerIdentifier = EDNSOptionCode(rawValue: 3)
  /// DNSSEC algorithms that the client understands (RFC 6975).
  public static let algorithms = EDNSOptionCode(rawValue: 5)
  /// DS digests that the client understands (RFC 6975).
  public static let digests = EDNSOptionCode(rawValue: 6)
  /// NSEC3 hashes that the client understands (RFC 6975).
  public static let hashes = EDNSOptionCode(rawValue: 7)
  /// The network that the question comes from (RFC 7871).
  public static let clientSubnet = EDNSOptionCode(rawValue: 8)
  /// When a secondary's zone expires (RFC 7314).
  public static let expire = EDNSOptionCode(rawValue: 9)
  /// A cookie against forged answers (RFC 7873).
  public static let cookie = EDNSOptionCode(rawValue: 10)
  /// How long an idle TCP connection is kept (RFC 7828).
  public static let keepAlive = EDNSOptionCode(rawValue: 11)
  /// Fills the message up (RFC 7830).
  public static let padding = EDNSOptionCode(rawValue: 12)
  /// The nearest trusted name (RFC 7901).
  public static let chain = EDNSOptionCode(rawValue: 13)
  /// Keys that the client trusts (RFC 8145).
  public static let keyTag = EDNSOptionCode(rawValue: 14)
  /// Why an answer is as it is (RFC 8914).
  public static let extendedError = EDNSOptionCode(rawValue: 15)
}

/// One option of an OPT record (RFC 6891 §6.1.2).
///
///      0             16            32
///     +-------------+-------------+-------------+
///     |    code     |   length    |  value …    |
///     +-------------+-------------+-------------+
public struct EDNSOption: Hashable, Sendable {
  /// What it is.
  public var code: EDNSOptionCode
  /// As it was on the wire, at most 65535 octets.
  public var value: [UInt8]

  /// An option from its fields.
  public init(_ code: EDNSOptionCode, _ value: [UInt8]) { (self.code, self.value) = (code, value) }

  /// How many octets `write(to:)` appends.
  public var length: Int { 4 + value.count }

  /// All options from `offset` on.
  static func all(
    in octets: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> [EDNSOption] {
    var options: [EDNSOption] = []
    while offset < octets.count {
      let fixed = try DNSMessage.take(4, of: octets, at: &offset)
      let value = try DNSMessage.take(Int(fixed.u16(at: 2)), of: octets, at: &offset)
      options.append(EDNSOption(EDNSOptionCode(rawValue: fixed.u16(at: 0)), Array(copying: value)))
    }
    return options
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: code.rawValue)
    out.append(bigEndian: UInt16(truncatingIfNeeded: value.count))
    out.append(copying: value.span)
  }
}
