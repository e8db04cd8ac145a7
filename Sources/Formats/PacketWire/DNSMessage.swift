/// A DNS message (RFC 1035 §4.1).
///
///      0             16   17     21  22  23  24  25      28      32
///     +-------------+----+------+---+---+---+---+-------+-------+
///     | identifier  | QR |opcode| AA| TC| RD| RA|Z AD CD| RCODE |
///     +-------------+----+------+---+---+---+---+-------+-------+
///     |  questions  |   answers   | authorities | additionals   |
///     +-------------+-------------+-------------+---------------+
///     |          question section, then three of records        |
///     +---------------------------------------------------------+
///
/// Names remember how they were compressed, so that an unchanged message is written back as it was.
public struct DNSMessage: Hashable, Sendable {
  /// Of the fixed part, in octets.
  public static let headerLength = 12

  /// Pairs an answer with its question, together with the addresses and ports.
  public var identifier: UInt16
  /// QR, opcode, the flag bits and RCODE, as the second half of the first word has them.
  public var flags: UInt16
  /// What is asked; nearly always one.
  public var questions: [DNSQuestion]
  /// Records that answer it.
  public var answers: [DNSRecord]
  /// Records that point to an authority.
  public var authorities: [DNSRecord]
  /// Records that may help, the EDNS one among them.
  public var additionals: [DNSRecord]

  /// QR: this answers a query.
  public var isResponse: Bool { flags & 0x8000 != 0 }
  /// What is asked to be done: 0 is a standard query.
  public var opcode: UInt8 { UInt8(flags >> 11 & 0xf) }
  /// AA: the answer comes from the zone's own server.
  public var isAuthoritative: Bool { flags & 0x0400 != 0 }
  /// TC: cut to fit; ask again over TCP (RFC 7766 §5).
  public var isTruncated: Bool { flags & 0x0200 != 0 }
  /// RD: the client asks for the whole work to be done.
  public var recursionDesired: Bool { flags & 0x0100 != 0 }
  /// RA: the server does it.
  public var recursionAvailable: Bool { flags & 0x0080 != 0 }
  /// AD: the server vouches for the data by DNSSEC (RFC 4035 §3.2.3).
  public var isAuthenticData: Bool { flags & 0x0020 != 0 }
  /// CD: the client checks by itself (RFC 4035 §3.2.2).
  public var isCheckingDisabled: Bool { flags & 0x0010 != 0 }
  /// RCODE: 0 no error, 2 server failure, 3 no such name.
  public var responseCode: UInt8 { UInt8(flags & 0xf) }

  /// A message from its parts.
  public init(
    identifier: UInt16, flags: UInt16, questions: [DNSQuestion], answers: [DNSRecord] = [],
    authorities: [DNSRecord] = [], additionals: [DNSRecord] = []
  ) {
    (self.identifier, self.flags, self.questions) = (identifier, flags, questions)
    (self.answers, self.authorities, self.additionals) = (answers, authorities, additionals)
  }

  /// A recursive query for one name and type.
  public init(query name: DNSName, _ type: DNSType, identifier: UInt16) {
    self.init(identifier: identifier, flags: 0x0100, questions: [DNSQuestion(name, type)])
  }

  /// How many octets `write(to:)` appends.
  public var length: Int {
    Self.headerLength + questions.reduce(0) { $0 + $1.length }
      + [answers, authorities, additionals].joined().reduce(0) { $0 + $1.length }
  }

  /// Reads a message that begins where `reader` stands, for compression pointers count from there,
  /// and leaves what stands behind it. Errors count from the reader's own start.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let message = reader.remaining
    var end = 0
    do throws(PacketError) {
      try self.init(in: message, at: &end)
    } catch {
      var moved = error
      moved.offset += reader.offset
      throw moved
    }
    _ = try reader.take(end, for: .dns)
  }

  private init(in message: Span<UInt8>, at offset: inout Int) throws(PacketError) {
    let fixed = try Self.take(Self.headerLength, of: message, at: &offset)
    identifier = fixed.u16(at: 0)
    flags = fixed.u16(at: 2)
    questions = []
    for _ in 0..<fixed.u16(at: 4) {
      questions.append(try DNSQuestion(in: message, at: &offset))
    }
    let asked = questions.first?.name
    answers = try Self.records(fixed.u16(at: 6), in: message, at: &offset, asked)
    authorities = try Self.records(fixed.u16(at: 8), in: message, at: &offset, asked)
    additionals = try Self.records(fixed.u16(at: 10), in: message, at: &offset, asked)
  }

  /// A count may promise 65535 records, but each takes at least 11 octets that must be there.
  private static func records(
    _ count: UInt16, in message: Span<UInt8>, at offset: inout Int, _ asked: DNSName?
  ) throws(PacketError) -> [DNSRecord] {
    guard count > 0 else { return [] }
    var records: [DNSRecord] = []
    records.reserveCapacity(min(Int(count), (message.count - offset) / 11))
    for _ in 0..<count {
      records.append(try DNSRecord(in: message, at: &offset, question: asked))
    }
    return records
  }

  /// The `count` octets at `offset`, which moves behind them.
  @_lifetime(copy message)
  static func take(
    _ count: Int, of message: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> Span<UInt8> {
    guard count <= message.count - offset else {
      throw PacketError(
        .dns, at: offset, .truncated(needed: count, available: message.count - offset))
    }
    defer { offset += count }
    return message.extracting(offset..<offset + count)
  }

  /// A string with its length in the octet before it (RFC 1035 §3.3), at `offset`, which moves behind
  /// it.
  static func takeString(
    of message: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> [UInt8] {
    let count = Int(try take(1, of: message, at: &offset)[0])
    return Array(copying: try take(count, of: message, at: &offset))
  }

  /// What is left of `message` behind `offset`, which moves to the end.
  static func takeRest(
    of message: Span<UInt8>, at offset: inout Int
  ) throws(PacketError) -> [UInt8] {
    Array(copying: try take(message.count - offset, of: message, at: &offset))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: identifier)
    out.append(bigEndian: flags)
    for count in [questions.count, answers.count, authorities.count, additionals.count] {
      out.append(bigEndian: UInt16(truncatingIfNeeded: count))
    }
    for question in questions { question.write(to: &out) }
    for record in [answers, authorities, additionals].joined() { record.write(to: &out) }
  }
}

extension OutputSpan<UInt8> {
  /// Appends a string of at most 255 octets with its length before it (RFC 1035 §3.3).
  mutating func append(string: [UInt8]) {
    append(UInt8(truncatingIfNeeded: string.count))
    append(copying: string.span)
  }
}
