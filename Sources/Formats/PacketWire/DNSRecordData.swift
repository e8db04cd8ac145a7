/// The content of a resource record, by its type.
public enum DNSRecordData: Hashable, Sendable {
  /// A (RFC 1035 §3.4.1).
  case a(IPv4Address)
  /// AAAA (RFC 3596 §2.2).
  case aaaa(IPv6Address)
  /// CNAME, NS, PTR or DNAME: the record's type says which.
  case name(DNSName)
  /// MX (RFC 1035 §3.3.9); the lowest preference is tried first.
  case mx(preference: UInt16, exchange: DNSName)
  /// TXT (RFC 1035 §3.3.14): strings of at most 255 octets.
  case txt([[UInt8]])
  /// SOA (RFC 1035 §3.3.13).
  case soa(StartOfAuthority)
  /// SRV.
  case service(DNSService)
  /// NAPTR.
  case rewriteRule(DNSRewriteRule)
  /// CAA.
  case certificateIssuer(DNSCertificateIssuer)
  /// SVCB or HTTPS.
  case serviceBinding(DNSServiceBinding)
  /// DS or CDS.
  case delegationSigner(DNSDelegationSigner)
  /// DNSKEY or CDNSKEY.
  case publicKey(DNSPublicKey)
  /// RRSIG.
  case signature(DNSSignature)
  /// NSEC.
  case nextName(DNSNextName)
  /// NSEC3.
  case nextHashedName(DNSNextHashedName)
  /// NSEC3PARAM.
  case hashParameters(DNSHashParameters)
  /// TSIG.
  case messageSignature(DNSMessageSignature)
  /// OPT; extended code, version and flags are in the record itself.
  case options([EDNSOption])
  /// Any other type, or a known type with a content that does not fit it, as it was.
  case opaque([UInt8])

  /// The content of an SOA record; times in seconds.
  public struct StartOfAuthority: Hashable, Sendable {
    /// The zone's primary name server.
    public var primaryServer: DNSName
    /// The mailbox of who is responsible, with a dot for the at sign.
    public var mailbox: DNSName
    /// The zone's version.
    public var serial: UInt32
    /// How often secondaries ask for a new version.
    public var refresh: UInt32
    /// How soon they ask again after a failure.
    public var retry: UInt32
    /// After how long without contact they stop answering.
    public var expire: UInt32
    /// For how long "there is no such thing" may be remembered (RFC 2308 §4).
    public var minimum: UInt32

    /// Content from its fields.
    public init(
      primaryServer: DNSName, mailbox: DNSName, serial: UInt32, refresh: UInt32, retry: UInt32,
      expire: UInt32, minimum: UInt32
    ) {
      (self.primaryServer, self.mailbox, self.serial) = (primaryServer, mailbox, serial)
      (self.refresh, self.retry, self.expire, self.minimum) = (refresh, retry, expire, minimum)
    }
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    switch self {
    case .a: 4
    case .aaaa: 16
    case .name(let name): name.length
    case .mx(_, let exchange): 2 + exchange.length
    case .txt(let strings): strings.reduce(0) { $0 + 1 + $1.count }
    case .soa(let soa): soa.primaryServer.length + soa.mailbox.length + 20
    case .service(let service): service.length
    case .rewriteRule(let rule): rule.length
    case .certificateIssuer(let issuer): issuer.length
    case .serviceBinding(let binding): binding.length
    case .delegationSigner(let signer): signer.length
    case .publicKey(let key): key.length
    case .signature(let signature): signature.length
    case .nextName(let next): next.length
    case .nextHashedName(let next): next.length
    case .hashParameters(let parameters): parameters.length
    case .messageSignature(let signature): signature.length
    case .options(let options): options.reduce(0) { $0 + $1.length }
    case .opaque(let octets): octets.count
    }
  }

  /// Reads the content at `range` of `message`; `nil` when it is not exactly what `type` asks for,
  /// for then only the raw octets can be written back as they were.
  init?(_ type: DNSType, in message: Span<UInt8>, _ range: Range<Int>) {
    let inside = message.extracting(first: range.upperBound)
    var offset = range.lowerBound
    do throws(PacketError) {
      switch type {
      case .a:
        self = .a(IPv4Address(bits: try DNSMessage.take(4, of: inside, at: &offset).u32(at: 0)))
      case .aaaa:
        self = .aaaa(IPv6Address(try DNSMessage.take(16, of: inside, at: &offset), at: 0))
      case .cname, .ns, .ptr, .dname: self = .name(try DNSName(in: inside, at: &offset))
      case .mx:
        let preference = try DNSMessage.take(2, of: inside, at: &offset).u16(at: 0)
        self = .mx(preference: preference, exchange: try DNSName(in: inside, at: &offset))
      case .txt: self = .txt(try Self.strings(in: inside, at: &offset))
      case .soa: self = .soa(try StartOfAuthority(in: inside, at: &offset))
      case .srv: self = .service(try DNSService(in: inside, at: &offset))
      case .naptr: self = .rewriteRule(try DNSRewriteRule(in: inside, at: &offset))
      case .caa: self = .certificateIssuer(try DNSCertificateIssuer(in: inside, at: &offset))
      case .svcb, .https: self = .serviceBinding(try DNSServiceBinding(in: inside, at: &offset))
      case .tsig: self = .messageSignature(try DNSMessageSignature(in: inside, at: &offset))
      case .opt: self = .options(try EDNSOption.all(in: inside, at: &offset))
      default:
        guard let data = try Self.security(type, in: inside, at: &offset) else { return nil }
        self = data
      }
    } catch {
      return nil
    }
    guard offset == range.upperBound else { return nil }
  }

  private static func security(
    _ type: DNSType, in inside: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> DNSRecordData? {
    switch type {
    case .ds, .cds: .delegationSigner(try DNSDelegationSigner(in: inside, at: &offset))
    case .dnskey, .cdnskey: .publicKey(try DNSPublicKey(in: inside, at: &offset))
    case .rrsig: .signature(try DNSSignature(in: inside, at: &offset))
    case .nsec: .nextName(try DNSNextName(in: inside, at: &offset))
    case .nsec3: .nextHashedName(try DNSNextHashedName(in: inside, at: &offset))
    case .nsec3param: .hashParameters(try DNSHashParameters(in: inside, at: &offset))
    default: nil
    }
  }

  private static func strings(
    in octets: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    while offset < octets.count {
      strings.append(try DNSMessage.takeString(of: octets, at: &offset))
    }
    return strings
  }

  func write(to out: inout OutputSpan<UInt8>) {
    switch self {
    case .a(let address): out.append(bigEndian: address.bits)
    case .aaaa(let address): out.append(bigEndian: address.bits)
    case .name(let name): name.write(to: &out)
    case .mx(let preference, let exchange):
      out.append(bigEndian: preference)
      exchange.write(to: &out)
    case .txt(let strings):
      for string in strings { out.append(string: string) }
    case .soa(let soa): soa.write(to: &out)
    case .service(let service): service.write(to: &out)
    case .rewriteRule(let rule): rule.write(to: &out)
    case .certificateIssuer(let issuer): issuer.write(to: &out)
    case .serviceBinding(let binding): binding.write(to: &out)
    case .delegationSigner(let signer): signer.write(to: &out)
    case .publicKey(let key): key.write(to: &out)
    case .signature(let signature): signature.write(to: &out)
    case .nextName(let next): next.write(to: &out)
    case .nextHashedName(let next): next.write(to: &out)
    case .hashParameters(let parameters): parameters.write(to: &out)
    case .messageSignature(let signature): signature.write(to: &out)
    case .options(let options): for option in options { option.write(to: &out) }
    case .opaque(let octets): out.append(copying: octets.span)
    }
  }
}

extension DNSRecordData.StartOfAuthority {
  fileprivate init(in octets: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    primaryServer = try DNSName(in: octets, at: &offset)
    mailbox = try DNSName(in: octets, at: &offset)
    let numbers = try DNSMessage.take(20, of: octets, at: &offset)
    serial = numbers.u32(at: 0)
    refresh = numbers.u32(at: 4)
    retry = numbers.u32(at: 8)
    expire = numbers.u32(at: 12)
    minimum = numbers.u32(at: 16)
  }

  fileprivate func write(to out: inout OutputSpan<UInt8>) {
    primaryServer.write(to: &out)
    mailbox.write(to: &out)
    for number in [serial, refresh, retry, expire, minimum] { out.append(bigEndian: number) }
  }
}
