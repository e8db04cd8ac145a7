public import PacketWire

extension WordLine {
  private enum RecordType: String { case A, AAAA, CNAME, MX, TXT, NS, SOA, PTR, SRV, CAA }

  /// Reads a DNS record: a name, its time to live in seconds if that is not `timeToLive`, a type, and
  /// what the type asks for.
  public mutating func takeRecord(timeToLive: UInt32) throws(LineError) -> DNSRecord {
    let name = try takeName()
    var timeToLive = timeToLive
    if nextWord.map({ LineValue.wholeNumber($0.text) != nil }) ?? false {
      timeToLive = try takeTimeToLive()
    }
    let type = try take("A, AAAA, CNAME, MX, TXT, NS, SOA, PTR, SRV or CAA") {
      RecordType(rawValue: $0.uppercased())
    }
    let (number, data): (DNSType, DNSRecordData) =
      switch type {
      case .A: (.a, .a(try take("an IPv4 address") { IPv4Address($0) }))
      case .AAAA: (.aaaa, .aaaa(try take("an IPv6 address") { IPv6Address($0) }))
      case .CNAME: (.cname, .name(try takeName()))
      case .NS: (.ns, .name(try takeName()))
      case .PTR: (.ptr, .name(try takeName()))
      case .MX: (.mx, try takeMailExchange())
      case .TXT: (.txt, try takeStrings())
      case .SOA: (.soa, .soa(try takeStartOfAuthority()))
      case .SRV: (.srv, .service(try takeService()))
      case .CAA: (.caa, .certificateIssuer(try takeCertificateIssuer()))
      }
    return DNSRecord(name, number, timeToLive: timeToLive, data)
  }

  /// Reads a time to live (RFC 2181 §8).
  public mutating func takeTimeToLive() throws(LineError) -> UInt32 {
    try take("a time to live from 0 to 2147483647") {
      LineValue.wholeNumber($0).flatMap { $0 < 1 << 31 ? UInt32($0) : nil }
    }
  }

  private mutating func takeWord16(_ expected: String) throws(LineError) -> UInt16 {
    try take(expected) { LineValue.wholeNumber($0).flatMap { UInt16(exactly: $0) } }
  }

  private mutating func takeService() throws(LineError) -> DNSService {
    let priority = try takeWord16("a priority such as 10")
    let weight = try takeWord16("a weight such as 5")
    let port = try takeWord16("a port such as 5060")
    return DNSService(priority: priority, weight: weight, port: port, target: try takeName())
  }

  private mutating func takeCertificateIssuer() throws(LineError) -> DNSCertificateIssuer {
    let flags = try take("flags from 0 to 255") {
      LineValue.wholeNumber($0).flatMap { UInt8(exactly: $0) }
    }
    let tag = try take("a property such as issue") { (1...15).contains($0.utf8.count) ? $0 : nil }
    let value = try take("a value of at most 255 octets") { $0.utf8.count <= 255 ? $0 : nil }
    return DNSCertificateIssuer(flags: flags, tag: Array(tag.utf8), value: Array(value.utf8))
  }

  private mutating func takeMailExchange() throws(LineError) -> DNSRecordData {
    let preference = try takeWord16("a preference such as 10")
    return .mx(preference: preference, exchange: try takeName())
  }

  /// A TXT record's strings hold 255 octets at most (RFC 1035 §3.3), and here 4096 together, so that
  /// a record always fits into a message.
  private mutating func takeStrings() throws(LineError) -> DNSRecordData {
    var strings: [[UInt8]] = []
    repeat {
      strings.append(
        try take("a text of at most 255 octets") { $0.utf8.count <= 255 ? Array($0.utf8) : nil })
      guard strings.count <= 16 else { throw error("at most 16 texts", back: 1) }
    } while nextWord != nil
    return .txt(strings)
  }

  private mutating func takeStartOfAuthority() throws(LineError)
    -> DNSRecordData.StartOfAuthority
  {
    let primary = try takeName()
    let mailbox = try takeName()
    return .init(primaryServer: primary, mailbox: mailbox)
  }
}

extension DNSRecordData.StartOfAuthority {
  /// With the times that a small zone which never changes would have.
  public init(primaryServer: DNSName, mailbox: DNSName) {
    self.init(
      primaryServer: primaryServer, mailbox: mailbox, serial: 1, refresh: 7200, retry: 900,
      expire: 1_209_600, minimum: 300)
  }
}
