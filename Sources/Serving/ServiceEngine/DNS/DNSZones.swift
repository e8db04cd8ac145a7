import PacketWire

/// All that a DNS server knows, ready to be asked.
struct DNSZones: Sendable {
  /// What there is to say about one name and type.
  enum Finding: Sendable {
    /// Records of the type.
    case records([DNSRecord])
    /// The name is an alias (RFC 1034 §3.6.2).
    case alias(DNSRecord, target: DNSName)
    /// The name exists, if only because a longer one does (RFC 8020 §2), but not with this type; the
    /// zone's SOA record goes with that answer (RFC 2308 §2.2).
    case noData(zone: DNSRecord)
    /// The name does not exist (RFC 2308 §2.1).
    case noName(zone: DNSRecord)
    /// No zone here holds the name.
    case foreign
  }

  /// By the lower-case form of the name, then in the order given.
  private var nodes: [[UInt8]: [DNSRecord]] = [:]
  private var apexes: [DNSRecord] = []

  /// The zones begin at the SOA records among `records`; what is in no zone is never found.
  init(_ records: [DNSRecord]) {
    for record in records {
      nodes[record.name.lowercasedWire, default: []].append(record)
      if record.type == .soa { apexes.append(record) }
      addEmptyNodes(above: record.name)
    }
    // The deepest zone that holds a name is its own.
    apexes.sort { $0.name.labels.count > $1.name.labels.count }
  }

  private mutating func addEmptyNodes(above name: DNSName) {
    var wire = name.lowercasedWire[...]
    while let length = wire.first {
      wire = wire.dropFirst(1 + Int(length))
      nodes[Array(wire), default: []] += []
    }
  }

  /// Looks a name up. A question for any type gets one set of records only (RFC 8482 §4.1).
  func find(_ name: DNSName, _ type: DNSType) -> Finding {
    guard let zone = apexes.first(where: { name.isInside($0.name) }) else { return .foreign }
    guard let node = nodes[name.lowercasedWire] else { return .noName(zone: zone) }
    let wanted = type == .any ? node.first?.type : type
    let records = node.filter { $0.type == wanted }
    if !records.isEmpty { return .records(records) }
    for record in node where record.type == .cname {
      if case .name(let target) = record.data { return .alias(record, target: target) }
    }
    return .noData(zone: zone)
  }
}

extension DNSName {
  /// The same for names that differ in the case of ASCII letters alone (RFC 4343 §3). No length
  /// octet of a label is a letter: 63 is the most.
  fileprivate var lowercasedWire: [UInt8] {
    wire.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
  }
}
