public import LineFormat
public import PacketWire

/// The records that a DNS server is to know, from a text of one record a line: a zone file's plainest
/// form (RFC 1035 §5.1), with names always whole.
///
///     $TTL 300
///     example.test       SOA   ns.example.test hostmaster.example.test
///     www.example.test   60 A  192.0.2.80
public struct DNSRecordFile: Hashable, Sendable {
  /// In the order of the file, and then an SOA record for each zone that has none.
  public var records: [DNSRecord]

  /// Reads a text; `source` is what errors call it.
  ///
  /// A zone begins at each SOA record. Names outside of those are in a zone of their last two labels,
  /// and addresses' names in in-addr.arpa and ip6.arpa.
  public init(parsing text: String, named source: String) throws(LineError) {
    var timeToLive: UInt32 = 300
    var records: [DNSRecord] = []
    try WordLine.readAll(of: text, named: source) { line throws(LineError) in
      if line.skip("$TTL") {
        timeToLive = try line.takeTimeToLive()
      } else {
        records.append(try line.takeRecord(timeToLive: timeToLive))
      }
      try line.requireEnd()
    }
    self.records = records + Self.missingZones(of: records)
  }

  private static func missingZones(of records: [DNSRecord]) -> [DNSRecord] {
    var zones = records.filter { $0.type == .soa }.map(\.name)
    var found: [DNSRecord] = []
    for record in records where !zones.contains(where: { record.name.isInside($0) }) {
      let labels = record.name.labels.suffix(2).map { Array($0) }
      guard let zone = DNSName(labels: labels),
        let mailbox = DNSName(labels: [Array("hostmaster".utf8)] + labels)
      else { continue }
      zones.append(zone)
      found.append(
        DNSRecord(
          zone, .soa, timeToLive: 300, .soa(.init(primaryServer: zone, mailbox: mailbox))))
    }
    return found
  }

  /// What is served without a file.
  public static let example = """
    # DNS records for 'lab-swift serve dns --records FILE': a name, for how many seconds others may
    # remember it, a type, and what the type asks for. docs/lab-servers.md explains the types.
    $TTL 300

    example.test           SOA    ns.example.test hostmaster.example.test
    example.test           NS     ns.example.test
    ns.example.test        A      192.0.2.53
    example.test           MX     10 mail.example.test
    example.test           MX     20 backup.example.test
    example.test           TXT    "v=spf1 mx -all"
    example.test           CAA    0 issue "ca.example.test"
    www.example.test       A      192.0.2.80
    www.example.test       AAAA   2001:db8::80
    mail.example.test      A      192.0.2.25
    backup.example.test    A      192.0.2.26
    # An alias of an alias.
    shop.example.test      CNAME  store.example.test
    store.example.test     CNAME  www.example.test
    # Where the calls go: priority, weight, port and host.
    _sip._udp.example.test SRV    10 5 5060 www.example.test
    80.2.0.192.in-addr.arpa  PTR  www.example.test

    # Gone from memory soon.
    google.com             260 A  192.165.1.1

    """
}
