import PacketText
import PacketWire
import Testing

@testable import PingCommand
@testable import ProbeEngine
import ProbeShell
@testable import TracerouteCommand

@Suite("ICMP errors in the words of ping and the marks of traceroute")
struct ICMPTextTests {
  @Test(
    arguments: [
      (0, "Destination Net Unreachable", "!N"), (1, "Destination Host Unreachable", "!H"),
      (2, "Destination Protocol Unreachable", "!P"), (3, "Destination Port Unreachable", nil),
      (4, "Frag needed and DF set (mtu = 1300)", "!F-1300"), (5, "Source Route Failed", "!S"),
      (6, "Destination Net Unknown", "!N"), (7, "Destination Host Unknown", "!H"),
      (8, "Source Host Isolated", "!N"), (9, "Destination Net Prohibited", "!X"),
      (10, "Destination Host Prohibited", "!X"),
      (11, "Destination Net Unreachable for Type of Service", "!N"),
      (12, "Destination Host Unreachable for Type of Service", "!H"), (13, "Packet filtered", "!X"),
      (14, "Precedence Violation", "!V"), (15, "Precedence Cutoff", "!C"),
      (16, "Dest Unreachable, Bad Code: 16", "!<16>"),
      (255, "Dest Unreachable, Bad Code: 255", "!<255>"),
    ] as [(UInt8, String, String?)])
  func ipv4Unreachable(code: UInt8, text: String, mark: String?) {
    let error = ICMPErrorReport(family: .v4, type: 3, code: code, source: nil, detail: 0x1_0514)
    #expect(error.iputilsText == text)
    #expect(error.tracerouteMark == mark)
  }

  @Test(
    arguments: [
      (4, 0, "Source Quench", "!<4-0>"),
      (5, 0, "Redirect Network(New nexthop: 198.51.100.7)", "!<5-0>"),
      (5, 1, "Redirect Host(New nexthop: 198.51.100.7)", "!<5-1>"),
      (5, 2, "Redirect Type of Service and Network(New nexthop: 198.51.100.7)", "!<5-2>"),
      (5, 3, "Redirect Type of Service and Host(New nexthop: 198.51.100.7)", "!<5-3>"),
      (5, 4, "Redirect, Bad Code: 4(New nexthop: 198.51.100.7)", "!<5-4>"),
      (11, 0, "Time to live exceeded", nil), (11, 1, "Frag reassembly time exceeded", "!<11-1>"),
      (11, 2, "Time exceeded, Bad Code: 2", "!<11-2>"),
      (12, 0, "Parameter problem: pointer = 198", "!<12-0>"),
      (99, 3, "Bad ICMP type: 99", "!<99-3>"),
    ] as [(UInt8, UInt8, String, String?)])
  func ipv4(type: UInt8, code: UInt8, text: String, mark: String?) {
    let error = ICMPErrorReport(
      family: .v4, type: type, code: code, source: nil, detail: 0xc633_6407)
    #expect(error.iputilsText == text)
    #expect(error.tracerouteMark == mark)
  }

  @Test(
    arguments: [
      (1, 0, "Destination unreachable: No route", "!N"),
      (1, 1, "Destination unreachable: Administratively prohibited", "!X"),
      (1, 2, "Destination unreachable: Beyond scope of source address", "!H"),
      (1, 3, "Destination unreachable: Address unreachable", "!H"),
      (1, 4, "Destination unreachable: Port unreachable", nil),
      (1, 5, "Destination unreachable: Unknown code 5", "!<5>"),
      (2, 0, "Packet too big: mtu=70000", "!F-70000"), (3, 0, "Time exceeded: Hop limit", nil),
      (3, 1, "Time exceeded: Defragmentation failure", "!<3-1>"),
      (3, 2, "Time exceeded: code 2", "!<3-2>"),
      (4, 0, "Parameter problem: Wrong header field at 70000", "!<4-0>"),
      (4, 1, "Parameter problem: Unknown header at 70000", "!P"),
      (4, 2, "Parameter problem: Unknown option at 70000", "!<4-2>"),
      (4, 3, "Parameter problem: code 3 at 70000", "!<4-3>"),
      (100, 9, "unknown icmp type 100", "!<100-9>"),
    ] as [(UInt8, UInt8, String, String?)])
  func ipv6(type: UInt8, code: UInt8, text: String, mark: String?) {
    let error = ICMPErrorReport(family: .v6, type: type, code: code, source: nil, detail: 70_000)
    #expect(error.iputilsText == text)
    #expect(error.tracerouteMark == mark)
  }
}

@Suite("The text of a trace")
struct TracerouteTextTests {
  private static let first = address("198.51.100.1")
  private static let second = address("2001:db8::2")

  private func hop(
    _ outcomes: [TraceOutcome], at timeToLive: Int = 3, names: [IPAddress: String] = [:],
    isNumeric: Bool = false
  ) -> String {
    var output = TracerouteOptions.Output()
    output.isNumeric = isNumeric
    let text = TracerouteText(
      host: "h\u{1b}", target: Self.first, options: output, name: { names[$0] })
    var buffer = TextBuffer()
    buffer.append("before:")
    text.hop(TraceHop(timeToLive: timeToLive, outcomes: outcomes), &buffer)
    return String(buffer.string.dropFirst(7))
  }

  static func outcome(
    _ source: IPAddress, _ nanoseconds: Int64, type: UInt8 = 11, code: UInt8 = 0
  ) -> TraceOutcome {
    var outcome = TraceOutcome.lost
    outcome.roundTrip = RoundTripTime(Nanoseconds(nanoseconds), source: .program)
    let report = ICMPErrorReport(family: .v4, type: type, code: code, source: source)
    outcome.answer = .error(TraceError(report))
    return outcome
  }

  @Test func firstLine() {
    var buffer = TextBuffer()
    TracerouteText(host: "h\u{1b}", target: Self.second, name: { _ in nil })
      .start(maximumTTL: 30, packetLength: 80, &buffer)
    #expect(buffer.string == "traceroute to h\\x1b (2001:db8::2), 30 hops max, 80 byte packets")
  }

  @Test("the MTU stands behind the first time, where it changes")
  func mtu() {
    let answer = Self.outcome(Self.first, 345_499)
    for (change, text) in [
      (nil, ""), (HopMTU.Change(.router, previous: 1_500, after: 2), " F=1400"),
    ] {
      var buffer = TextBuffer()
      TracerouteText(host: "h", target: Self.first, options: .numeric, name: { _ in nil })
        .hop(
          TraceHop(
            timeToLive: 3, outcomes: [.lost, answer, answer], mtu: HopMTU(1_400, change)), &buffer)
      #expect(buffer.string == " 3  * 198.51.100.1  0.345 ms\(text)  0.345 ms")
    }
  }

  @Test("what limits packets, in sentences; a black hole without being asked")
  func limits() {
    let limits: [(MTUResult.Limit, Int?)] = [
      (.ownLink, nil), (.none, nil), (.router, 1_500), (.router, nil), (.blackHole, 1_500),
      (.blackHole, nil),
    ]
    let hops = limits.map { limit, previous in
      let router = limit == .router && previous != nil ? Self.first : nil
      return TraceHop(
        timeToLive: 4, outcomes: [],
        mtu: HopMTU(1_400, .init(limit, router: router, previous: previous, after: 2)))
    }
    let hole =
      " packets of more than 1400 octets vanish and no router says so. Connections that send longer ones hang."
    let holes = [
      "A black hole: between hop 2 and hop 4" + hole, "A black hole: on the way to hop 4" + hole,
    ]
    #expect(HopLimits(hops).sentences(all: false) == holes)
    #expect(
      HopLimits(hops).sentences(all: true) == [
        "This host's own link takes packets of 1400 octets at the most.",
        "Packets of 1400 octets, the longest that were tried, come to hop 4.",
        "Between hop 2 and hop 4 packets may have 1400 octets at the most: 198.51.100.1 says so.",
        "On the way to hop 4 packets may have 1400 octets at the most.",
      ] + holes)
  }

  @Test func oneAddress() {
    let outcomes = [
      Self.outcome(Self.first, 345_499), .lost, Self.outcome(Self.first, 12_345_678),
    ]
    #expect(hop(outcomes) == " 3  198.51.100.1 (198.51.100.1)  0.345 ms *  12.346 ms")
    #expect(
      hop(outcomes, at: 12, names: [Self.first: "r"])
        == "12  r (198.51.100.1)  0.345 ms *  12.346 ms")
    #expect(
      hop(outcomes, names: [Self.first: "r"], isNumeric: true)
        == " 3  198.51.100.1  0.345 ms *  12.346 ms")
    #expect(hop([.lost, .lost, .lost], at: 255) == "255  * * *")
    #expect(hop([.lost, outcomes[0]], isNumeric: true) == " 3  * 198.51.100.1  0.345 ms")
  }

  @Test func severalAddressesAndMarks() {
    let outcomes = [
      Self.outcome(Self.first, 1_000_000), Self.outcome(Self.second, 2_000_000, type: 3, code: 13),
      Self.outcome(Self.first, 3_000_000, type: 3, code: 3),
    ]
    #expect(
      hop(outcomes, isNumeric: true)
        == " 3  198.51.100.1  1.000 ms 2001:db8::2  2.000 ms !X 198.51.100.1  3.000 ms")
  }
}

extension TracerouteOptions.Output {
  fileprivate static var numeric: Self {
    var output = Self()
    output.isNumeric = true
    return output
  }
}
