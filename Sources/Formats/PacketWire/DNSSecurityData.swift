// What records hold that prove other records (DNSSEC, RFC 4033).

/// How a signature is made (IANA "DNS Security Algorithm Numbers").
public struct DNSSECAlgorithm: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// How a key is digested (IANA "DS RR Type Digest Algorithms").
public struct DNSSECDigest: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
}

/// The content of a DS or CDS record (RFC 4034 §5.1).
public struct DNSDelegationSigner: Hashable, Sendable {
  /// Helps to find the key (RFC 4034 appendix B).
  public var keyTag: UInt16
  /// The key's algorithm.
  public var algorithm: DNSSECAlgorithm
  /// What the digest was made with.
  public var digestType: DNSSECDigest
  /// Of the child's key.
  public var digest: [UInt8]

  /// Content from its fields.
  public init(
    keyTag: UInt16, algorithm: DNSSECAlgorithm, digestType: DNSSECDigest, digest: [UInt8]
  ) {
    (self.keyTag, self.algorithm) = (keyTag, algorithm)
    (self.digestType, self.digest) = (digestType, digest)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { 4 + digest.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(4, of: octets, at: &offset)
    keyTag = fixed.u16(at: 0)
    algorithm = DNSSECAlgorithm(rawValue: fixed[2])
    digestType = DNSSECDigest(rawValue: fixed[3])
    digest = try DNSMessage.takeRest(of: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: keyTag)
    out.append(algorithm.rawValue)
    out.append(digestType.rawValue)
    out.append(copying: digest.span)
  }
}

/// The content of a DNSKEY or CDNSKEY record (RFC 4034 §2.1).
public struct DNSPublicKey: Hashable, Sendable {
  /// 256 is a zone key, 257 one that signs keys (RFC 4034 §2.1.1).
  public var flags: UInt16
  /// Always 3.
  public var protocolNumber: UInt8
  /// What it signs with.
  public var algorithm: DNSSECAlgorithm
  /// By the algorithm.
  public var key: [UInt8]

  /// Content from its fields.
  public init(flags: UInt16, protocolNumber: UInt8 = 3, algorithm: DNSSECAlgorithm, key: [UInt8]) {
    (self.flags, self.protocolNumber) = (flags, protocolNumber)
    (self.algorithm, self.key) = (algorithm, key)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { 4 + key.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(4, of: octets, at: &offset)
    (flags, protocolNumber) = (fixed.u16(at: 0), fixed[2])
    algorithm = DNSSECAlgorithm(rawValue: fixed[3])
    key = try DNSMessage.takeRest(of: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: flags)
    out.append(protocolNumber)
    out.append(algorithm.rawValue)
    out.append(copying: key.span)
  }
}

/// The content of an RRSIG record (RFC 4034 §3.1). Times are seconds since 1970, modulo 2^32.
public struct DNSSignature: Hashable, Sendable {
  /// The type of the signed records.
  public var typeCovered: DNSType
  /// What it was made with.
  public var algorithm: DNSSECAlgorithm
  /// How many labels the signed name has; fewer when it came from a wildcard.
  public var labelCount: UInt8
  /// The records' own time to live, in seconds.
  public var originalTimeToLive: UInt32
  /// The end of its validity.
  public var expiration: UInt32
  /// The start of its validity.
  public var inception: UInt32
  /// Helps to find the key.
  public var keyTag: UInt16
  /// The zone that signs.
  public var signer: DNSName
  /// By the algorithm.
  public var signature: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { 18 + signer.length + signature.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(18, of: octets, at: &offset)
    typeCovered = DNSType(rawValue: fixed.u16(at: 0))
    algorithm = DNSSECAlgorithm(rawValue: fixed[2])
    labelCount = fixed[3]
    originalTimeToLive = fixed.u32(at: 4)
    expiration = fixed.u32(at: 8)
    inception = fixed.u32(at: 12)
    keyTag = fixed.u16(at: 16)
    signer = try DNSName(in: octets, at: &offset)
    signature = try DNSMessage.takeRest(of: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: typeCovered.rawValue)
    out.append(algorithm.rawValue)
    out.append(labelCount)
    for number in [originalTimeToLive, expiration, inception] { out.append(bigEndian: number) }
    out.append(bigEndian: keyTag)
    signer.write(to: &out)
    out.append(copying: signature.span)
  }
}

/// The content of an NSEC record (RFC 4034 §4.1).
public struct DNSNextName: Hashable, Sendable {
  /// The next name that there is in the zone.
  public var next: DNSName
  /// Which types the record's own name has, in windows.
  public var types: DNSTypeBitmap

  /// How many octets `write(to:)` appends.
  public var length: Int { next.length + types.octets.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    next = try DNSName(in: octets, at: &offset)
    types = DNSTypeBitmap(octets: try DNSMessage.takeRest(of: octets, at: &offset))
  }

  func write(to out: inout OutputSpan<UInt8>) {
    next.write(to: &out)
    out.append(copying: types.octets.span)
  }
}

/// How names are hashed: the content of an NSEC3PARAM record, and the start of NSEC3 (RFC 5155 §4.2).
public struct DNSHashParameters: Hashable, Sendable {
  /// 1 is SHA-1.
  public var algorithm: UInt8
  /// 1 lets unsigned delegations out.
  public var flags: UInt8
  /// How often the hash is repeated; each costs the resolver time (RFC 9276 §3.1).
  public var iterations: UInt16
  /// At most 255 octets.
  public var salt: [UInt8]

  /// Content from its fields.
  public init(algorithm: UInt8, flags: UInt8, iterations: UInt16, salt: [UInt8]) {
    (self.algorithm, self.flags) = (algorithm, flags)
    (self.iterations, self.salt) = (iterations, salt)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { 5 + salt.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try DNSMessage.take(4, of: octets, at: &offset)
    (algorithm, flags, iterations) = (fixed[0], fixed[1], fixed.u16(at: 2))
    salt = try DNSMessage.takeString(of: octets, at: &offset)
  }

  func write(to out: inout OutputSpan<UInt8>) {
    out.append(algorithm)
    out.append(flags)
    out.append(bigEndian: iterations)
    out.append(string: salt)
  }
}

/// The content of an NSEC3 record (RFC 5155 §3.2).
public struct DNSNextHashedName: Hashable, Sendable {
  /// How the names are hashed.
  public var parameters: DNSHashParameters
  /// The next hash that there is in the zone.
  public var nextHash: [UInt8]
  /// Which types the record's own name has.
  public var types: DNSTypeBitmap

  /// How many octets `write(to:)` appends.
  public var length: Int { parameters.length + 1 + nextHash.count + types.octets.count }

  init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    parameters = try DNSHashParameters(in: octets, at: &offset)
    nextHash = try DNSMessage.takeString(of: octets, at: &offset)
    types = DNSTypeBitmap(octets: try DNSMessage.takeRest(of: octets, at: &offset))
  }

  func write(to out: inout OutputSpan<UInt8>) {
    parameters.write(to: &out)
    out.append(string: nextHash)
    out.append(copying: types.octets.span)
  }
}

/// A set of record types as windows of bits (RFC 4034 §4.1.2), kept as it was.
public struct DNSTypeBitmap: Hashable, Sendable {
  /// As on the wire.
  public var octets: [UInt8]

  /// The windows as they stand on the wire.
  public init(octets: [UInt8]) { self.octets = octets }

  /// The types in it in wire order, up to the first window that does not fit.
  public var types: [DNSType] {
    var types: [DNSType] = []
    Self.forEachType(in: octets.span) { types.append($0) }
    return types
  }

  /// Hands over the types of windows that are read where they stand, in wire order, up to the first
  /// one that does not fit: each is a number, a length of at most 32, and so many octets.
  public static func forEachType(in octets: Span<UInt8>, _ body: (DNSType) -> Void) {
    var offset = 0
    while offset + 2 <= octets.count {
      let (window, length) = (UInt16(octets[offset]) << 8, Int(octets[offset + 1]))
      guard length <= 32, offset + 2 + length <= octets.count else { return }
      for index in 0..<length * 8 where octets[offset + 2 + index / 8] << (index % 8) & 0x80 != 0 {
        body(DNSType(rawValue: window | UInt16(index)))
      }
      offset += 2 + length
    }
  }
}
