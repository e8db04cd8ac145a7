import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import Testing

@Suite("What a path did to probes, as text")
struct PathAlterationTextTests {
  private static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  private static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  /// Hops in letters: `.` quotes as sent, `*` is silent, `-` quotes the IP header only.
  private func path(_ text: String) throws -> PathAlterations {
    PathAlterations(
      hops: try text.enumerated().map { index, letter in
        QuotingHop(distance: index + 1, alterations: try alterations(letter, index + 1))
      })
  }

  private func alterations(_ letter: Character, _ distance: Int) throws -> [ProbeAlteration] {
    if letter == "*" { return [] }
    let data: [UInt8] = Array(0..<8)
    var header = UDPHeader(from: 40_000, to: 33_434)
    try header.fill(payload: data.span, from: Self.source, to: Self.target)
    let message = [UInt8](capacity: 16) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
    let sent = try SentDatagram(
      message: message.span, from: Self.source, to: Self.target, carrying: .udp,
      timeToLive: UInt8(distance), trafficClass: 0xba)
    var quoted = sent.octets
    quoted[8] = 1
    switch letter {
    case "d": quoted[1] = 2
    case "c": quoted[1] = 0xbb
    case "p": (quoted[20], quoted[21]) = (4, 1)
    case "k": quoted[26] ^= 0x55
    default: break
    }
    (quoted[10], quoted[11]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(quoted.span.extracting(first: 20))
    (quoted[10], quoted[11]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
    let count = letter == "-" ? 20 : quoted.count
    return [
      try ProbeAlteration(
        sent: sent, quotation: quoted.span.extracting(first: count), isTimeExceeded: true)
    ]
  }

  static let bleached = "DSCP bleached: 46 (EF) sent, 0 (CS0) quoted (RFC 2474 §3)"
  static let marked = "congestion marked: ECT(0) sent, CE quoted (RFC 3168 §5)"
  static let rewritten = "UDP checksum rewritten: 0xb3fe sent, 0xe6fe quoted (RFC 1624 §3)"
  static let port = "NAT: source port translated: 40000 sent, 1025 quoted (RFC 3022 §4)"

  static let cases: [(String, [String])] = [
    ("...", []),
    ("..dd", ["between hop 2 and hop 3: " + bleached]),
    ("dd", ["before hop 1: " + bleached]),
    ("*dd", ["before hop 2 (1 did not answer): " + bleached]),
    (".*d*d", ["between hop 1 and hop 3 (2 did not answer): " + bleached]),
    (".**dd", ["between hop 1 and hop 4 (2 and 3 did not answer): " + bleached]),
    (".***dd", ["between hop 1 and hop 5 (2 to 4 did not answer): " + bleached]),
    (
      "..d",
      [
        "between hop 2 and hop 3: " + bleached
          + "; only hop 3 has seen it: it may be quoted so and not have been so"
      ]
    ),
    (".d..", ["hop 2 quotes otherwise than it came: " + bleached]),
    (".d.d.ddd.", ["hops 2, 4 and 6 to 8 quote otherwise than it came: " + bleached]),
    (".c.cc", ["between hop 1 and hop 2: " + marked + "; so came the probes of hops 2, 4 and 5"]),
    (
      ".*--kk",
      [
        "between hop 1 and hop 5 (2 did not answer, 3 and 4 do not tell): by a translator of addresses "
          + "(NAT), it seems, that puts back what errors quote (RFC 3022 §4.3)",
        "between hop 1 and hop 5 (2 did not answer, 3 and 4 do not tell): ",
      ]
    ),
    (
      ".pp",
      [
        "between hop 1 and hop 2: a translator of addresses (NAT)",
        "between hop 1 and hop 2: " + port,
      ]
    ),
  ]

  @Test("lines", arguments: cases)
  func lines(text: String, expected: [String]) throws {
    let lines = try path(text).lines
    #expect(lines.count >= expected.count)
    for (line, wanted) in zip(lines, expected) {
      #expect(wanted.hasSuffix(": ") ? line.hasPrefix(wanted) : line == wanted)
    }
  }

  @Test("a clamped MSS is told by its value")
  func segmentSize() throws {
    func octets(_ options: [UInt8]) throws -> [UInt8] {
      var header = TCPHeader(from: 40_000, to: 80, flags: .syn)
      header.options = try #require(OptionOctets(padding: options))
      let nothing: [UInt8] = []
      header.fill(payload: nothing.span, from: Self.source, to: Self.target)
      let message = [UInt8](capacity: header.length) { header.write(to: &$0) }
      let envelope = IPEnvelope(
        from: Self.source, to: Self.target, carrying: .tcp, timeToLive: 1)
      return try envelope.packet(message.span)
    }
    for (options, words) in [
      ([2, 4, 5, 0xb4], "MSS 1460 sent, MSS 1360 quoted"),
      ([2, 4, 5, 0xb4, 4, 2], "MSS 1460 in 8 octets sent, MSS 1360 in 8 octets quoted"),
    ] as [([UInt8], String)] {
      var changed = options
      changed[3] = 0x50
      let quoted = try octets(changed)
      let alteration = try ProbeAlteration(
        sent: SentDatagram(octets: try octets(options)), quotation: quoted.span,
        isTimeExceeded: true)
      var text = TextBuffer(capacity: 0)
      text.append(try #require(alteration[.tcpOptions]))
      #expect(text.string == "MSS clamped: " + words + " (RFC 9293 §3.7.1)")
    }
  }

  @Test("a table of the fields that were changed")
  func table() throws {
    let table = AlterationTable(try path(".*d-pd"))
    #expect(
      table.lines == [
        "field         sent     1  2  3        4  5       6",
        "DSCP          46 (EF)  =  *  0 (CS0)  =  =       0 (CS0)",
        "source port   40000    =  *  =        -  1025    =",
        "UDP checksum  0xd27d   =  *  =        -  0xd27d  =",
      ])
  }

  @Test("a table of all fields")
  func wholeTable() throws {
    let table = AlterationTable(try path(".*d"), .all)
    #expect(table.rows.allSatisfy { $0.count == 5 })
    let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0[0], Array($0[1...])) })
    #expect(rows["TTL"] == ["varies", "=", "*", "~"])
    #expect(rows["identification"] == ["?", "?", "*", "?"])
    #expect(rows["destination port"] == ["33434", "=", "*", "="])
    #expect(AlterationTable(try path("..")).rows.count == 1)
  }
}
