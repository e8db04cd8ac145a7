import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

/// A search whose probes cross a simulated internet in virtual time.
private struct SimulatedSearch {
  let family: IPFamily
  let target: IPAddress
  let source: IPAddress
  let request: EchoRequest
  /// The client's own link, in octets.
  var ownLink = 65_535
  /// What a router's "too big" is made to say before it comes in.
  var lie: Int?
  var steps: [MTUStep] = []
  private var search: MTUSearch
  private var network: VirtualNetwork

  init(_ text: String, _ family: IPFamily) throws {
    let topology = try Topology(parsing: text)
    self.family = family
    target = try #require(topology.site.addresses[family])
    source = try #require(topology.client.addresses[family])
    request = EchoRequest(
      family: family, identifier: 77, payloadLength: 65_487, cookies: KeyedCookie(key: 5, 6))
    search = MTUSearch(target, request)
    network = VirtualNetwork(topology: topology)
  }

  mutating func run() throws -> MTUResult {
    var network = network
    network.run(until: MonotonicInstant(nanoseconds: 600_000_000_000)) { take($0, at: $1) }
    return try #require(search.result)
  }

  private mutating func take(
    _ event: VirtualNetwork.ClientEvent, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    switch event {
    case .start: return step(.start, at: now)
    case .timer: return step(.timer, at: now)
    case .received(let packet):
      let arrival = SocketPacket(packet).flatMap {
        request.decode(
          $0.octets.span, framing: $0.framing, fields: ArrivalFields(source: $0.source))
      }
      guard let arrival else { return [] }
      return step(.arrived(changed(arrival)), at: now)
    }
  }

  private func changed(_ arrival: EchoArrival) -> EchoArrival {
    guard let lie, case .error(let sequence, let target, var error) = arrival else {
      return arrival
    }
    error.detail = UInt32(lie)
    return .error(sequenceNumber: sequence, target: target, error)
  }

  private mutating func step(
    _ event: MTUSearch.Event, at now: MonotonicInstant
  ) -> [VirtualNetwork.ClientEffect] {
    var effects = MTUSearch.Effects()
    search.step(event, at: now, &effects)
    var result: [VirtualNetwork.ClientEffect] = []
    while let (serial, length) = effects.send {
      effects.send = nil
      if length > ownLink {
        search.step(.sendFailed(serial: serial, isTooLong: true), at: now, &effects)
      } else if let packet = packet(serial, length) {
        result.append(.send(packet))
      }
    }
    steps += effects.steps
    if search.result != nil { return [.finish] }
    if let wake = search.wakeAt { result.append(.wake(at: wake)) }
    return result
  }

  private func packet(_ serial: UInt64, _ length: Int) -> [UInt8]? {
    var message: [UInt8] = []
    request.write(
      serial: serial, length: length - MTUSearch.headerLength(family),
      pseudoHeader: (source, target), into: &message)
    let header = ProbePacket(
      from: source, to: target, carrying: family == .v4 ? .icmp : .icmpv6, timeToLive: 64)
    guard var octets = try? header.octets(payload: message.span) else { return nil }
    if family == .v4 {
      // Don't fragment, and the header's checksum again.
      octets[6] |= 0x40
      (octets[10], octets[11]) = (0, 0)
      var sum = InternetChecksum()
      sum.add(octets.span.extracting(first: 20))
      (octets[10], octets[11]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    }
    return octets
  }
}

@Suite("The search for the path MTU")
struct MTUSearchTests {
  private static func lab(_ links: String, behind: String = "") -> String {
    """
    client a.test 198.18.0.2 2001:db8::2
    router r1.test 198.18.1.1 2001:db8:1::1 delay 3ms
    router r2.test 198.18.2.1 2001:db8:2::1 delay 2ms \(links)
    router r3.test 198.18.3.1 2001:db8:3::1 delay 2ms \(behind)
    site b.test 203.0.113.80 2001:db8:cb::80
    """
  }

  private static let mtus = [
    1280, 1281, 1299, 1400, 1401, 1473, 1492, 1499, 1500, 1501, 4000, 9000,
  ]

  @Test("narrow links are found with the routers' help", arguments: mtus, IPFamily.allCases)
  func narrow(mtu: Int, family: IPFamily) throws {
    var search = try SimulatedSearch(Self.lab("mtu \(mtu)"), family)
    let result = try search.run()
    #expect(result.passing == mtu && result.failing == mtu + 1 && result.isExact)
    #expect(result.limit == .router && result.misleading == [])
    #expect(result.probes <= 8, "\(search.steps)")
  }

  @Test("and without it, told as black holes", arguments: mtus, IPFamily.allCases)
  func silent(mtu: Int, family: IPFamily) throws {
    let lab = Self.lab("mtu \(mtu)").replacing("delay 3ms", with: "delay 3ms silent")
    var search = try SimulatedSearch(lab, family)
    let result = try search.run()
    #expect(result.passing == mtu && result.failing == mtu + 1 && result.isExact)
    #expect(result.limit == .blackHole)
    #expect(result.probes <= MTUSearch.mostProbes, "\(result.probes): \(search.steps)")
  }

  @Test("links that IPv6 does not know", arguments: [68, 69, 296, 575, 576, 577, 700, 1006])
  func narrowest(mtu: Int) throws {
    for manner in ["", " silent"] {
      let lab = Self.lab("mtu \(mtu)").replacing("delay 3ms", with: "delay 3ms" + manner)
      var search = try SimulatedSearch(lab, .v4)
      let result = try search.run()
      #expect(result.passing == mtu && result.isExact, "\(manner) \(search.steps)")
    }
  }

  @Test("each next narrower link is found")
  func narrower() throws {
    var search = try SimulatedSearch(Self.lab("mtu 1492", behind: "mtu 1350"), .v4)
    let result = try search.run()
    #expect(result.passing == 1350 && result.limit == .router && result.misleading == [])
    #expect(result.probes <= 8)
  }

  @Test(
    "routers that name another size change nothing but the number of probes",
    arguments: [0, 1, 68, 600, 1399, 1401, 1450, 65_535])
  func lies(lie: Int) throws {
    var search = try SimulatedSearch(Self.lab("mtu 1400"), .v4)
    search.lie = lie
    let result = try search.run()
    #expect(result.passing == 1400 && result.failing == 1401 && result.isExact)
    #expect(result.limit == .router)
    #expect(result.misleading.count == (lie > 0 && lie < 1400 ? 1 : 0))
    #expect(result.probes <= MTUSearch.mostProbes)
  }

  @Test("this host's own link", arguments: [1280, 1500, 9000, 65_535])
  func ownLink(mtu: Int) throws {
    for family in IPFamily.allCases {
      var search = try SimulatedSearch(Self.lab(""), family)
      search.ownLink = mtu
      let result = try search.run()
      let longest = 65_487 + MTUSearch.headerLength(family)
      #expect(result.passing == min(mtu, longest))
      #expect(result.limit == (mtu < longest ? .ownLink : MTUResult.Limit.none))
      #expect(result.isExact)
    }
  }

  @Test("lost probes are tried again", arguments: 1...20 as ClosedRange<Int>)
  func losses(seed: Int) throws {
    let lab = "seed \(seed)\n" + Self.lab("mtu 1400", behind: "loss 3%")
    var search = try SimulatedSearch(lab, .v4)
    let result = try search.run()
    #expect(result.passing == 1400 && result.isExact)
  }

  /// A reply with the right numbers and length from somebody who does not know the key.
  private static func guess(_ serial: Int, _ length: Int, from target: IPAddress) -> EchoArrival? {
    let stranger = EchoRequest(
      family: .v4, identifier: 7, payloadLength: 1_000, cookies: KeyedCookie(key: 3, 4))
    var message: [UInt8] = []
    stranger.write(serial: UInt64(serial), length: length - 28, into: &message)
    (message[0], message[2], message[3]) = (0, 0, 0)
    var sum = InternetChecksum()
    sum.add(message.span)
    (message[2], message[3]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    return stranger.decode(
      message.span, framing: .message, fields: ArrivalFields(source: target))
  }

  @Test("nobody there, and nothing believed of others")
  func nobody() throws {
    let request = EchoRequest(
      family: .v4, identifier: 7, payloadLength: 1_000, cookies: KeyedCookie(key: 1, 2))
    let target = IPAddress.v4(IPv4Address(192, 0, 2, 9))
    var search = MTUSearch(target, request)
    var effects = MTUSearch.Effects()
    var now = MonotonicInstant(nanoseconds: 0)
    var sent: [Int] = []
    search.step(.start, at: now, &effects)
    while search.result == nil {
      if let send = effects.send { sent.append(send.packetLength) }
      effects.send = nil
      // Of another target, of another kind, and with another cookie.
      let forged = ICMPErrorReport(family: .v4, type: 3, code: 4, source: target, detail: 500)
      for arrival: EchoArrival in [
        .error(sequenceNumber: UInt16(sent.count), target: .v4(.loopback), forged),
        .error(sequenceNumber: UInt16(sent.count) &- 9, target: target, forged),
        .error(
          sequenceNumber: UInt16(sent.count), target: target,
          ICMPErrorReport(family: .v4, type: 11, code: 0, source: target)),
      ] {
        search.step(.arrived(arrival), at: now, &effects)
      }
      let reply = try #require(Self.guess(sent.count, sent.last ?? 0, from: target))
      search.step(.arrived(reply), at: now, &effects)
      now = try #require(search.wakeAt)
      search.step(.timer, at: now, &effects)
    }
    #expect(sent == [576, 576, 576, 68, 68, 68])
    #expect(search.result?.passing == nil && search.result?.isExact == false)
    #expect(now == MonotonicInstant(nanoseconds: 6_000_000_000))
  }
}
