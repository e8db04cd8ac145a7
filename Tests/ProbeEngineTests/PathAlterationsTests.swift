import PacketTestSupport
import PacketWire
import ProbeEngine
import Testing

/// A path in letters, a hop each: `.` quotes as sent, `*` is silent, `-` quotes the IP header and no
/// more, and other letters stand for what was done to the probe.
private func path(_ text: String) throws -> PathAlterations {
  var hops: [QuotingHop] = []
  var distance = 0
  for letter in text {
    distance += 1
    hops.append(QuotingHop(distance: distance, alterations: try alterations(letter, distance)))
  }
  return PathAlterations(hops: hops)
}

private func alterations(_ letter: Character, _ distance: Int) throws -> [ProbeAlteration] {
  if letter == "*" { return [] }
  let sent = try ProbeAlterationTests.probe(
    try ProbeAlterationTests.udp(), carrying: .udp, timeToLive: UInt8(distance))
  var quoted = sent.octets
  quoted[8] = 1
  var fixesHeader = true
  switch letter {
  case "d": quoted[1] = 10 << 2 | 2  // another code point
  case "e": quoted[1] = 12 << 2 | 2
  case "b": quoted[1] = 2  // code point bleached
  case "n": quoted[1] = 0xb8  // ECN bleached
  case "c": quoted[1] = 0xbb  // congestion marked
  case "s": (quoted[2], quoted[3]) = (quoted[3], quoted[2])  // total length in host order
  case "h": quoted[3] -= 20  // and without the header
  case "i": quoted[5] ^= 0xff
  case "p": ProbeAlterationTests.put(1025, at: 20, in: &quoted)
  case "k": quoted[27] ^= 0x55
  case "z": ProbeAlterationTests.put(0, at: 26, in: &quoted)
  case "x":
    quoted[10] ^= 0x55
    fixesHeader = false
  case "t": quoted[8] = UInt8(distance) + 1
  default: break
  }
  if fixesHeader { ProbeAlterationTests.fix(&quoted) }
  let count = letter == "-" ? 20 : quoted.count
  return [
    try ProbeAlteration(
      sent: sent, quotation: quoted.span.extracting(first: count), isTimeExceeded: true)
  ]
}

/// "dscp dscpRemarked path 2>3 [3, 4]", with what is not known about the hops between.
private func words(_ alteration: PathAlteration) -> String {
  let place = alteration.place
  let silent = place.silent.isEmpty ? "" : " silent \(place.silent)"
  let untold = place.untold.isEmpty ? "" : " untold \(place.untold)"
  return "\(alteration.field) \(alteration.change) \(alteration.cause) "
    + "\(place.after)>\(place.before)\(silent)\(untold) \(alteration.hops)"
}

@Suite("What a path did to probes")
struct PathAlterationsTests {
  static let cases: [(String, [String])] = [
    ("", []), ("*", []), ("....", []), ("-.-.", []), ("***.", []),
    // Changed from somewhere on.
    ("..dd", ["dscp dscpRemarked path 2>3 [3, 4]"]),
    ("dddd", ["dscp dscpRemarked path 0>1 [1, 2, 3, 4]"]),
    (".*d*d", ["dscp dscpRemarked path 1>3 silent [2] [3, 5]"]),
    ("..**dd", ["dscp dscpRemarked path 2>5 silent [3, 4] [5, 6]"]),
    ("*dd", ["dscp dscpRemarked path 0>2 silent [1] [2, 3]"]),
    (".bb", ["dscp dscpBleached path 1>2 [2, 3]"]),
    ("nn", ["ecn ecnBleached path 0>1 [1, 2]"]),
    // Two fields of a UDP header, of which short quotations tell nothing.
    (
      ".-*kk", ["udpChecksum checksumRewritten path 1>4 silent [3] untold [2] [4, 5]"]
    ),
    (
      ".pp",
      ["sourcePort translated path 1>2 [2, 3]", "udpChecksum checksumRewritten path 1>2 [2, 3]"]
    ),
    (".zz", ["udpChecksum checksumCleared path 1>2 [2, 3]"]),
    // Seen once.
    ("..d", ["dscp dscpRemarked pathOrQuotation 2>3 [3]"]),
    ("..d**", ["dscp dscpRemarked pathOrQuotation 2>3 [3]"]),
    ("..k-", ["udpChecksum checksumRewritten pathOrQuotation 2>3 [3]"]),
    // Quoted wrongly.
    (".d..", ["dscp dscpRemarked quotation 1>2 [2]"]),
    ("d*d.", ["dscp dscpRemarked quotation 0>1 [1, 3]"]),
    ("de..", ["dscp dscpRemarked quotation 0>1 [1]", "dscp dscpRemarked quotation 1>2 [2]"]),
    (".i..", ["identification rewritten quotation 1>2 [2]"]),
    (".ss", ["totalLength byteSwapped quotation 1>2 [2, 3]"]),
    (
      "shs",
      [
        "totalLength byteSwapped quotation 0>1 [1, 3]",
        "totalLength headerLengthTaken quotation 1>2 [2]",
      ]
    ),
    (".xx", ["headerChecksum checksumWrong quotation 1>2 [2, 3]"]),
    (".t.", ["timeToLive raised quotation 1>2 [2]"]),
    (".tt", ["timeToLive raised path 1>2 [2, 3]"]),
    // Changed, and changed once more.
    (
      ".dbb",
      ["dscp dscpRemarked pathOrQuotation 1>2 [2]", "dscp dscpBleached path 2>3 [3, 4]"]
    ),
    (
      ".ddee",
      ["dscp dscpRemarked path 1>2 [2, 3]", "dscp dscpRemarked path 3>4 [4, 5]"]
    ),
    (
      ".ded",
      ["dscp dscpRemarked path 1>2 [2, 4]", "dscp dscpRemarked quotation 2>3 [3]"]
    ),
    // Congestion comes and goes.
    (".c.c", ["ecn congestionMarked congestion 1>2 [2, 4]"]),
    (".cc", ["ecn congestionMarked congestion 1>2 [2, 3]"]),
    (
      "c.nn",
      ["ecn congestionMarked congestion 0>1 [1]", "ecn ecnBleached path 2>3 [3, 4]"]
    ),
    // Several things at once.
    (
      ".ndd",
      [
        "ecn ecnBleached quotation 1>2 [2]", "dscp dscpRemarked path 2>3 [3, 4]",
      ]
    ),
  ]

  @Test("what, where, and whose work", arguments: cases)
  func table(text: String, expected: [String]) throws {
    #expect(try path(text).all.map { words($0) } == expected)
  }

  @Test("hops that do not agree with themselves tell nothing")
  func disagreement() throws {
    var hops: [QuotingHop] = []
    for (distance, letters) in [".", "d.", "dd", "d"].enumerated() {
      for letter in letters {
        hops.append(
          QuotingHop(
            distance: distance + 1, alterations: try alterations(letter, distance + 1)))
      }
    }
    let found = PathAlterations(hops: hops.reversed())
    #expect(found.all.map { words($0) } == ["dscp dscpRemarked path 1>3 untold [2] [3, 4]"])
    #expect(found.hops.map(\.alterations.count) == [1, 2, 2, 1])
  }

  @Test("hops that are missing did not answer, and impossible ones are left out")
  func missing() throws {
    let hops = try [(2, "."), (5, "d"), (6, "d")].map { distance, letter in
      QuotingHop(distance: distance, alterations: try alterations(Character(letter), distance))
    }
    let found = PathAlterations(
      hops: hops + [
        QuotingHop(distance: 0, alterations: []), .init(distance: 999, alterations: []),
      ])
    #expect(found.all.map { words($0) } == ["dscp dscpRemarked path 2>5 silent [3, 4] [5, 6]"])
    #expect(found.hops.count == 6)
  }

  @Test(
    "a translator shows",
    arguments: [(".pp", true), (".kk", true), (".dd", false), (".k.", false), ("...", false)])
  func translation(text: String, isShown: Bool) throws {
    #expect(try path(text).showsTranslation == isShown)
  }
}
