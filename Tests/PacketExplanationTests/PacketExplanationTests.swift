import PacketExplanation
import PacketTestSupport
import PacketWire
import Testing

@Suite("A packet explained field by field")
struct PacketExplanationTests {
  @Test("an echo request: every field at its place, with its name and value")
  func echoRequest() throws {
    let packet = try Sample.ipv4(.icmp, Sample.echo()) { header in
      (header.typeOfService, header.timeToLive) = (0xb9, 1)
      header.flagsAndOffset = 0x4000
    }
    let explanation = PacketExplanation(of: packet.span)
    #expect(explanation.titles == ["IPv4 header", "ICMP header"])
    #expect(explanation.problems.isEmpty && explanation.accountsForAll)
    let rows = explanation.fields.map {
      "\($0.bits.lowerBound)+\($0.bits.count) \($0.name) \($0.value)"
    }
    #expect(
      rows == [
        "0+4 Version 4", "4+4 IHL 5", "8+6 DSCP 46 (EF)", "14+2 ECN 1 (ECT(1))",
        "16+16 Total Length 44 octets", "32+16 Identification 0xbeef", "48+1 Flags: Reserved 0",
        "49+1 Flags: DF 1, set", "50+1 Flags: MF 0, not set", "51+13 Fragment Offset 0",
        "64+8 Time to Live 1", "72+8 Protocol 1 (ICMP)",
        "80+16 Header Checksum 0x\(String(packet.span.u16(at: 10), radix: 16)), right",
        "96+32 Source Address 198.18.0.2", "128+32 Destination Address 203.0.113.80",
        "160+8 Type 8 (echo request)", "168+8 Code 0",
        "176+16 Checksum 0x\(String(packet.span.u16(at: 22), radix: 16)), right",
        "192+16 Identifier 0x1dea", "208+16 Sequence Number 7", "224+128 Data 16 octets",
      ])
    #expect(explanation.field("Time to Live")?.meaning.contains("must drop it") == true)
    #expect(explanation.field("DSCP")?.source == "RFC 2474 §3")
  }

  @Test("checksums: wrong with the right one, none, left to the card")
  func checksums() throws {
    var packet = try Sample.ipv4(.udp, Sample.udp())
    let right = packet.span.u16(at: 26)
    packet[10] ^= 1
    packet[27] ^= 0x80
    var explanation = PacketExplanation(of: packet.span)
    #expect(explanation.field("Header Checksum")?.verdict == .wrong)
    #expect(explanation.field("Checksum")?.verdict == .wrong)
    #expect(explanation.field("Checksum")?.meaning.contains(String(right, radix: 16)) == true)
    (packet[26], packet[27]) = (0, 0)
    explanation = PacketExplanation(of: packet.span)
    #expect(explanation.field("Checksum")?.value == "0x0000, none")

    // What Linux leaves for the card: the pseudo header's sum.
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: .v4(Sample.client), to: .v4(Sample.server), protocolNumber: .udp, length: 11)
    packet[26] = UInt8(sum.folded >> 8)
    packet[27] = UInt8(truncatingIfNeeded: sum.folded)
    explanation = PacketExplanation(of: packet.span, stage: .leavingThisHost)
    #expect(explanation.field("Checksum")?.verdict == .unknown)
    #expect(explanation.field("Checksum")?.meaning.contains("network card") == true)
    explanation = PacketExplanation(of: packet.span)
    #expect(explanation.field("Checksum")?.verdict == .wrong)
  }

  @Test("what the kernel fills in is said to be missing only before it is sent")
  func kernelFields() throws {
    var packet = try Sample.ipv4(.icmp, Sample.echo())
    for index in [4, 5, 10, 11] { packet[index] = 0 }
    let before = PacketExplanation(of: packet.span, stage: .leavingThisHost)
    #expect(before.field("Identification")?.verdict == .unknown)
    #expect(before.field("Header Checksum")?.verdict == .unknown)
    let after = PacketExplanation(of: packet.span)
    #expect(after.field("Identification")?.verdict == .neutral)
    #expect(after.field("Header Checksum")?.verdict == .wrong)
  }

  @Test("each option of IPv4")
  func ipv4Options() throws {
    let options: [UInt8] =
      [7, 11, 8, 198, 18, 1, 1, 0, 0, 0, 0, 1] + [68, 12, 13, 0x21, 198, 18, 1, 1, 0, 0, 1, 0]
      + [148, 4, 0, 0] + [0, 0, 0, 0]
    let packet = try Sample.ipv4(.icmp, Sample.echo(), options: options)
    let explanation = PacketExplanation(of: packet.span)
    #expect(explanation.accountsForAll && explanation.problems.isEmpty)
    #expect(
      explanation.fields("Option Type").map(\.value).map { $0.prefix(3) } == ["7 (", "68 ", "148"])
    let route = explanation.fields("Route Data")
    #expect(route.map(\.value) == ["198.18.1.1", "0.0.0.0"])
    #expect(route.map(\.meaning).first?.contains("wrote its address") == true)
    #expect(route.map(\.meaning).last?.contains("room") == true)
    #expect(explanation.field("Overflow")?.value == "2")
    #expect(explanation.field("Timestamp")?.value == "256 ms")
    #expect(explanation.field("End of Option List")?.octets == 48..<52)
    #expect(explanation.titles == ["IPv4 header", "ICMP header"])
  }

  @Test("a bad option ends the options and not the packet")
  func badOption() throws {
    let packet = try Sample.ipv4(.icmp, Sample.echo(), options: [7, 50, 1, 1])
    let explanation = PacketExplanation(of: packet.span)
    #expect(explanation.problems == ["an option's length of 50 cannot be"])
    #expect(explanation.field("Sequence Number")?.value == "7")
    #expect(explanation.accountsForAll)
  }

  @Test("IPv6 with extension headers and a fragment header")
  func ipv6() throws {
    let payload: [UInt8] =
      [60, 0, 5, 2, 0, 0, 1, 0] + [44, 0, 1, 4, 0, 0, 0, 0]
      + [58, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef] + [128, 0, 0, 0, 0, 1, 0, 2]
    let packet = try Sample.ipv6(.hopByHop, payload)
    let explanation = PacketExplanation(of: packet.span)
    #expect(
      explanation.titles == [
        "IPv6 header", "IPv6 hop-by-hop options header", "IPv6 destination options header",
        "IPv6 fragment header", "ICMPv6 header",
      ])
    #expect(
      explanation.fields("Next Header").map { String($0.value.prefix(1)) } == ["0", "6", "4", "5"])
    #expect(explanation.fields("Option Data").first?.meaning.contains("every router") == true)
    #expect(explanation.fields("Identification").map(\.value) == ["0xdeadbeef"])
    #expect(explanation.accountsForAll && explanation.problems.isEmpty)
  }

  @Test("a bad option of IPv6 ends the options and not the packet")
  func badIPv6Option() throws {
    let payload: [UInt8] = [58, 0, 5, 200, 0, 0, 1, 0] + [128, 0, 0, 0, 0, 1, 0, 2]
    let packet = try Sample.ipv6(.hopByHop, payload)
    let explanation = PacketExplanation(of: packet.span)
    #expect(
      explanation.titles == ["IPv6 header", "IPv6 hop-by-hop options header", "ICMPv6 header"])
    #expect(explanation.problems == ["an option's length of 200 cannot be"])
    #expect(explanation.field("Sequence Number")?.value == "2" && explanation.accountsForAll)
  }

  @Test("an error with what it quotes and its extensions, and an error about an error")
  func errors() throws {
    let probe = try Sample.ipv4(.udp, Sample.udp())
    let objects: [UInt8] =
      [0, 8, 1, 1, 0x01, 0x2d, 0x71, 0x01]
      + [0, 28, 2, 0x0f, 0, 0, 0, 9, 0, 1, 0, 0, 198, 18, 1, 1]
      + [8, 101, 116, 104, 48, 0, 0, 0, 0, 0, 5, 220]
    let error = try Sample.timeExceeded(about: probe, objects: objects)
    let explanation = PacketExplanation(of: error.span)
    #expect(
      explanation.titles == [
        "IPv4 header", "ICMP header", "IPv4 header", "UDP header", "Padding of the quotation",
        "ICMP extension structure",
      ])
    #expect(explanation.parts.map(\.depth) == [0, 0, 1, 1, 1, 0])
    #expect(explanation.accountsForAll && explanation.problems.isEmpty)
    #expect(explanation.field("Label")?.value == "4823")
    #expect(explanation.field("Interface Name")?.value == "eth0")
    #expect(explanation.field("MTU")?.bits.count == 1)
    #expect(explanation.fields("MTU").last?.value == "1500 octets")
    #expect(explanation.fields("Checksum").map(\.verdict) == [.right, .right, .right])

    let twice = try Sample.timeExceeded(about: Array(error.prefix(56)))
    let inner = PacketExplanation(of: twice.span)
    #expect(inner.parts.map(\.depth) == [0, 0, 1, 1, 2, 2])
    #expect(inner.accountsForAll)
  }

  @Test("errors within errors end at a depth")
  func bounded() throws {
    var packet = try Sample.ipv4(.icmp, Sample.echo())
    for _ in 0..<12 { packet = try Sample.timeExceeded(about: packet) }
    let explanation = PacketExplanation(of: packet.span)
    #expect(explanation.parts.map(\.depth).max() == PacketExplanation.maximumDepth)
    #expect(explanation.titles.last == "Quoted datagram" && explanation.accountsForAll)
  }

  @Test("TCP with its flags and options")
  func tcp() throws {
    let options: [UInt8] = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 8, 1, 3, 3, 7]
    let packet = try Sample.ipv4(.tcp, Sample.tcp(options: options, data: [9]))
    let explanation = PacketExplanation(of: packet.span)
    #expect(explanation.accountsForAll && explanation.problems.isEmpty)
    #expect(explanation.field("Maximum Segment Size")?.value == "1460 octets")
    #expect(explanation.field("shift.cnt")?.meaning.contains("128 times") == true)
    #expect(explanation.field("TS Value (TSval)")?.value == "9")
    let set = ["AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"].filter {
      explanation.field($0)?.value == "1, set"
    }
    #expect(set == ["ECE", "SYN"])
    #expect(explanation.field("Destination Port")?.value == "443 (https)")
    #expect(explanation.field("Checksum")?.verdict == .right)
    #expect(explanation.field("Data")?.octets == 60..<61)
  }

  @Test("a message without its IP header")
  func message() throws {
    var header = ICMPv6Header(.echoReply, identifier: 1, sequenceNumber: 2)
    let data: [UInt8] = [5, 6]
    header.fill(payload: data.span, from: Sample.server6, to: Sample.client6)
    let message = [UInt8](capacity: 10) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
    let explanation = PacketExplanation(
      ofMessage: message.span, from: .v6(Sample.server6), to: .v6(Sample.client6))
    #expect(explanation.accountsForAll && explanation.count == 10)
    #expect(explanation.titles == ["ICMPv6 header"])
    #expect(explanation.field("Checksum")?.verdict == .right)
    #expect(explanation.field("Data")?.octets == 8..<10)
  }

  @Test("every shorter packet says what is missing, and accounts for all that is there")
  func truncation() throws {
    let whole = try Sample.timeExceeded(
      about: try Sample.ipv4(.tcp, Sample.tcp(options: [2, 4, 5, 0xb4])),
      objects: [0, 8, 1, 1, 0, 0, 0x11, 1])
    for count in 0..<whole.count {
      let cut = Array(whole.prefix(count))
      let explanation = PacketExplanation(of: cut.span)
      #expect(explanation.accountsForAll, "\(count)")
      #expect(!explanation.problems.isEmpty, "\(count)")
    }
    let cut = PacketExplanation(of: whole.span.extracting(first: 7))
    #expect(
      cut.problems == [
        "cut short: Fragment Offset of the IPv4 header lacks 1 octet; what follows it is missing"
      ])
  }

  @Test("whatever the octets are, each stands in one field")
  func random() throws {
    var random = SeededRNG(seed: 51)
    let seeds = [
      try Sample.timeExceeded(
        about: try Sample.ipv4(.udp, Sample.udp()),
        objects: [0, 12, 2, 0x0a, 0, 0, 0, 1, 4, 97, 98, 99]),
      try Sample.ipv4(.tcp, Sample.tcp(options: [5, 10, 0, 0, 0, 1, 0, 0, 0, 9])),
      try Sample.ipv6(.routing, [58, 2, 0, 1] + [UInt8](repeating: 1, count: 36)),
      try Sample.ipv4(.icmp, Sample.echo(), options: [68, 8, 5, 0, 0, 0, 0, 0]),
    ]
    for round in 0..<4_000 {
      var octets = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        octets[Int.random(in: 0..<octets.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      if round % 3 == 0 { octets = random.bytes(count: Int.random(in: 0...120, using: &random)) }
      if round % 6 == 0, !octets.isEmpty { octets[0] = round % 12 == 0 ? 0x45 : 0x60 }
      let explanation = PacketExplanation(of: octets.span)
      #expect(explanation.accountsForAll, "\(octets)")
      let message = PacketExplanation(
        ofMessage: octets.span, from: .v4(Sample.server), to: .v4(Sample.client))
      #expect(message.accountsForAll, "\(octets)")
    }
  }
}
