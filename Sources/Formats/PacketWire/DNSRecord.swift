/// What a question asks for, or a record holds (IANA "DNS Resource Record (RR) TYPEs").
public struct DNSType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// An IPv4 address (RFC 1035 §3.4.1).
  public static let a = DNSType(rawValue: 1)
  /// An authoritative name server (RFC 1035 §3.3.11).
  public static let ns = DNSType(rawValue: 2)
  /// The canonical name of an alias (RFC 1035 §3.3.1).
  public static let cname = DNSType(rawValue: 5)
  /// The start of a zone of authority (RFC 1035 §3.3.13).
  public static let soa = DNSType(rawValue: 6)
  /// A name for an address (RFC 1035 §3.3.12).
  public static let ptr = DNSType(rawValue: 12)
  /// A mail exchange (RFC 1035 §3.3.9).
  public static let mx = DNSType(rawValue: 15)
  /// Text (RFC 1035 §3.3.14).
  public static let txt = DNSType(rawValue: 16)
  /// An IPv6 address (RFC 3596 §2.1).
  public static let aaaa = DNSType(rawValue: 28)
  /// Where a service is (RFC 2782).
  public static let srv = DNSType(rawValue: 33)
  /// A rule that rewrites names (RFC 3403 §4).
  public static let naptr = DNSType(rawValue: 35)
  /// Part of an IPv6 address, historic (RFC 6563).
  public static let a6 = DNSType(rawValue: 38)
  /// An alias for everything below a name (RFC 6672).
  public static let dname = DNSType(rawValue: 39)
  /// EDNS options, in the additional section only (RFC 6891 §6.1).
  public static let opt = DNSType(rawValue: 41)
  /// The digest of a child zone's key (RFC 4034 §5).
  public static let ds = DNSType(rawValue: 43)
  /// A signature over records (RFC 4034 §3).
  public static let rrsig = DNSType(rawValue: 46)
  /// The next name in the zone (RFC 4034 §4).
  public static let nsec = DNSType(rawValue: 47)
  /// A zone's public key (RFC 4034 §2).
  public static let dnskey = DNSType(rawValue: 48)
  /// The next hashed name in the zone (RFC 5155 §3).
  public static let nsec3 = DNSType(rawValue: 50)
  /// How a zone's names are hashed (RFC 5155 §4).
  public static let nsec3param = DNSType(rawValue: 51)
  /// The DS record that a child zone wants (RFC 7344 §3.1).
  public static let cds = DNSType(rawValue: 59)
  /// The DNSKEY that a child zone wants (RFC 7344 §3.2).
  public static let cdnskey = DNSType(rawValue: 60)
  /// Where and how to reach a service (RFC 9460 §2).
  public static let svcb = DNSType(rawValue: 64)
  /// Where and how to reach an HTTP origin (RFC 9460 §9).
  public static let https = DNSType(rawValue: 65)
  /// One long text (UNSPECA), never specified.
  public static let unspecifiedText = DNSType(rawValue: 104)
  /// A signature over a whole message (RFC 8945).
  public static let tsig = DNSType(rawValue: 250)
  /// Any type, in questions only (RFC 8482).
  public static let any = DNSType(rawValue: 255)
  /// Where a resource is (RFC 7553).
  public static let uri = DNSType(rawValue: 256)
  /// Who may issue certificates (RFC 8659).
  public static let caa = DNSType(rawValue: 257)
}

/// The class of a question or record (RFC 1035 §3.2.4); of an OPT record the sender's UDP size.
public struct DNSClass: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The Internet.
  public static let internet = DNSClass(rawValue: 1)
  /// Chaosnet, today used to ask a server about itself (RFC 4892).
  public static let chaos = DNSClass(rawValue: 3)
}

/// One entry of the question section (RFC 1035 §4.1.2).
public struct DNSQuestion: Hashable, Sendable {
  /// Which name.
  public var name: DNSName
  /// Which type of record.
  public var type: DNSType
  /// Which class.
  public var recordClass: DNSClass

  /// A question of the Internet class.
  public init(_ name: DNSName, _ type: DNSType, _ recordClass: DNSClass = .internet) {
    (self.name, self.type, self.recordClass) = (name, type, recordClass)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { name.length + 4 }

  init(in message: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    name = try DNSName(in: message, at: &offset)
    let fixed = try DNSMessage.take(4, of: message, at: &offset)
    type = DNSType(rawValue: fixed.u16(at: 0))
    recordClass = DNSClass(rawValue: fixed.u16(at: 2))
  }

  func write(to out: inout OutputSpan<UInt8>) {
    name.write(to: &out)
    out.append(bigEndian: type.rawValue)
    out.append(bigEndian: recordClass.rawValue)
  }
}

/// A resource record (RFC 1035 §4.1.3).
///
///     +----------+------+-------+--------------+----------+---------+
///     |   name   | type | class | TTL (4)      | RDLENGTH |  RDATA  |
///     +----------+------+-------+--------------+----------+---------+
public struct DNSRecord: Hashable, Sendable {
  /// Whose record it is.
  public var name: DNSName
  /// What `data` is.
  public var type: DNSType
  /// The class; of an OPT record the sender's UDP payload size.
  public var recordClass: DNSClass
  /// In seconds; of an OPT record extended code, version and flags (RFC 6891 §6.1.3).
  public var timeToLive: UInt32
  /// The content.
  public var data: DNSRecordData

  /// A record of the Internet class.
  public init(
    _ name: DNSName, _ type: DNSType, timeToLive: UInt32, _ data: DNSRecordData,
    recordClass: DNSClass = .internet
  ) {
    (self.name, self.type, self.recordClass) = (name, type, recordClass)
    (self.timeToLive, self.data) = (timeToLive, data)
  }

  /// How many octets `write(to:)` appends.
  public var length: Int { name.length + 10 + data.length }

  init(
    in message: Span<UInt8>, at offset: inout Int, question: DNSName?
  ) throws(PacketError) {
    name = try DNSName(in: message, at: &offset, question: question)
    let fixed = try DNSMessage.take(10, of: message, at: &offset)
    type = DNSType(rawValue: fixed.u16(at: 0))
    recordClass = DNSClass(rawValue: fixed.u16(at: 2))
    timeToLive = fixed.u32(at: 4)
    let start = offset
    let octets = try DNSMessage.take(Int(fixed.u16(at: 8)), of: message, at: &offset)
    data =
      DNSRecordData(type, in: message, start..<offset) ?? .opaque(Array(copying: octets))
  }

  func write(to out: inout OutputSpan<UInt8>) {
    name.write(to: &out)
    out.append(bigEndian: type.rawValue)
    out.append(bigEndian: recordClass.rawValue)
    out.append(bigEndian: timeToLive)
    out.append(bigEndian: UInt16(truncatingIfNeeded: data.length))
    data.write(to: &out)
  }
}
