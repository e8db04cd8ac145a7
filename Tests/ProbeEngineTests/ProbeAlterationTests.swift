import PacketTestSupport
import PacketWire
import ProbeEngine
import SimulatedInternet
import Testing

@Suite("What was done to a probe on its way")
struct ProbeAlterationTests {
  static let source = IPAddress.v4(IPv4Address(198, 18, 0, 2))
  static let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

  static func udp(_ data: [UInt8] = Array(0..<12)) throws -> [UInt8] {
    var header = UDPHeader(from: 40_000, to: 33_434)
    try header.fill(payload: data.span, from: source, to: target)
    return [UInt8](capacity: 8 + data.count) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  static func echo() -> [UInt8] {
    let data: [UInt8] = Array(0..<16)
    var header = ICMPv4Header(.echoRequest, identifier: 0x1234, sequenceNumber: 0x0102)
    header.fill(payload: data.span)
    return [UInt8](capacity: 24) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  /// A probe whose every octet is known.
  static func probe(
    _ message: [UInt8], carrying number: IPProtocol, timeToLive: UInt8 = 3, tos: UInt8 = 0xba
  ) throws -> SentDatagram {
    let envelope = IPEnvelope(
      from: source, to: target, carrying: number, timeToLive: timeToLive, trafficClass: tos,
      dontFragment: true)
    var octets = try envelope.packet(message.span)
    (octets[4], octets[5]) = (0xbe, 0xef)
    fix(&octets)
    return SentDatagram(octets: octets)
  }

  /// Puts the IPv4 header's checksum right.
  static func fix(_ octets: inout [UInt8]) {
    (octets[10], octets[11]) = (0, 0)
    var sum = InternetChecksum()
    sum.add(octets.span.extracting(first: Int(octets[0] & 15) * 4))
    (octets[10], octets[11]) = (UInt8(sum.value >> 8), UInt8(truncatingIfNeeded: sum.value))
  }

  /// Puts `number` at `offset`.
  static func put(_ number: UInt16, at offset: Int, in octets: inout [UInt8]) {
    (octets[offset], octets[offset + 1]) = (UInt8(number >> 8), UInt8(truncatingIfNeeded: number))
  }

  /// What is found when the probe is quoted with one hop left and this done to it.
  private func findings(
    _ sent: SentDatagram, isTimeExceeded: Bool = true, fixing: Bool = true,
    _ change: (inout [UInt8]) -> Void
  ) throws -> [String] {
    var quoted = sent.octets
    if isTimeExceeded { quoted[8] = 1 }
    change(&quoted)
    if fixing { Self.fix(&quoted) }
    let alteration = try ProbeAlteration(
      sent: sent, quotation: quoted.span, isTimeExceeded: isTimeExceeded)
    return alteration.changes.map { comparison in
      comparison.change.map { "\(comparison.field) \($0)" } ?? ""
    }
  }

  @Test("nothing was changed")
  func faithful() throws {
    let sent = try Self.probe(try Self.udp(), carrying: .udp)
    #expect(try findings(sent) { _ in }.isEmpty)
    var quoted = sent.octets
    quoted[8] = 1
    Self.fix(&quoted)
    let alteration = try ProbeAlteration(sent: sent, quotation: quoted.span, isTimeExceeded: true)
    #expect(alteration[.dscp]?.finding == .same && alteration[.payload]?.finding == .same)
    #expect(alteration[.headerChecksum]?.finding == .expected)
    #expect(alteration[.timeToLive]?.finding == .expected && alteration.hopsLeft == .asArrived)
    // Cut at eight octets of payload, there is less to compare and nothing to find.
    let cut = try ProbeAlteration(
      sent: sent, quotation: quoted.span.extracting(first: 28), isTimeExceeded: true)
    #expect(cut.changes.isEmpty && cut[.payload] == nil && cut[.udpLength]?.finding == .same)
  }

  @Test(
    "type of service",
    arguments: [
      (UInt8(0xba), UInt8(0x02), "dscp dscpBleached"), (0xba, 0x2a, "dscp dscpRemarked"),
      (0xba, 0x1a, "dscp precedenceBleached"), (0xba, 0xb8, "ecn ecnBleached"),
      (0xba, 0xbb, "ecn congestionMarked"), (0xb8, 0xb9, "ecn ecnRewritten"),
      (0xba, 0xb9, "ecn ecnRewritten"),
    ])
  func typeOfService(sent: UInt8, quoted: UInt8, expected: String) throws {
    let probe = try Self.probe(Self.echo(), carrying: .icmp, tos: sent)
    #expect(try findings(probe) { $0[1] = quoted } == [expected])
  }

  @Test("the rest of the IPv4 header")
  func header() throws {
    let sent = try Self.probe(try Self.udp(), carrying: .udp)
    #expect(
      try findings(sent) { Self.put(0xefbe, at: 4, in: &$0) } == ["identification byteSwapped"])
    #expect(try findings(sent) { Self.put(0x1111, at: 4, in: &$0) } == ["identification rewritten"])
    #expect(
      try findings(sent) { Self.put(20, at: 2, in: &$0) } == ["totalLength headerLengthTaken"])
    #expect(try findings(sent) { Self.put(0x2800, at: 2, in: &$0) } == ["totalLength byteSwapped"])
    #expect(try findings(sent) { Self.put(41, at: 2, in: &$0) } == ["totalLength rewritten"])
    #expect(
      try findings(sent) { Self.put(0, at: 6, in: &$0) } == ["dontFragment dontFragmentCleared"])
    #expect(try findings(sent) { Self.put(0x6000, at: 6, in: &$0) } == ["fragmentation fragmented"])
    #expect(
      try findings(sent) { Self.put(0x0040, at: 6, in: &$0) } == ["fragmentation byteSwapped"])
    #expect(try findings(sent, fixing: false) { $0[10] ^= 1 } == ["headerChecksum checksumWrong"])
    #expect(
      try findings(sent, fixing: false) { Self.put(0, at: 10, in: &$0) }
        == ["headerChecksum checksumCleared"])
    #expect(
      try findings(sent, fixing: false) {
        Self.fix(&$0)
        $0[8] = 0
      } == ["headerChecksum checksumNotUpdated"])
  }

  @Test("the time to live that is quoted")
  func timeToLive() throws {
    let sent = try Self.probe(try Self.udp(), carrying: .udp, timeToLive: 9)
    func hopsLeft(_ quoted: UInt8, _ isTimeExceeded: Bool) throws -> ProbeAlteration {
      var octets = sent.octets
      octets[8] = quoted
      Self.fix(&octets)
      return try ProbeAlteration(
        sent: sent, quotation: octets.span, isTimeExceeded: isTimeExceeded)
    }
    #expect(try hopsLeft(1, true).hopsLeft == .asArrived)
    #expect(try hopsLeft(0, true).hopsLeft == .none)
    #expect(try hopsLeft(4, true).hopsLeft == .left(4))
    #expect(try hopsLeft(9, true)[.timeToLive]?.change == .notDecremented)
    #expect(try hopsLeft(10, true)[.timeToLive]?.change == .raised)
    #expect(try hopsLeft(4, false).hopsLeft == .taken(5))
    #expect(try hopsLeft(9, false)[.timeToLive]?.finding == .same)
    for quoted in [UInt8(0), 1, 4] { #expect(try hopsLeft(quoted, true).changes.isEmpty) }
  }

  @Test("transport headers: translated ones with their checksums, and checksums by themselves")
  func transports() throws {
    let udp = try Self.probe(try Self.udp(), carrying: .udp)
    #expect(
      try findings(udp) { octets in
        Self.put(1_025, at: 20, in: &octets)
        octets[12] = 10
        let body = UDPHeader(from: 1_025, to: 33_434)
        var header = body
        header.datagramLength = 20
        header.checksum = header.computedChecksum(
          payload: octets.span.extracting(28..<40), from: .v4(IPv4Address(10, 18, 0, 2)),
          to: Self.target)
        Self.put(header.checksum, at: 26, in: &octets)
      } == ["source translated", "sourcePort translated"])
    #expect(
      try findings(udp) { $0[12] = 10 } == ["source translated", "udpChecksum checksumRewritten"])
    #expect(try findings(udp) { Self.put(0, at: 26, in: &$0) } == ["udpChecksum checksumCleared"])
    #expect(
      try findings(udp) { Self.put(0x1400, at: 24, in: &$0) }.first == "udpLength byteSwapped")
    #expect(try findings(udp) { $0[30] ^= 4 } == ["payload rewritten"])

    let echo = try Self.probe(Self.echo(), carrying: .icmp)
    #expect(
      try findings(echo) { octets in
        let old = octets.span.u16(at: 22)
        Self.put(0x1235, at: 24, in: &octets)
        Self.put(old &- 1, at: 22, in: &octets)
      } == ["icmpIdentifier translated"])
    #expect(
      try findings(echo) { Self.put(0x0201, at: 26, in: &$0) }
        == ["icmpChecksum checksumRewritten", "icmpSequenceNumber byteSwapped"])
    // Addresses are not in ICMP's checksum.
    #expect(try findings(echo) { $0[12] = 10 } == ["source translated"])
  }

  @Test("TCP: a clamped segment size, stripped options, a cut header")
  func tcp() throws {
    func probe(_ options: [UInt8]) throws -> [UInt8] {
      var header = TCPHeader(from: 40_000, to: 80, flags: [.syn])
      header.sequenceNumber = 99
      header.options = try #require(OptionOctets(padding: options))
      let nothing: [UInt8] = []
      header.fill(payload: nothing.span, from: Self.source, to: Self.target)
      return [UInt8](capacity: header.length) { header.write(to: &$0) }
    }
    let sent = try Self.probe(try probe([2, 4, 5, 0xb4, 1, 3, 3, 7]), carrying: .tcp)
    let clamped = try probe([2, 4, 5, 0x64, 1, 3, 3, 7])
    #expect(
      try findings(sent) { $0.replaceSubrange(20..., with: clamped) }
        == ["tcpOptions segmentSizeClamped"])
    let stripped = try probe([2, 4, 5, 0xb4])
    #expect(
      try findings(sent) { octets in
        octets.replaceSubrange(20..., with: stripped)
        Self.put(44, at: 2, in: &octets)
      } == ["totalLength rewritten", "tcpOptions optionsStripped"])
    // Most middleboxes put no-operations there instead.
    let blanked = try probe([2, 4, 5, 0xb4, 1, 1, 1, 1])
    #expect(
      try findings(sent) { $0.replaceSubrange(20..., with: blanked) }
        == ["tcpOptions optionsStripped"])
    #expect(
      try findings(sent) { octets in
        octets[27] = 7
        octets.removeSubrange(28...)
      } == ["tcpSequenceNumber rewritten"])
  }

  @Test("what the kernel filled in is not compared")
  func unknown() throws {
    let message = Self.echo()
    let sent = try SentDatagram(
      message: message.span, from: Self.source, to: Self.target, carrying: .icmp, timeToLive: 3)
    #expect(
      try findings(sent) { octets in
        Self.put(0x7777, at: 4, in: &octets)
        Self.put(0x4000, at: 6, in: &octets)
      }.isEmpty)
    var quoted = sent.octets
    quoted[8] = 1
    Self.fix(&quoted)
    let alteration = try ProbeAlteration(sent: sent, quotation: quoted.span, isTimeExceeded: true)
    #expect(alteration[.identification]?.finding == .unknown)
    #expect(alteration[.identification]?.sent == nil)
    #expect(alteration[.headerChecksum]?.finding == .expected)
  }

  @Test("hostile quotations are compared or refused, and nothing else")
  func hostile() throws {
    var random = SeededRNG(seed: 77)
    let sent = try Self.probe(try Self.udp(), carrying: .udp)
    for _ in 0..<5_000 {
      var quoted = sent.octets
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        quoted[Int.random(in: 0..<quoted.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      quoted.removeLast(Int.random(in: 0...quoted.count, using: &random))
      let alteration = try? ProbeAlteration(
        sent: sent, quotation: quoted.span, isTimeExceeded: Bool.random(using: &random))
      if quoted.count < 20 { #expect(alteration == nil) }
    }
  }
}
