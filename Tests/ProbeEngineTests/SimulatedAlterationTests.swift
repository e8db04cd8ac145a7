import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// What the routers of a simulated internet do to probes is found in their errors, and nothing else.
@Suite("Alterations on simulated paths")
struct SimulatedAlterationTests {
  /// Three routers; the change is made by the first one, and seen from the second.
  private func answer(
    to probe: SentDatagram, _ family: IPFamily, _ change: (inout Topology) -> Void
  ) throws -> (detail: ICMPErrorDetail, alteration: ProbeAlteration) {
    var topology = SimulatedTopology(seed: 4).topology
    try #require(topology.routers.count >= 3)
    change(&topology)
    var internet = SimulatedInternet(topology: topology)
    for tick in 0..<2_000 {
      let now = MonotonicInstant(nanoseconds: Int64(tick) * 5_000_000)
      let event =
        tick == 0 ? SimulatedInternet.Event.packet(probe.octets, from: .client) : .timer
      for case .deliver(let octets, .client, _) in internet.step(event, at: now) {
        let isV4 = family == .v4
        let seen = isV4 ? octets : Array(octets.dropFirst(IPv6Header.length))
        let error = ICMPErrorDetail(seen.span, framing: isV4 ? .packet : .message, family: family)
        let detail = try #require(error)
        let alteration = try ProbeAlteration(
          sent: probe, quotation: seen.span.extracting(detail.quotation),
          isTimeExceeded: detail.isTimeExceeded)
        return (detail, alteration)
      }
    }
    throw NoAnswer()
  }

  private struct NoAnswer: Error {}

  /// An echo request over that path.
  private func probe(
    _ family: IPFamily, timeToLive: UInt8 = 2, payloadLength: Int = 200
  ) throws -> SentDatagram {
    let topology = SimulatedTopology(seed: 4).topology
    let target = try #require(topology.site.addresses[family])
    let source = try #require(topology.client.addresses[family])
    let data = [UInt8](repeating: 0x5a, count: payloadLength)
    let message = [UInt8](capacity: 8 + payloadLength) { out in
      if case (.v6(let source), .v6(let target)) = (source, target) {
        var header = ICMPv6Header(.echoRequest, identifier: 0x4321, sequenceNumber: 5)
        header.fill(payload: data.span, from: source, to: target)
        header.write(to: &out)
      } else {
        var header = ICMPv4Header(.echoRequest, identifier: 0x4321, sequenceNumber: 5)
        header.fill(payload: data.span)
        header.write(to: &out)
      }
      out.append(copying: data.span)
    }
    let envelope = IPEnvelope(
      from: source, to: target, carrying: family == .v4 ? .icmp : .icmpv6,
      timeToLive: timeToLive, trafficClass: 0xba, dontFragment: true)
    return SentDatagram(octets: try envelope.packet(message.span))
  }

  @Test("nothing is found where nothing is done", arguments: IPFamily.allCases)
  func faithful(family: IPFamily) throws {
    let (detail, alteration) = try answer(to: try probe(family), family) { _ in }
    #expect(alteration.changes.isEmpty && alteration.hopsLeft == .asArrived)
    #expect(detail.isTimeExceeded && detail.extensions == nil && detail.quotedCount > 200)
  }

  @Test("a remarked code point and bleached ECN", arguments: IPFamily.allCases)
  func trafficClass(family: IPFamily) throws {
    let (_, alteration) = try answer(to: try probe(family), family) {
      $0.routers[0].edits.dscp = 10
      $0.routers[0].edits.bleachesECN = true
    }
    #expect(alteration.changes.map(\.field) == [.dscp, .ecn])
    #expect(alteration.changes.map(\.change) == [.dscpRemarked, .ecnBleached])
    #expect(alteration[.dscp]?.quoted == .number(10))
  }

  @Test("short quotations", arguments: [28, 48])
  func quotation(limit: Int) throws {
    let (detail, alteration) = try answer(to: try probe(.v4), .v4) {
      $0.routers[1].manners.quotedLength = limit
    }
    #expect(detail.quotedCount == limit && detail.originalCount == 228)
    #expect(alteration.changes.isEmpty)
  }

  @Test("labels and interfaces", arguments: IPFamily.allCases)
  func extensions(family: IPFamily) throws {
    let (detail, alteration) = try answer(to: try probe(family), family) {
      $0.routers[1].manners.labels = [24_001, 17]
      $0.routers[1].manners.interfaceName = "ge-0"
      $0.routers[0].edits.dscp = 0
    }
    let extensions = try #require(detail.extensions)
    #expect(extensions.labels.map(\.label) == [24_001, 17])
    #expect(extensions.isChecksumRight == true && extensions.problem == nil)
    #expect(extensions.interfaces.first?.name == Array("ge-0".utf8))
    #expect(extensions.interfaces.first?.information.address?.family == family)
    #expect(alteration.changes.map(\.change) == [.dscpBleached])
  }

  @Test("a path that takes less", arguments: IPFamily.allCases)
  func mtu(family: IPFamily) throws {
    let probe = try probe(family, timeToLive: 64, payloadLength: 1_400)
    let (detail, alteration) = try answer(to: probe, family) {
      $0.routers[2].link.outward.mtu = 1_300
    }
    #expect(detail.nextHopMTU == 1_300 && !detail.isTimeExceeded)
    #expect(alteration.changes.isEmpty && alteration.hopsLeft == .taken(1))
  }

  @Test("a translator puts back what errors quote, so that nothing is seen of it (RFC 3022 §4.3)")
  func translator() throws {
    let (_, alteration) = try answer(to: try probe(.v4), .v4) {
      $0.routers[0].translates = true
    }
    #expect(alteration.changes.isEmpty)
    #expect(alteration[.icmpChecksum]?.finding == .same)
  }
}
