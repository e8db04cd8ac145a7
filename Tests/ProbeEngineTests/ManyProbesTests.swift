import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeEngine

@Suite("whose probe a packet is about, of many targets")
struct ManyProbesTests {
  private static let source = IPAddress.v4(IPv4Address(192, 0, 2, 1))
  private static let router = IPAddress.v4(IPv4Address(10, 0, 0, 9))

  /// So many probes to so many targets in turn.
  private func probes(
    _ count: Int, targets: Int = 3,
    _ method: TraceMethod = .udp(sourcePort: 40_000, destinationPort: 33_434)
  ) -> (ManyProbes, TraceLedger) {
    var probes = ManyProbes(.v4)
    for target in 0..<targets {
      probes[target] = TraceProbe(
        target: ScriptedMany.target(target), source: Self.source, method: method,
        packetLength: 60, cookies: KeyedCookie(key: 5, 6))
    }
    var ledger = TraceLedger()
    for number in 0..<count {
      _ = ledger.add(
        timeToLive: 3, target: number % targets, at: MonotonicInstant(nanoseconds: 1))
    }
    return (probes, ledger)
  }

  /// An error of a router that quotes so many octets behind the IP header.
  private func error(about packet: [UInt8], quoting count: Int) -> [UInt8] {
    let quoted = Array(packet.prefix(20 + count))
    var header = ICMPv4Header(.timeExceeded, code: 0)
    header.fill(payload: quoted.span)
    let message = [UInt8](capacity: 8 + quoted.count) { out in
      header.write(to: &out)
      out.append(copying: quoted.span)
    }
    let answer = ProbePacket(from: Self.router, to: Self.source, carrying: .icmp, timeToLive: 60)
    return (try? answer.octets(payload: message.span)) ?? []
  }

  private func number(
    _ probes: ManyProbes, _ ledger: TraceLedger, _ packet: [UInt8]
  ) -> Int? {
    probes.decode(
      packet.span, framing: .packet, fields: ArrivalFields(source: Self.source), ledger: ledger)?
      .number
  }

  @Test(
    "each probe is found by what a router quotes, whole or eight octets",
    arguments: [
      TraceMethod.udp(sourcePort: 40_000, destinationPort: 33_434), .icmp(identifier: 9),
      .tcp(sourcePort: 61_001, destinationPort: 80),
    ])
  func found(method: TraceMethod) throws {
    let (probes, ledger) = probes(40, method)
    for number in 0..<40 {
      let request = try #require(ledger[number]?.request)
      let packet = try #require(try probes[request.target]?.packet(of: request))
      for count in [8, 40] {
        #expect(self.number(probes, ledger, error(about: packet, quoting: count)) == number)
      }
    }
  }

  @Test("a number that comes again is the later probe's, and never another target's")
  func again() throws {
    // 65 535 is no multiple of 4: the two probes of a number are for two targets.
    var (probes, ledger) = probes(65_545, targets: 4)
    let old = try #require(ledger[7]?.request)
    let new = try #require(ledger[7 + 65_535]?.request)
    #expect(TraceLedger.wireNumber(7) == TraceLedger.wireNumber(new.number))
    #expect(old.target != new.target)
    let packets = try [old, new].map { try #require(try probes[$0.target]?.packet(of: $0)) }
    for count in [8, 40] {
      let found = packets.map { number(probes, ledger, error(about: $0, quoting: count)) }
      #expect(found == [nil, new.number])
    }
    // A target that is done has no probes any more.
    probes[new.target] = nil
    #expect(number(probes, ledger, error(about: packets[1], quoting: 40)) == nil)
  }

  @Test("a cookie that is not ours, or another target's packet, is nobody's")
  func forged() throws {
    let (probes, ledger) = probes(10)
    let request = try #require(ledger[4]?.request)
    let packet = try #require(try probes[request.target]?.packet(of: request))
    var forged = packet
    forged[28] ^= 1
    #expect(number(probes, ledger, error(about: forged, quoting: 40)) == nil)
    var other = packet
    other[19] ^= 64
    #expect(number(probes, ledger, error(about: other, quoting: 8)) == nil)
    // Translated on the way, and proven by its cookie.
    #expect(number(probes, ledger, error(about: other, quoting: 40)) == 4)
    for count in 0..<packet.count {
      _ = number(probes, ledger, Array(error(about: packet, quoting: 40).prefix(count)))
    }
  }

  @Test("whatever comes instead of an answer, it is read or left alone", arguments: 0..<4)
  func anything(seed: Int) throws {
    var random = SeededRNG(seed: UInt64(seed))
    let methods: [TraceMethod] = [
      .udp(sourcePort: 40_000, destinationPort: 33_434), .icmp(identifier: 9),
      .tcp(sourcePort: 61_001, destinationPort: 80),
    ]
    let (probes, ledger) = probes(10, methods[seed % 3])
    let request = try #require(ledger[4]?.request)
    let genuine = error(
      about: try #require(try probes[request.target]?.packet(of: request)), quoting: 40)
    for _ in 0..<3_000 {
      var packet = genuine
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        packet[Int.random(in: 0..<packet.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      packet.removeLast(Int.random(in: 0...packet.count, using: &random))
      let fields = ArrivalFields(source: Self.router)
      for framing in [ArrivalFraming.packet, .message] {
        _ = probes.decode(packet.span, framing: framing, fields: fields, ledger: ledger)
        _ = probes.decode(answer: packet.span, framing: framing, fields: fields, ledger: ledger)
      }
      _ = probes.decode(datagram: packet.span, fields: fields, ledger: ledger)
    }
  }

  @Test("an error queue's port or sequence number counts with the target it names")
  func queued() throws {
    let error = ICMPErrorReport(family: .v4, type: 11, code: 0, source: Self.router)
    let method = TraceMethod.udpRisingPort(first: 33_434)
    let (raw, ledger) = probes(10, method)
    var probes = ManyProbes(.v4, risingPort: 33_434)
    for target in 0..<3 { probes[target] = raw[target] }
    let octets: [UInt8] = []
    let found = (0..<3).map { target in
      probes.decode(
        queued: octets.span, destination: ScriptedMany.target(target), port: 33_434 + 4,
        error: error, ledger: ledger)?.number
    }
    #expect(found == [nil, 4, nil])
    let echo = self.probes(10, .icmp(identifier: 77))
    let request = try #require(echo.1[5]?.request)
    let message = try #require(try echo.0[request.target]?.message(of: request))
    let echoes = (0..<3).map { target in
      echo.0.decode(
        queued: message.span, destination: ScriptedMany.target(target), port: 0, error: error,
        ledger: echo.1)?.number
    }
    #expect(echoes == [nil, nil, 5])
  }
}
