import PacketWire
import ProbeEvidence
import Testing

@testable import PingCommand
@testable import ProbeEngine

/// ICMP errors that tell as much as there is to tell.
enum ErrorFactSamples {
  private static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  private static let target = PingTextTests.target
  private static let router = PingTextTests.router

  /// The probe that was sent, with DSCP EF.
  static let sent: SentDatagram = {
    let request = EchoRequest(
      family: .v4, identifier: 9, payloadLength: 56, cookies: KeyedCookie(key: 1, 2))
    let message = request.message(serial: 1)
    let envelope = IPEnvelope(
      from: source, to: target, carrying: .icmp, timeToLive: 3, trafficClass: 0xb8)
    return SentDatagram(
      octets: (try? envelope.packet(message.span)) ?? [], unknown: [.init(.identification)])
  }()

  /// An error from the router with the probe as it arrived there, and `extensions` behind it.
  static func packet(
    _ type: ICMPv4Header.MessageType, code: UInt8, rest: UInt32, extensions: [UInt8] = []
  ) -> EvidencePacket? {
    var quoted = sent.octets
    (quoted[1], quoted[8]) = (0, 1)
    var header = IPv4Header(
      protocolNumber: .icmp, from: IPv4Address(198, 18, 0, 2), to: IPv4Address(192, 0, 2, 9))
    header.timeToLive = 1
    try? header.fill(payloadLength: quoted.count - 20)
    quoted.replaceSubrange(0..<20, with: [UInt8](capacity: 20) { header.write(to: &$0) })
    if !extensions.isEmpty {
      quoted += [UInt8](repeating: 0, count: 128 - quoted.count) + extensions
    }
    var error = ICMPv4Header(type, code: code, rest: rest)
    error.fill(payload: quoted.span)
    let message = [UInt8](capacity: 8 + quoted.count) { out in
      error.write(to: &out)
      out.append(copying: quoted.span)
    }
    let envelope = IPEnvelope(from: router, to: source, carrying: .icmp, timeToLive: 62)
    return (try? envelope.packet(message.span)).map { EvidencePacket(whole: $0) }
  }

  /// An MPLS label, and an interface with all that can be told of one (RFC 4950, RFC 5837).
  static let extensions: [UInt8] = {
    let objects: [UInt8] =
      [0, 8, 1, 1, 0x05, 0xdc, 0x15, 7]
      + [0, 28, 2, 0x0f, 0, 0, 0, 5, 0, 1, 0, 0, 198, 51, 100, 1]
      + [8, 0x67, 0x65, 0x2d, 0x1b, 0, 0, 0, 0, 0, 5, 0xdc] + [0, 4, 2, 0x40]
    var sum = InternetChecksum()
    let header: [UInt8] = [0x20, 0, 0, 0]
    sum.add((header + objects).span)
    return [0x20, 0, UInt8(sum.value >> 8), UInt8(sum.value & 0xff)] + objects
  }()

  static let exceeded = ICMPErrorReport(family: .v4, type: 11, code: 0, source: router)
  static let tooLong = ICMPErrorReport(
    family: .v4, type: 3, code: 4, source: router, detail: 1_400)

  static func facts(
    _ report: ICMPErrorReport, extensions: [UInt8] = []
  ) -> ErrorFacts {
    ErrorFacts(
      report,
      packet: packet(
        .init(rawValue: report.type), code: report.code,
        rest: extensions.isEmpty ? report.detail : 0x20_0000, extensions: extensions),
      sent: sent)
  }

  /// Events of them.
  static let lines: [String] = [
    (exceeded, facts(exceeded, extensions: extensions)), (tooLong, facts(tooLong)),
    (
      ICMPErrorReport(family: .v4, type: 12, code: 0, source: router, detail: 20 << 24), nil
    ),
    (
      ICMPErrorReport(family: .v4, type: 5, code: 1, source: router, detail: 0xc633_6407), nil
    ),
  ].map { (report: ICMPErrorReport, facts: ErrorFacts?) in
    EventSamples.line { text in
      EventSamples.pingEvents.report(
        .error(pingProbe(1), report), facts, at: EventSamples.time, &text)
    }
  }
}

@Suite("What an ICMP error tells")
struct ErrorFactTests {
  private func lines(_ facts: ErrorFacts) -> [String] {
    EventSamples.line { facts.appendLines(to: &$0) }.split(separator: "\n").map { String($0) }
  }

  @Test("extensions and a changed field stand in lines of their own")
  func whole() {
    let facts = ErrorFactSamples.facts(
      ErrorFactSamples.exceeded, extensions: ErrorFactSamples.extensions)
    #expect(facts.isWhole)
    #expect(
      lines(facts) == [
        "    quotes 84 of 84 octets; MPLS label 24001 TC 2 S TTL 7; came in by interface ge-\\x1b "
          + "index 5 198.51.100.1 MTU 1500; came in by link interface",
        "    DSCP bleached: 46 (EF) sent, 0 (CS0) quoted (RFC 2474 §3)",
      ])
  }

  @Test("an MTU, and how far the probe came")
  func tooLong() {
    #expect(
      lines(ErrorFactSamples.facts(ErrorFactSamples.tooLong)) == [
        "    next-hop MTU 1400; quotes 84 of 84 octets",
        "    DSCP bleached: 46 (EF) sent, 0 (CS0) quoted (RFC 2474 §3)",
        "    quoted after 2 hops",
      ])
  }

  @Test("what only the error queue tells")
  func queue() {
    #expect(
      lines(ErrorFacts(ErrorFactSamples.tooLong)) == [
        "    next-hop MTU 1400; told by this host's error queue, which keeps no more of it"
      ])
    #expect(ErrorFacts(ErrorFactSamples.exceeded, packet: nil, sent: nil).alteration == nil)
  }

  @Test("pointer and gateway of a report")
  func fields() {
    #expect(ErrorFactSamples.lines[2].contains("\"pointer\":20,\"gateway\":null,"))
    #expect(ErrorFactSamples.lines[3].contains("\"gateway\":\"198.51.100.7\""))
    let tooBig = ICMPErrorReport(family: .v6, type: 2, code: 0, source: nil, detail: 1_280)
    let problem = ICMPErrorReport(family: .v6, type: 4, code: 1, source: nil, detail: 40)
    #expect(ICMPErrorDetail(tooBig).nextHopMTU == 1_280)
    #expect(ICMPErrorDetail(problem).pointer == 40)
  }
}
