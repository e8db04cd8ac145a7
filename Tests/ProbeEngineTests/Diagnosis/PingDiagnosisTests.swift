import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("Diagnosis of a target that stops answering")
struct PingDiagnosisTests {
  /// Nine hops; after five seconds the way behind the fourth hop is another one.
  private func topology(bad: String, rest: String = "") throws -> Topology {
    try Topology(
      parsing: """
        client   laptop  198.18.0.2  2001:db8::2
        router   edge    198.18.1.1  2001:db8:1::1  delay 1ms \(rest)
        path     2       delay 1ms \(rest)
        router   fork    198.18.4.1  2001:db8:4::1  balance flap:5s delay 1ms
        path     3 as good behind fork delay 1ms
        path     3 as bad behind fork delay 1ms \(bad)
        router   last    198.18.8.1  2001:db8:8::1  behind good bad
        site     www     203.0.113.80  2001:db8:cb::80  delay 1ms
        """)
  }

  @Test(
    "the hop behind which answers stop, with few probes of the flow", arguments: IPFamily.allCases)
  func silence(family: IPFamily) throws {
    let drop = family == .v4 ? "drop icmp/none" : "drop icmp6/none"
    var ping = try DiagnosedPing(through: try topology(bad: drop), family, count: 10)
    ping.run()
    try #require(ping.results.count == 1)
    let found = ping.results[0].result
    #expect(found.finding == .silence && found.silentFrom == 6 && found.expectedHop == 9)
    #expect(found.hops.map(\.timeToLive) == [1, 2, 3, 4, 5])
    #expect(found.hops.last?.address == IPAddress(family == .v4 ? "198.18.5.2" : "2001:db8:5::2"))
    #expect(found.hops.allSatisfy { $0.error?.isTimeExceeded == true })
    #expect(found.hops.map(\.roundTrip) == (1...5).map { Nanoseconds.milliseconds(2 * $0) })
    // Five answered, and four were asked twice. The router that drops them says when hops are used up.
    #expect(found.probeCount == 13 && ping.messages.count == 13)
    // Long before the first probe is given up, and while the way is still the bad one.
    #expect(ping.results[0].at < MonotonicInstant(nanoseconds: 0) + .milliseconds(12_500))
    // What the session says is what it would have said without.
    let total = ping.session.total
    #expect(total.transmitted == 10 && total.received == 5)
    #expect(total.errors == 0 && total.rejected == 0 && total.duplicates == 0 && total.late == 0)
    #expect(!ping.reports.contains { if case .error = $0 { true } else { false } })
    #expect(Set(ping.messages.map { $0.octets[2..<4] }).count == 1)
    #expect(ping.messages[0].octets[2..<6] == ping.sessionMessages[0][2..<6])
    let numbers = Set(ping.messages.map { $0.octets[6..<16] })
    #expect(
      numbers.count == 13 && numbers.isDisjoint(with: ping.sessionMessages.map { $0[6..<16] }))
    for (one, next) in zip(ping.messages, ping.messages.dropFirst()) {
      #expect(next.at - one.at >= .milliseconds(50))
    }
  }

  @Test("a hop that says why is the last one that is asked about")
  func refusal() throws {
    var ping = try DiagnosedPing(through: try topology(bad: "prohibit icmp/none"), count: 10)
    ping.run()
    let found = try #require(ping.results.first?.result)
    #expect(found.finding == .refusal && found.silentFrom == nil)
    #expect(found.hops.last?.address == IPAddress("198.18.5.2"))
    #expect(found.hops.last?.error?.type == 3 && found.hops.last?.error?.code == 13)
    #expect(ping.session.total.errors == 5)
  }

  @Test("routers that never answer are not taken for the end")
  func silentRouters() throws {
    let text = """
      client   laptop  198.18.0.2
      router   edge    198.18.1.1  balance flap:10s
      path     2 as a  behind edge silent
      path     1 as b  behind a
      path     4 as c  behind edge silent
      path     2 as d  behind c
      router   wall    198.18.8.1  behind d drop icmp/none
      router   last    198.18.9.1  behind b wall
      site     www     203.0.113.80
      """
    var ping = try DiagnosedPing(
      through: try Topology(parsing: text), count: 19, timeout: .seconds(3))
    ping.run()
    let found = try #require(ping.results.first?.result)
    // Of the old way, which was shorter, five hops are known: the four silent ones are looked behind.
    #expect(found.expectedHop == 6)
    #expect(found.finding == .silence && found.hops.map(\.timeToLive) == [1, 6, 7, 8])
    #expect(found.silentFrom == 9 && found.probeCount <= PingDiagnosis.budget)
  }

  @Test("a target that answers is left alone, whatever is lost now and then")
  func noBurst() throws {
    let text = """
      client   laptop  198.18.0.2
      path     6 loss 0.3% delay 2ms jitter 1ms
      site     www     203.0.113.80
      """
    var ping = try DiagnosedPing(through: try Topology(parsing: text), count: 400)
    ping.run()
    #expect(ping.session.total.received < 396)
    #expect(ping.results.isEmpty && ping.messages.isEmpty)
  }

  @Test("who never answered is looked for too, with 30 probes at the most")
  func budget() throws {
    let text = """
      client   laptop  198.18.0.2
      path     40
      site     www     203.0.113.80
      """
    var topology = try Topology(parsing: text)
    topology.routers[35].firewall = try Topology(
      parsing: text.replacing("path     40", with: "path 1 drop icmp/none")
    ).routers[0].firewall
    var ping = try DiagnosedPing(through: topology, count: 200, timeout: .seconds(1))
    ping.run()
    // Once, however long it lasts.
    #expect(ping.results.count == 1)
    let found = try #require(ping.results.first?.result)
    #expect(found.probeCount == 30 && ping.messages.count == 30 && found.expectedHop == nil)
    #expect(found.hops.count == 30 && found.silentFrom == 31)
  }

  @Test("outages one after the other are looked into half a minute apart")
  func rateCap() throws {
    var ping = try DiagnosedPing(
      through: try topology(bad: "drop icmp/none"), count: 100, timeout: .seconds(1))
    ping.run()
    #expect(ping.results.count >= 3)
    #expect(ping.session.total.errors == 0 && ping.session.total.rejected == 0)
    for (one, next) in zip(ping.results, ping.results.dropFirst()) {
      #expect(next.at - one.at >= .seconds(25))
    }
    let seconds = ping.messages.map { $0.at.nanoseconds / 1_000_000_000 }
    let bursts = seconds.indices.filter { $0 == 0 || seconds[$0] - seconds[$0 - 1] > 10 }
    for (one, next) in zip(bursts, bursts.dropFirst()) {
      #expect(ping.messages[next].at - ping.messages[one].at >= PingDiagnosis.leastInterval)
    }
  }

  @Test("in any weather what is said is true", arguments: 1...150 as ClosedRange<UInt64>)
  func anyPath(seed: UInt64) throws {
    var path = SimulatedTopology(
      seed: seed, SimulatedTopology.Weather(loss: 20_000, hasSilentRouters: true))
    var random = SeededRNG(seed: seed)
    let wall = Int.random(in: 0..<path.topology.routers.count, using: &random)
    path.topology.routers[wall].firewall = try Topology(
      parsing: """
        client a 198.18.0.2
        router b 198.18.1.1 drop all/none
        site c 203.0.113.80
        """
    ).routers[0].firewall
    let family: IPFamily = seed.isMultiple(of: 2) ? .v4 : .v6
    var ping = try DiagnosedPing(through: path.topology, family, count: 5, timeout: .seconds(4))
    ping.run()
    try #require(ping.results.count == 1)
    let found = ping.results[0].result
    #expect(found.finding == .silence && found.probeCount <= PingDiagnosis.budget)
    #expect(found.probeCount == ping.messages.count)
    for hop in found.hops {
      #expect(hop.timeToLive <= wall + 1 && !path.isSilent(at: Int(hop.timeToLive)))
      #expect(hop.address == path.address(at: Int(hop.timeToLive), family))
    }
    #expect(ping.session.total.errors == 0 && ping.session.total.rejected == 0)
  }
}
