public import PacketWire

extension WordLine {
  private enum RecordType: String { case A, AAAA, CNAME, MX, TXT, NS, SOA, PTR }

  /// Reads a DNS record: a name, a type and what the type asks for.
  public mutating func takeRecord(timeToLive: UInt32) throws(LineError) -> DNSRecord {
    let name = try takeName()
    let type = try take("A, AAAA, CNAME, MX, TXT, NS, SOA or PTR") {
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
      }
    return DNSRecord(name, number, timeToLive: timeToLive, data)
  }

  private mutating func takeMailExchange() throws(LineError) -> DNSRecordData {
    let preference = try take("a preference such as 10") {
      LineValue.wholeNumber($0).flatMap { UInt16(exactly: $0) }
    }
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
