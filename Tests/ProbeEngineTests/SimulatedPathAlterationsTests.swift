import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// What is found on simulated paths is what their lab files say, and nothing else.
@Suite("What simulated paths do to probes")
struct SimulatedPathAlterationsTests {
  /// What a trace of so many hops finds, with probes whose every octet is known.
  private func trace(
    _ topology: Topology, _ family: IPFamily, isTCP: Bool, hops: Int = 12
  ) throws -> PathAlterations {
    var found: [QuotingHop] = []
    for distance in 1...hops {
      let probe = try probe(topology, family, isTCP: isTCP, timeToLive: UInt8(distance))
      found.append(try answer(to: probe, topology, family, at: distance))
    }
    return PathAlterations(hops: found)
  }

  private func probe(
    _ topology: Topology, _ family: IPFamily, isTCP: Bool, timeToLive: UInt8
  ) throws -> SentDatagram {
    let source = try #require(topology.client.addresses[family])
    let target = try #require(topology.site.addresses[family])
    let message =
      isTCP ? try segment(from: source, to: target) : try datagram(from: source, to: target)
    let envelope = IPEnvelope(
      from: source, to: target, carrying: isTCP ? .tcp : .udp, timeToLive: timeToLive,
      trafficClass: 0xb9, dontFragment: true)
    let octets = try envelope.packet(message.span)
    return SentDatagram(octets: octets)
  }

  private func segment(from source: IPAddress, to target: IPAddress) throws -> [UInt8] {
    var header = TCPHeader(from: 40_000, to: 80, flags: .syn)
    header.options = try #require(OptionOctets(padding: [2, 4, 5, 0xb4]))
    let nothing: [UInt8] = []
    header.fill(payload: nothing.span, from: source, to: target)
    return [UInt8](capacity: header.length) { header.write(to: &$0) }
  }

  private func datagram(from source: IPAddress, to target: IPAddress) throws -> [UInt8] {
    let data = [UInt8](repeating: 0x5a, count: 40)
    var header = UDPHeader(from: 40_000, to: 33_434)
    try header.fill(payload: data.span, from: source, to: target)
    return [UInt8](capacity: 48) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  /// What comes of a probe. A router may quote less than an IPv6 header.
  private func answer(
    to probe: SentDatagram, _ topology: Topology, _ family: IPFamily, at distance: Int
  ) throws -> QuotingHop {
    var internet = SimulatedInternet(topology: topology)
    for tick in 0..<60 {
      let now = MonotonicInstant(nanoseconds: Int64(tick) * 5_000_000)
      let event =
        tick == 0 ? SimulatedInternet.Event.packet(probe.octets, from: .client) : .timer
      for case .deliver(let octets, .client, _) in internet.step(event, at: now) {
        let isV4 = family == .v4
        let seen = isV4 ? octets : Array(octets.dropFirst(IPv6Header.length))
        guard
          let detail = ICMPErrorDetail(
            seen.span, framing: isV4 ? .packet : .message, family: family)
        else { continue }
        let alteration = try? ProbeAlteration(
          sent: probe, quotation: seen.span.extracting(detail.quotation),
          isTimeExceeded: detail.isTimeExceeded)
        return QuotingHop(
          distance: distance, hasAnswered: true, alterations: alteration.map { [$0] } ?? [])
      }
    }
    return QuotingHop(distance: distance, alterations: [])
  }

  /// "ecn ecnBleached 1>2".
  private func words(_ found: PathAlterations) -> [String] {
    found.all.map { "\($0.field) \($0.change) \($0.cause) \($0.place.after)>\($0.place.before)" }
  }

  @Test(
    "the built-in labs",
    arguments: [
      ("straight", []), ("diamond", []), ("silent-middle", []), ("mpls", []), ("rude", []),
      // Its own addresses are put back in what errors quote (RFC 3022 §4.3), and checksums with them.
      ("home", []), ("carrier", []),
      (
        "bleach",
        ["ecn ecnBleached path 1>2", "dscp dscpRemarked pathOrQuotation 2>3"]
      ),
    ], IPFamily.allCases)
  func gallery(lab: (name: String, expected: [String]), family: IPFamily) throws {
    let entry = try #require(TopologyGallery.entry(named: lab.name))
    // A SYN is answered by the site, and not quoted: what the last router does nobody sees.
    #expect(words(try trace(entry.topology, family, isTCP: true)) == lab.expected)
  }

  @Test("datagrams are quoted by the site too", arguments: IPFamily.allCases)
  func datagrams(family: IPFamily) throws {
    let entry = try #require(TopologyGallery.entry(named: "bleach"))
    let found = try trace(entry.topology, family, isTCP: false)
    if family == .v4 { #expect(found.hops.count >= 3) }
    let expected = ["ecn ecnBleached path 1>2", "dscp dscpRemarked"]
    #expect(words(found).count == 2 && words(found)[0] == expected[0])
    #expect(words(found)[1].hasPrefix(expected[1]))
  }

  @Test("silent and short hops, a clamped MSS", arguments: IPFamily.allCases)
  func path(family: IPFamily) throws {
    let topology = try Topology(
      parsing: """
        client me.test 198.18.0.2 2001:db8::2
        path 1
        router a.test 198.18.2.1 2001:db8:2::1 dscp 10
        router b.test 198.18.3.1 2001:db8:3::1 silent
        router c.test 198.18.4.1 2001:db8:4::1 mss 1300
        router d.test 198.18.5.1 2001:db8:5::1 quote 28
        path 3
        router e.test 198.18.9.1 2001:db8:9::1 bleach
        path 2
        site www.test 203.0.113.80 2001:db8:cb::80
        """)
    let found = try trace(topology, family, isTCP: true)
    #expect(
      words(found) == [
        "dscp dscpRemarked path 2>4", "tcpOptions segmentSizeClamped path 4>6",
        "ecn ecnBleached path 9>10",
      ])
    let dscp = found.all[0].place
    #expect(dscp.silent == [3] && dscp.untold.isEmpty)
    #expect(found.all[1].place.untold == [5] && found.all[1].hops == [6, 7, 8, 9, 10, 11])
    #expect(found.ofQuotations.isEmpty && !found.showsTranslation)
  }
}
