import AddressOrigins
import LinuxNet
import LinuxSystem
import OriginEngine
import OriginLookUp
import PacketWire
import ServiceEngine
import SimulatedInternet
import Testing

/// A DNS server on loopback, which the test lets answer by hand.
private final class LoopbackServer {
  let socket: MessageSocket
  let responder = DNSResponder(records: Topology.default.dnsRecords)
  var queries = 0
  private var buffer = [UInt8](repeating: 0, count: 1500)

  init() throws {
    socket = try MessageSocket(.datagram(.udp), family: .v4)
    try socket.bind(to: Endpoint(.v4(.loopback)))
  }

  func endpoint() throws -> Endpoint { try socket.localEndpoint() }

  func serve() throws {
    while let received = try socket.receive(into: &buffer) {
      queries += 1
      let query = Array(buffer[..<received.count])
      guard let client = received.source, let answer = responder.answer(to: query, over: .udp)
      else { continue }
      try socket.send(answer.span, to: client)
    }
  }
}

@Suite("Origins of addresses beside a measurement")
struct HostOriginsTests {
  /// Lets both sides work until all is settled, or half a minute has passed.
  private func settle(
    _ origins: HostOrigins, _ server: LoopbackServer, _ addresses: [IPAddress]
  ) throws {
    let deadline = MonotonicClock.now() + .seconds(30)
    var poller = Poller()
    origins.watch(with: &poller)
    _ = poller.add(server.socket.descriptorNumber, interest: .read)
    while !addresses.allSatisfy({ origins.isSettled($0) }), MonotonicClock.now() < deadline {
      try poller.wait(until: min(origins.wakeAt ?? deadline, deadline))
      try server.serve()
      origins.update()
    }
  }

  private func words(_ origins: HostOrigins, _ address: IPAddress) -> String {
    switch origins.finding(of: address) {
    case nil: "nil"
    case .unannounced?: "unannounced"
    case .unanswered?: "unanswered"
    case .origin(let origin)?: "\(origin.numbers) \(origin.block) \(origin.name ?? "-")"
    }
  }

  @Test("a server answers for all hops of the lab")
  func server() throws {
    let server = try LoopbackServer()
    let origins = try HostOrigins(table: nil, resolver: .init(servers: [try server.endpoint()]))
    let addresses = Topology.default.routers.flatMap(\.node.addresses.all)
    for address in addresses { origins.request(address) }
    #expect(origins.wakeAt != nil)
    try settle(origins, server, addresses)
    let first = try #require(IPAddress("198.18.1.1"))
    #expect(words(origins, first) == "[64496] 198.18.0.0/22 ISP-TEST")
    #expect(origins.country(of: first) == "ZZ")
    let exchange = try #require(IPAddress("198.18.6.1"))
    #expect(words(origins, exchange) == "unannounced" && origins.country(of: exchange) == nil)
    let transit = try #require(IPAddress("2001:db8:9::1"))
    #expect(words(origins, transit) == "[64500] 2001:db8:8::/47 TRANSIT6-TEST")
    // 22 addresses, each in a /24 or /48 of its own, and four names.
    #expect(server.queries == 26 && origins.wakeAt == nil)
  }

  @Test("a server that does not listen leaves the next one to answer")
  func refusal() throws {
    let server = try LoopbackServer()
    // A port that somebody has, and nobody reads or answers with a socket of the other address.
    let closed = try LoopbackServer().endpoint()
    let origins = try HostOrigins(
      table: nil, resolver: .init(servers: [closed, try server.endpoint()]))
    let address = try #require(IPAddress("198.18.1.1"))
    origins.request(address)
    try settle(origins, server, [address])
    #expect(words(origins, address) == "[64496] 198.18.0.0/22 ISP-TEST")
  }

  @Test("what the table has is not asked for, and without a resolver nothing is")
  func table() throws {
    var reader = OriginTableReader(named: "x")
    try reader.take("198.18.1.0/24 64510 MINE\n".utf8.span)
    let table = try reader.finish()
    let server = try LoopbackServer()
    let origins = try HostOrigins(table: table, resolver: .init(servers: [try server.endpoint()]))
    let (mine, other) = (
      try #require(IPAddress("198.18.1.1")), try #require(IPAddress("198.18.2.1"))
    )
    for address in [mine, other, mine] { origins.request(address) }
    #expect(words(origins, mine) == "[64510] 198.18.1.0/24 MINE")
    try settle(origins, server, [mine, other])
    #expect(words(origins, other) == "[64496] 198.18.0.0/22 ISP-TEST" && server.queries == 2)

    let quiet = try HostOrigins(table: table, resolver: nil)
    quiet.request(other)
    quiet.update()
    #expect(quiet.wakeAt == nil && quiet.isSettled(other))
    #expect(words(quiet, other) == "unannounced" && words(quiet, mine).hasPrefix("[64510]"))
  }
}
