import PacketTestSupport
import PacketWire
import Testing

@testable import PacketText

/// The lines of packets that are given one after the other, with times in nanoseconds.
private func lines(
  _ printer: inout PacketPrinter, _ packets: [(time: Int64, octets: [UInt8])],
  _ linkType: LinkType = .ethernet
) -> [String] {
  var out = TextBuffer()
  for (index, packet) in packets.enumerated() {
    let octets = packet.octets.span
    printer.line(
      for: Frame(decoding: octets, linkType: linkType), octets: octets, number: index + 1,
      at: WallInstant(nanoseconds: packet.time), originalLength: octets.count, into: &out)
  }
  return out.string.split(separator: "\n").map(String.init)
}

/// 192.0.2.1 port 40000 to 198.51.100.2 port 80, four octets of UDP, without a link header.
private let datagram = hex(
  "45000020 00010000 4011 0000 c0000201 c6336402 9c40 0050 000c 0000 61626364")

@Suite("The printer's times")
struct PacketPrinterTimeTests {
  private func stamps(
    _ timestamp: PacketTextOptions.Timestamp, _ times: [Int64],
    _ precision: PacketTextOptions.Precision = .microseconds,
    secondsEastOfUTC: ((WallInstant) -> Int)? = nil
  ) -> [String] {
    var options = PacketTextOptions()
    (options.timestamp, options.precision, options.isNumeric) = (timestamp, precision, true)
    var printer = PacketPrinter(options)
    printer.secondsEastOfUTC = secondsEastOfUTC
    return lines(&printer, times.map { ($0, datagram) }, .raw).map { line in
      line.components(before: "IP ")
    }
  }

  private let leapDay: Int64 = 951_868_799_123_456_789  // 2000-02-29T23:59:59.123456789Z

  @Test func dates() {
    #expect(stamps(.dateAndTime, [leapDay]) == ["2000-02-29 23:59:59.123456 "])
    #expect(
      stamps(.dateAndTime, [leapDay + 1_000_000_000], .nanoseconds)
        == ["2000-03-01 00:00:00.123456789 "])
    #expect(stamps(.dateAndTime, [0]) == ["1970-01-01 00:00:00.000000 "])
    #expect(stamps(.dateAndTime, [-1]) == ["1969-12-31 23:59:59.999999 "])
    // 2100 is no leap year; its last day before March, and the end of what an instant can say.
    #expect(stamps(.dateAndTime, [4_107_542_399_000_000_000]) == ["2100-02-28 23:59:59.000000 "])
    #expect(stamps(.dateAndTime, [.max], .nanoseconds) == ["2262-04-11 23:47:16.854775807 "])
    #expect(stamps(.dateAndTime, [.min], .nanoseconds) == ["1677-09-21 00:12:43.145224192 "])
  }

  @Test func theZoneIsAskedAgainEveryQuarterOfAnHour() {
    var asked = 0
    let quarter: Int64 = 900_000_000_000
    let zone: (WallInstant) -> Int = { time in
      asked += 1
      return time.nanoseconds < 4 * quarter ? 3600 : -1800
    }
    #expect(
      stamps(
        .timeOfDay, [3 * quarter, 4 * quarter - 1, 4 * quarter, 4 * quarter + 5],
        secondsEastOfUTC: zone)
        == ["01:45:00.000000 ", "01:59:59.999999 ", "00:30:00.000000 ", "00:30:00.000000 "])
    #expect(asked == 2)
    #expect(
      stamps(.dateAndTime, [leapDay], secondsEastOfUTC: { _ in 1 })
        == ["2000-03-01 00:00:00.123456 "])
  }

  @Test func timesSince() {
    let times: [Int64] = [1_999, 3_000, 2_000_001_000, 1_000_000_500, 90_000_000_000_000]
    #expect(
      stamps(.sincePrevious, times) == [
        " 00:00:00.000000 ", " 00:00:00.000002 ", " 00:00:01.999998 ", "-00:00:01.000001 ",
        " 24:59:59.000000 ",
      ])
    #expect(
      stamps(.sinceFirst, times) == [
        " 00:00:00.000000 ", " 00:00:00.000002 ", " 00:00:02.000000 ", " 00:00:00.999999 ",
        " 24:59:59.999999 ",
      ])
    #expect(
      stamps(.sinceFirst, [5, 1_000_000_007], .nanoseconds)
        == [" 00:00:00.000000000 ", " 00:00:01.000000002 "])
    #expect(
      stamps(.sincePrevious, [0, 360_000_000_000_000])
        == [" 00:00:00.000000 ", " 100:00:00.000000 "])
  }

  @Test func epochAndNone() {
    #expect(stamps(.epoch, [1_700_000_000_000_001_999]) == ["1700000000.000001 "])
    #expect(stamps(.none, [7]) == [""])
  }
}

extension String {
  /// What stands before the first `mark`.
  fileprivate func components(before mark: String) -> String {
    range(of: mark).map { String(self[..<$0]) } ?? self
  }

  private func range(of mark: String) -> String.Index? {
    indices.first { self[$0...].hasPrefix(mark) }
  }
}

@Suite("What the printer is told from outside")
struct PacketPrinterNameTests {
  @Test func hostNamesAreSafeTextAndOnlyAskedForWithoutN() {
    var printer = PacketPrinter()
    printer.options.timestamp = .none
    printer.hostName = { address in
      address == .v4(IPv4Address(192, 0, 2, 1)) ? "a\u{1b}[2Jb" : nil
    }
    #expect(
      lines(&printer, [(0, datagram)], .raw)
        == ["IP a\\x1b[2Jb.40000 > 198.51.100.2.80: UDP, length 4"])
    printer.options.isNumeric = true
    #expect(
      lines(&printer, [(0, datagram)], .raw)
        == ["IP 192.0.2.1.40000 > 198.51.100.2.80: UDP, length 4"])
  }

  @Test func interfaceNames() {
    let frame = hex("0800 0000 00000003 0001 04 06 020000000001 0000") + datagram
    var printer = PacketPrinter()
    (printer.options.timestamp, printer.options.isNumeric) = (.none, true)
    printer.interfaceName = { $0 == 3 ? "eth0" : nil }
    #expect(
      lines(&printer, [(0, frame)], .linuxSLL2)
        == ["eth0  Out IP 192.0.2.1.40000 > 198.51.100.2.80: UDP, length 4"])
    printer.interfaceName = { _ in nil }
    #expect(
      lines(&printer, [(0, frame)], .linuxSLL2)
        == ["?     Out IP 192.0.2.1.40000 > 198.51.100.2.80: UDP, length 4"])
  }

  @Test func anUnknownLinkTypeIsShownInHex() {
    var printer = PacketPrinter()
    printer.options.timestamp = .none
    #expect(
      lines(&printer, [(0, hex("1b416263"))], LinkType(rawValue: 147)) == [
        "link type 147, length 4: ", "\t0x0000:  1b41 6263                                .Abc",
      ])
    printer.options.dump = .hex(withLinkHeader: false)
    #expect(
      lines(&printer, [(0, hex("1b416263"))], LinkType(rawValue: 147))
        == ["link type 147, length 4: ", "\t0x0000:  1b41 6263"])
  }

  @Test func whatTcpdumpDoesNotMarkIsMarkedByLayerAndPlace() {
    // An ARP packet with addresses of other lengths.
    let frame = hex("020000000002 020000000001 0806 0001 0800 08 04 0001") + [UInt8](0..<20)
    var printer = PacketPrinter()
    printer.options.timestamp = .none
    #expect(
      lines(&printer, [(0, frame)]) == ["ARP, [ARP at octet 18: unsupported value 2052]"])
  }
}

@Suite("Content that is said and not recognised (-T)")
struct ForcedContentTests {
  /// A question for the address of a.test, without an end of a link.
  private static let question = "0001 0100 0001 0000 0000 0000 0161 0474657374 00 0001 0001"
  private static let addresses = "c0000201 c6336402"

  private func line(
    _ octets: [UInt8], _ content: PacketTextOptions.ForcedContent?, isQuick: Bool = false
  ) -> String {
    var options = PacketTextOptions()
    (options.timestamp, options.isNumeric) = (.none, true)
    (options.forcedContent, options.isQuick) = (content, isQuick)
    var printer = PacketPrinter(options)
    return lines(&printer, [(0, octets)], .raw).joined(separator: "|")
  }

  @Test("a datagram on a port of no protocol", arguments: [true, false])
  func datagram(isQuick: Bool) {
    let octets = hex(
      "45000034 00010000 4011 0000 \(Self.addresses) 9c40 14b4 0020 0000" + Self.question)
    let ends = "IP 192.0.2.1.40000 > 198.51.100.2.5300: "
    #expect(line(octets, nil, isQuick: isQuick) == ends + "UDP, length 24")
    #expect(line(octets, .domain, isQuick: isQuick) == ends + "1+ A? a.test. (24)")
    #expect(line(octets, .ntp, isQuick: isQuick) == ends + "NTPv0, unspecified, length 24")
    #expect(line(octets, .quic, isQuick: isQuick) == ends + "quic, protected")
    let vxlan = line(octets, .vxlan, isQuick: isQuick)
    #expect(vxlan.hasPrefix(ends + "VXLAN, flags [invalid] (0x00), vni 256|"), "\(vxlan)")
    let geneve = line(octets, .geneve, isQuick: isQuick)
    #expect(geneve.hasPrefix(ends + "Geneve, Flags [none]"), "\(geneve)")
  }

  @Test("a segment is taken for DNS only")
  func segment() {
    let octets = hex(
      "45000042 00010000 4006 0000 \(Self.addresses) 9c40 14b4 00000001 00000000 50082000 00000000"
        + "0018" + Self.question)
    let start = "IP 192.0.2.1.40000 > 198.51.100.2.5300: Flags [P], seq 1:27, win 8192, length 26"
    #expect(line(octets, .domain) == start + " 1+ A? a.test. (24)")
    for content in [nil, .vxlan, .quic] as [PacketTextOptions.ForcedContent?] {
      #expect(line(octets, content) == start)
    }
  }
}

/// As tcpdump 4.99 prints them.
@Suite("The printer on how a packet was captured")
struct CaptureHeaderTextTests {
  private func line(_ octets: [UInt8], _ linkType: LinkType, link: Bool) -> String {
    var options = PacketTextOptions()
    (options.timestamp, options.isNumeric, options.showsLinkHeader) = (.none, true, link)
    var printer = PacketPrinter(options)
    return lines(&printer, [(0, octets)], linkType)[0]
  }

  private static let tail = "192.0.2.1.40000 > 198.51.100.2.80: UDP, length 4"

  @Test(
    "what stands before the packet, with -e",
    arguments: [
      (
        LinkType.nflog, "0200 0014 2400 0900",
        "version 0, resource ID 20, family IPv4 (2), length 40: "
      ),
      (
        .ipnet, "0102 0000 00000020 00000002 00000000 ffffffff 00000000",
        "4294967295 > 0, family IPv4 (2), length 56: "
      ),
      (
        .pktap, "0c000000 01000000 01000000 020000000001 020000000002 0800",
        "DLT EN10MB (1) len 12, length 58: 02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 46: "
      ),
      (.ppi, "0000 0800 65000000", "V.0 DLT RAW (101) len 8, length 40: ip: "),
      (.ppi, "0000 0800 e4000000", "V.0 DLT IPV4 (228) len 8, length 40: ip: "),
    ])
  func headers(linkType: LinkType, before: String, text: String) {
    let octets = hex(before) + datagram
    #expect(line(octets, linkType, link: false) == "IP " + Self.tail)
    #expect(line(octets, linkType, link: true) == text + Self.tail)
  }

  @Test(
    "what is cut is said to be",
    arguments: [
      (LinkType.nflog, "0200 00", " [|nflog]"), (.nflog, "0200 0014", " [|nflog]"),
      (.ipnet, "0102", " [|ipnet]"), (.ppi, "0000", " [|ppi]"), (.pktap, "0c000000", " [|pktap]"),
      (.pktap, "0c000000 01000000 01000000 0200", " [|ether]"),
    ])
  func cuts(linkType: LinkType, octets: String, text: String) {
    #expect(line(hex(octets), linkType, link: false) == text)
  }
}

@Suite("TCP options that were cut")
struct CutOptionsTests {
  @Test("behind time stamps, of which nothing is missing", arguments: [(0x90, 16), (0xf0, 40)])
  func timestamps(offset: Int, length: Int) {
    let octets =
      hex("45000028 00000000 4006 0000 0a000001 0a000002 9c400050 00000001 00000002")
      + [UInt8(offset), 0x10] + hex("ffff 00000000 0101080a 00000001 00000002")
    var whole = octets + [UInt8](repeating: 1, count: length - 12)
    whole[3] = UInt8(whole.count)
    var options = PacketTextOptions()
    (options.isNumeric, options.timestamp) = (true, .none)
    var printer = PacketPrinter(options)
    func line(captured count: Int) -> String {
      var out = TextBuffer()
      let captured = Array(whole.prefix(count))
      let frame = Frame(
        decoding: captured.span, linkType: .raw, originalLength: whole.count)
      printer.line(
        for: frame, octets: captured.span, number: 1, at: WallInstant(nanoseconds: 0),
        originalLength: whole.count, into: &out)
      return out.string
    }
    let start = "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 2, win 65535, "
    // As tcpdump has it.
    #expect(
      line(captured: octets.count) == start + "options [nop,nop,TS val 1 ecr 2, [|tcp]\n")
  }
}

@Suite("A line is the same wherever in the block of a buffer it begins")
struct LinePlaceTests {
  private func check(_ octets: [UInt8], _ linkType: LinkType, _ options: PacketTextOptions) {
    func line(from start: Int) -> [UInt8] {
      var out = TextBuffer()
      out.append(repeating: 0x78, count: start)
      var printer = PacketPrinter(options)
      printer.line(
        for: Frame(decoding: octets.span, linkType: linkType), octets: octets.span, number: 1,
        at: WallInstant(nanoseconds: 0), originalLength: octets.count, into: &out)
      return Array(out.octets.dropFirst(start))
    }
    let expected = line(from: 0)
    for start in 1...512 { #expect(line(from: start) == expected, "\(start): \(octets)") }
  }

  @Test(
    "of packets as they come",
    arguments: ["tcp.hex", "udp.hex", "dns.hex", "icmp.hex", "names.pcap", "ipv6.hex"])
  func fixtures(name: String) throws {
    let fixture = try Fixture(name)
    for packet in fixture.packets.prefix(12) {
      check(packet.octets, fixture.linkType, try PacketTextOptions(flags: ["-n"]))
    }
  }

  @Test(
    "with all numbers as long as they can be",
    arguments: [
      // TCP with time stamps and urgent data, in IPv4 and IPv6.
      "4500003e00000000 40060000 ffffffff fffffffe"
        + "ffffffff ffffffff ffffffff 803fffff 0000ffff 0101080a ffffffff ffffffff 6161616161616161"
        + "6161",
      "60000000 0029 06ff 20010db8111122223333444455556666 20010db8111122223333444455557777"
        + "ffffffff ffffffff ffffffff 803fffff 0000ffff 0101080a ffffffff ffffffff 6161616161616161"
        + "61",
      // A query and a response of DNS with an operation of a long name, and all counts there are; the
      // response has an OPT record with another part of its code.
      "4500002a00000000 40110000 ffffffff fffffffe ffff0035 00160000"
        + "ffff 7fff ffff ffff ffff ffff 0000",
      "4500003600000000 40110000 ffffffff fffffffe 0035ffff 00220000"
        + "ffff fff7 0000 0000 0000 0001 00 0029 ffff 01008000 0000 0000000000",
    ])
  func longest(text: String) throws {
    for flags in [["-n"], ["-n", "-S", "-vv"]] {
      check(hex(text), .raw, try PacketTextOptions(flags: flags))
    }
  }
}
