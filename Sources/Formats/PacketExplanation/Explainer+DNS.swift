import PacketText
import PacketWire

extension Explainer {
  /// More records than this are data.
  private static let maximumRecords = 64
  private static let section = "RFC 1035 §4.1"

  /// Whether what a datagram carries is to be read as a DNS message: on a DNS port, of a kind that there
  /// is, and with counts that its octets could hold.
  func isDNS(_ ports: (UInt16, UInt16), octets count: Int) -> Bool {
    let isPort = [53, 5353, 5355].contains { ports.0 == $0 || ports.1 == $0 }
    guard isPort, count >= 12, offset + 12 <= octets.count else { return false }
    let counts = (0..<4).map { Int(number(at: (offset + 4 + $0 * 2) * 8, bits: 16)) }
    let opcode = octets[offset + 2] >> 3 & 15
    return opcode <= 6 && counts[0] <= 16 && counts[0] * 5 + counts[1...].reduce(0, +) * 11 <= count
  }

  /// A DNS message, up to `end`.
  mutating func dns() throws(Stop) {
    begin("DNS message")
    let start = offset
    let counts = try dnsHeader()
    for _ in 0..<min(counts.questions, Self.maximumRecords) { try dnsQuestion(from: start) }
    for _ in 0..<min(counts.records, Self.maximumRecords) where available > 0 {
      try dnsRecord(from: start)
    }
    rest("Rest", Self.section, "not explained here")
  }

  private mutating func dnsHeader() throws(Stop) -> (questions: Int, records: Int) {
    let header = "RFC 1035 §4.1.1"
    try field("ID", bits: 16, header) {
      Self.code($0, 4, "the client's number for this question; the answer repeats it")
    }
    let isAnswer = try flag("QR", header, set: "an answer", clear: "a question")
    try field("OPCODE", bits: 4, header) {
      Said("\($0)", $0 == 0 ? "an ordinary look-up" : "another operation than a look-up")
    }
    try flag(
      "AA", header, set: "from a server that is responsible for the name",
      clear: isAnswer ? "from somebody's memory, not from the name's own server" : "of no use here")
    try flag(
      "TC", header, set: "cut off: to be asked again over TCP", clear: "all of it is here")
    try flag(
      "RD", header, set: "the server is to ask others until it knows",
      clear: "the server is to say only what it knows itself")
    try flag(
      "RA", header, set: "the server asks others for its clients",
      clear: isAnswer ? "the server does not ask others" : "of no use in a question")
    try field("Z", bits: 1, header) {
      Said("\($0)", "unused", $0 == 0 ? .neutral : .wrong)
    }
    try flag(
      "AD", "RFC 4035 §3.2.3", set: "signatures were checked, or are to be",
      clear: "nothing about signatures")
    try flag(
      "CD", "RFC 4035 §3.2.2", set: "the client checks signatures itself",
      clear: "the server may check signatures")
    try field("RCODE", bits: 4, header) {
      Said("\($0)", DNSResponseCode(rawValue: UInt16($0)).explanation)
    }
    var counts: [Int] = []
    for (name, meaning) in [
      ("QDCOUNT", "questions"), ("ANCOUNT", "records that answer"),
      ("NSCOUNT", "records about who is responsible"), ("ARCOUNT", "records that help"),
    ] {
      counts.append(Int(try field(name, bits: 16, header) { Said("\($0)", meaning) }))
    }
    return (counts[0], counts[1...].reduce(0, +))
  }

  private mutating func dnsQuestion(from start: Int) throws(Stop) {
    let source = "RFC 1035 §4.1.2"
    try dnsName("QNAME", from: start, source, "the name that is asked for")
    try field("QTYPE", bits: 16, source) {
      Said(DNSType(rawValue: UInt16($0)).label, "the type of record that is wanted")
    }
    try dnsClass("QCLASS", source)
  }

  private mutating func dnsRecord(from start: Int) throws(Stop) {
    let source = "RFC 1035 §4.1.3"
    try dnsName("NAME", from: start, source, "whose record this is")
    let type = DNSType(
      rawValue: UInt16(
        try field("TYPE", bits: 16, source) {
          Said(DNSType(rawValue: UInt16($0)).label, "what kind of record")
        }))
    // The pseudo record of EDNS has other things in these fields.
    let isOptions = type.rawValue == 41
    if isOptions {
      try field("CLASS", bits: 16, "RFC 6891 §6.1.2") {
        Said(Self.count($0, "octet"), "the longest datagram that the sender takes")
      }
      try field("TTL", bits: 32, "RFC 6891 §6.1.3") {
        Self.code($0, 8, "more of the response code, the version of EDNS and its flags")
      }
    } else {
      try dnsClass("CLASS", source)
      try field("TTL", bits: 32, source) {
        Said("\($0) s", "how long the record may be kept")
      }
    }
    let length = Int(
      try field("RDLENGTH", bits: 16, source) {
        Said(Self.count($0, "octet"), "how long the record's data is")
      })
    try within(length) { (inner: inout Explainer) throws(Stop) in
      try inner.dnsData(type, from: start)
    }
  }

  private mutating func dnsClass(_ name: String, _ source: String) throws(Stop) {
    try field(name, bits: 16, source) {
      Said(
        DNSClass(rawValue: UInt16($0)).label, $0 == 1 ? "the internet" : "another family of names")
    }
  }

  private mutating func dnsData(_ type: DNSType, from start: Int) throws(Stop) {
    switch (type, available) {
    case (.a, 4): try address("RDATA", .v4, "RFC 1035 §3.4.1", "the IPv4 address")
    case (.aaaa, 16): try address("RDATA", .v6, "RFC 3596 §2.2", "the IPv6 address")
    case (.cname, 1...): try dnsName("RDATA", from: start, "RFC 1035 §3.3.1", "the true name")
    case (.ns, 1...): try dnsName("RDATA", from: start, "RFC 1035 §3.3.11", "the name server")
    case (.ptr, 1...): try dnsName("RDATA", from: start, "RFC 1035 §3.3.12", "the name behind it")
    default: break
    }
    rest("RDATA", "RFC 1035 §4.1.3", "the record's data")
  }

  /// A name as it stands: labels up to an empty one, or to the place where the rest stands already.
  private mutating func dnsName(
    _ name: String, from start: Int, _ source: String, _ meaning: String
  ) throws(Stop) {
    var count = 0
    var labels = ""
    // RFC 1035 §3.1: no name is longer.
    while offset + count < end, count < 255 {
      let length = Int(octets[offset + count])
      if length >= 0xc0 {
        let low = offset + count + 1 < end ? Int(octets[offset + count + 1]) : 0
        labels += "(as at octet \((length & 0x3f) << 8 | low))"
        count += 2
        break
      }
      guard length > 0, length < 64 else {
        count += 1
        break
      }
      let label = offset + count + 1..<min(offset + count + 1 + length, end)
      labels += SafeText.escaped(octets.span.extracting(label), atMost: 63) + "."
      count += 1 + length
    }
    try field(name, octets: max(count, 1), source) { _ in
      Said(
        labels.isEmpty ? "." : labels,
        labels.hasSuffix(")")
          ? "\(meaning); the rest of it stands there in the message already" : meaning)
    }
  }
}
