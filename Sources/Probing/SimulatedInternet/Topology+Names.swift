import AddressOrigins
import LineFormat
public import PacketWire

extension Topology {
  /// All that the DNS of this topology holds: the file's records, A, AAAA and PTR of every node that
  /// has a name, who runs each node's addresses, and SOA and NS of the zones that hold them.
  ///
  /// A zone begins at each SOA record of the file. Names outside of those belong to a zone of their
  /// last label, such as test, all addresses to in-addr.arpa and ip6.arpa, and systems to
  /// asn.cymru.com: here is no other server that could know better.
  public var dnsRecords: [DNSRecord] {
    var all = records
    let pointers = Set(records.filter { $0.type == .ptr }.map { $0.name.description })
    for node in nodes {
      guard let name = node.name else { continue }
      for address in node.addresses.all {
        all.append(DNSRecord(addressOf: name, address))
        let reverse = DNSName(reverse: address)
        guard !pointers.contains(reverse.description) else { continue }
        all.append(DNSRecord(reverse, .ptr, timeToLive: Self.recordTimeToLive, .name(name)))
      }
    }
    all += systemRecords
    return all + zoneRecords(for: all)
  }

  /// Of every record, in seconds.
  static let recordTimeToLive: UInt32 = 300

  /// All that has addresses, each once.
  var nodes: [Node] {
    let far = routers.compactMap { router in
      router.farAddresses.map { Node(router.node.name, $0) }
    }
    // A site that is in several places is named once.
    var sites: [Node] = []
    for site in self.sites where !sites.contains(site.node) { sites.append(site.node) }
    return [client] + routers.map(\.node) + far + sites + (resolver.map { [$0] } ?? [])
  }

  private func zoneRecords(for all: [DNSRecord]) -> [DNSRecord] {
    guard let server = resolver?.name ?? site.name else { return [] }
    let apexes = records.filter { $0.type == .soa }.map(\.name)
    var zones: [DNSName] = ["in-addr.arpa", "ip6.arpa"].compactMap { DNSName($0) }
    zones.append(OriginZone.cymru.name)
    for record in all where !(apexes + zones).contains(where: { record.name.isInside($0) }) {
      guard let last = record.name.labels.last, let zone = DNSName(labels: [Array(last)]) else {
        continue
      }
      zones.append(zone)
    }
    return zones.flatMap { zone in
      let mailbox = DNSName(labels: [Array("hostmaster".utf8)] + zone.labels.map { Array($0) })
      return [
        DNSRecord(
          zone, .soa, timeToLive: Self.recordTimeToLive,
          .soa(.init(primaryServer: server, mailbox: mailbox ?? server))),
        DNSRecord(zone, .ns, timeToLive: Self.recordTimeToLive, .name(server)),
      ]
    }
  }
}

extension DNSRecord {
  fileprivate init(addressOf name: DNSName, _ address: IPAddress) {
    switch address {
    case .v4(let address):
      self.init(name, .a, timeToLive: Topology.recordTimeToLive, .a(address))
    case .v6(let address):
      self.init(name, .aaaa, timeToLive: Topology.recordTimeToLive, .aaaa(address))
    }
  }
}
