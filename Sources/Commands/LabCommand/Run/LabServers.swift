import LinuxNet
import LinuxSystem
import PacketWire
import ServerShell
import ServiceEngine
import SimulatedInternet
import TransportSecurity

/// The servers of a lab's far side: DNS, and the site with its chat over HTTP and HTTPS.
struct LabServers {
  /// All of them, opened in the namespace that the calling thread is in.
  private(set) var all: [any Server] = []
  /// The certificate of the authority that vouches for the site: PEM. Nil where TLS cannot be had.
  let authority: String?

  /// Opens them, but for the ports that the plan leaves to others.
  init(_ plan: LabPlan) throws(SystemError) {
    let identity = Self.identity(of: plan.topology)
    authority = identity?.authority
    if !plan.freePorts.contains(53) { try openDNS(plan.topology) }
    let room = ChatRoom()
    for address in Self.siteAddresses(of: plan.topology) {
      let (http, https) = (Endpoint(address, port: 80), Endpoint(address, port: 443))
      if !plan.freePorts.contains(http.port) { try openWeb(at: http, room, identity: nil) }
      guard let identity, !plan.freePorts.contains(https.port) else { continue }
      try openWeb(at: https, room, identity: identity)
    }
  }

  private static func siteAddresses(of topology: Topology) -> [IPAddress] {
    Set(topology.sites.flatMap(\.node.addresses.all)).sorted()
  }

  /// For every name that leads to the site.
  private static func identity(of topology: Topology) -> ServerIdentity? {
    let addresses = siteAddresses(of: topology)
    var names: [DNSName] = topology.sites.compactMap(\.node.name)
    // Addresses first, since an alias may stand before what it leads to.
    let records = topology.dnsRecords
    for record in records.filter({ $0.type != .cname }) + records.filter({ $0.type == .cname })
    where !names.contains(record.name) {
      let leadsToSite =
        switch record.data {
        case .a(let address): addresses.contains(.v4(address))
        case .aaaa(let address): addresses.contains(.v6(address))
        case .name(let target): record.type == .cname && names.contains(target)
        default: false
        }
      if leadsToSite { names.append(record.name) }
    }
    do {
      return try ServerIdentity(
        names: names.map { String($0.description.dropLast()) },
        addresses: addresses.map(\.description), authorityName: "Wirewalk lab, made at start")
    } catch {
      _ = LabCommand.fail("no HTTPS in the lab: \(error)", code: 0)
      return nil
    }
  }

  private mutating func openDNS(_ topology: Topology) throws(SystemError) {
    let responder = DNSResponder(records: topology.dnsRecords)
    for address in (topology.resolver ?? topology.site).addresses.all {
      let endpoint = Endpoint(address, port: 53)
      all.append(
        try DatagramServer(at: endpoint) { query, _ in
          responder.answer(to: query, over: .udp)
        })
      all.append(try StreamServer(at: endpoint) { _, _ in DNSStream(responder) })
    }
  }

  private mutating func openWeb(
    at endpoint: Endpoint, _ room: ChatRoom, identity: ServerIdentity?
  ) throws(SystemError) {
    let content = ChatContent(room, besides: .chat)
    all.append(
      try StreamServer(
        at: endpoint,
        makeService: { id, _ in
          let service = HTTPConnection(content, as: id, gzip: { GzipEncoder() })
          guard let identity else { return service }
          return (try? TLSService(service, as: identity)) ?? ClosedService()
        }, wakes: content.wakes))
  }
}

/// What there is when there is no memory for more.
private struct ClosedService: StreamService {
  let output: [UInt8] = []
  let isClosing = true

  func receive(_: ArraySlice<UInt8>, at _: WallInstant) {}
  func hasSent(_: Int) {}
}
