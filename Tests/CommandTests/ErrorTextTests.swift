import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import Testing

@Suite("What an ICMP error says of a probe, as text")
struct ErrorTextTests {
  private static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  private static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  private func probe() throws -> SentDatagram {
    let data: [UInt8] = Array(0..<8)
    var header = ICMPv4Header(.echoRequest, identifier: 0x1234, sequenceNumber: 7)
    header.fill(payload: data.span)
    let message = [UInt8](capacity: 16) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
    return try SentDatagram(
      message: message.span, from: Self.source, to: Self.target, carrying: .icmp, timeToLive: 3,
      trafficClass: 0xba, dontFragment: true)
  }

  private func error(
    _ type: ICMPv4Header.MessageType, code: UInt8 = 0, rest: UInt32 = 0, behind: [UInt8] = []
  ) throws -> [UInt8] {
    var quoted = try probe().octets
    quoted[8] = 1
    if !behind.isEmpty { quoted += [UInt8](repeating: 0, count: 128 - quoted.count) }
    let body = quoted + behind
    var header = ICMPv4Header(type, code: code, rest: behind.isEmpty ? rest : rest | 32 << 16)
    header.fill(payload: body.span)
    return [UInt8](capacity: 8 + body.count) { out in
      header.write(to: &out)
      out.append(copying: body.span)
    }
  }

  private func line(_ message: [UInt8]) throws -> String {
    let detail = ICMPErrorDetail(message.span, framing: .message, family: .v4)
    var out = TextBuffer()
    out.append(try #require(detail), about: try probe())
    return out.string
  }

  @Test("beyond type and code")
  func details() throws {
    #expect(try line(try error(.timeExceeded)) == "quotes 36 of 36 octets")
    #expect(
      try line(try error(.destinationUnreachable, code: 4, rest: 1_400))
        == "next-hop MTU 1400; quotes 36 of 36 octets")
    #expect(
      try line(try error(.destinationUnreachable, code: 4))
        == "next-hop MTU not told; quotes 36 of 36 octets")
    #expect(
      try line(try error(.redirect, code: 1, rest: 0xc612_0001))
        == "better first hop 198.18.0.1; quotes 36 of 36 octets")
    #expect(
      try line(try error(.parameterProblem, rest: 8 << 24))
        == "points at octet 8 (Time to Live); quotes 36 of 36 octets")
    #expect(
      try line(try error(.parameterProblem, rest: 99 << 24))
        == "points at octet 99; quotes 36 of 36 octets")
  }

  @Test("extensions, a hostile name among them")
  func extensions() throws {
    var structure: [UInt8] = [0x20, 0, 0, 0, 0, 12, 1, 1, 0x05, 0xdc, 0x12, 0x01, 0, 1, 0x13, 0x02]
    structure += [0, 20, 2, 0x0a, 0, 0, 0, 9, 12, 0x1b, 0x5b, 0x32, 0x4a, 97, 0, 0, 0, 0, 0, 0]
    var sum = InternetChecksum()
    sum.add(structure.span)
    structure[2] = UInt8(sum.value >> 8)
    structure[3] = UInt8(truncatingIfNeeded: sum.value)
    let text = "quotes 36 of 36 octets; MPLS label 24001 TC 1 TTL 1 | label 17 TC 1 S TTL 2"
    #expect(
      try line(try error(.timeExceeded, behind: structure))
        == text + "; came in by interface \\x1b[2Ja index 9")
    structure[2] ^= 0xff
    #expect(
      try line(try error(.timeExceeded, behind: structure)).contains("with a wrong checksum"))
  }

  @Test("changes in the words of the field, with the RFC")
  func alterations() throws {
    let sent = try probe()
    var quoted = sent.octets
    (quoted[1], quoted[8], quoted[12]) = (0, 1, 10)
    let alteration = try ProbeAlteration(
      sent: sent, quotation: quoted.span, isTimeExceeded: true)
    let lines = alteration.changes.map { comparison in
      var out = TextBuffer()
      out.append(comparison)
      return out.string
    }
    #expect(
      lines.prefix(2) == [
        "DSCP bleached: 46 (EF) sent, 0 (CS0) quoted (RFC 2474 §3)",
        "ECN bleached: ECT(0) sent, Not-ECT quoted (RFC 3168 §5)",
      ])
    #expect(
      lines.last
        == "NAT: source address translated: 198.18.0.2 sent, 10.18.0.2 quoted (RFC 3022 §4)")
    #expect(lines.contains { $0.hasPrefix("header checksum wrong: 0x") })
    var out = TextBuffer()
    out.append(alteration.hopsLeft)
    #expect(out.string == "quoted with 1 hop left: as it arrived")
  }
}
