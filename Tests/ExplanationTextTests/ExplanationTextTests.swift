import ExplanationText
import PacketExplanation
import PacketText
import PacketWire
import TerminalText
import Testing

@Suite("An explanation as text")
struct ExplanationTextTests {
  /// An echo request with a wrong ICMP checksum.
  private func packet(_ data: [UInt8] = Array(0..<6)) throws -> [UInt8] {
    var header = ICMPv4Header(.echoRequest, identifier: 0x1dea, sequenceNumber: 7)
    header.checksum = 0x1234
    var network = IPv4Header(
      protocolNumber: .icmp, from: IPv4Address(198, 18, 0, 2), to: IPv4Address(203, 0, 113, 80))
    try network.fill(payloadLength: 8 + data.count)
    return [UInt8](capacity: 28 + data.count) { out in
      network.write(to: &out)
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  private func lines(
    _ packet: [UInt8], columns: Int, style: TerminalStyle = .plain, octetLimit: Int = 64
  ) -> [String] {
    let text = ExplanationText(columns: columns, style: style, octetLimit: octetLimit)
    var out = TextBuffer()
    text.append(PacketExplanation(of: packet.span), of: packet.span, to: &out)
    return out.string.split(separator: "\n").map { String($0) }
  }

  @Test("five columns where there is room")
  func wide() throws {
    let lines = lines(try packet(), columns: 160)
    #expect(lines[0] == "IPv4 header")
    #expect(
      lines[1]
        == "  0      0100....     Version                4                         "
        + "the fourth version of the Internet Protocol [RFC 791 §3.1]")
    #expect(lines.contains { $0.hasPrefix("  26     00 07        Sequence Number        7    ") })
    #expect(
      lines.contains { $0.hasPrefix("  28     00 01 02 03  Data                   6 octets") })
    #expect(lines.contains("         04 05"))
  }

  @Test("the meaning below the value where there is not")
  func narrow() throws {
    let lines = lines(try packet(), columns: 80)
    let place = try #require(lines.firstIndex { $0.contains("Sequence Number") })
    #expect(lines[place] == "  26     00 07        Sequence Number        7")
    #expect(
      lines[place + 1]
        == "                        counts the requests of that program [RFC 792]")
    // A source stays whole.
    #expect(lines.filter { $0.contains("RFC") }.allSatisfy { $0.contains(/RFC \d+( §[\d.]+)?\]/) })
  }

  @Test("no line is wider than asked", arguments: [0, 60, 72, 80, 100, 120, 200])
  func width(columns: Int) throws {
    for cut in [3, 20, 27, 34] {
      let lines = lines(Array(try packet().prefix(cut)), columns: columns)
      let widest = lines.map { DisplayWidth.columns(of: $0) }.max() ?? 0
      #expect(widest <= max(columns, ExplanationText.leastColumns))
      #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }
  }

  @Test("what is missing, what is left out, and what is wrong in colour")
  func remarks() throws {
    let cut = lines(Array(try packet().prefix(7)), columns: 200)
    #expect(cut.last?.contains("Fragment Offset of the IPv4 header lacks 1 octet") == true)
    let long = lines(try packet([UInt8](repeating: 7, count: 100)), columns: 80, octetLimit: 8)
    #expect(long.last?.trimmingPrefix { $0 == " " }.hasPrefix("+ 92") == true)
    let coloured = lines(try packet(), columns: 160, style: .coloured)
    #expect(coloured.contains { $0.contains("\u{1b}[1;31m0x1234, wrong\u{1b}[0m") })
  }
}
