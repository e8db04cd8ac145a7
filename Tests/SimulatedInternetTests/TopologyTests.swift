import LineFormat
import PacketWire
import SimulatedInternet
import Testing

@Suite("The text of a topology")
struct TopologyTests {
  @Test func everyWord() throws {
    let topology = try Topology(
      parsing: """
        # comment
        seed 18446744073709551615   # and here

        client me.test 198.18.0.2 2001:db8::2\r
        \trouter r1.test 2001:db8:1::1 198.18.1.1 delay 300us/1.5ms jitter 10ns/2s loss 0.5%/100%
        router r2.test 198.18.2.1 far 198.18.2.129 2001:db8:2::81 reorder silent loss 0.0001%
        path 2 silent delay 0s
        path 1 loss 33.25%
        resolver dns.test 203.0.113.53
        site www.test 203.0.113.80 jitter 60s delay 0.000001ms
        record a.test A 203.0.113.1
        record b.test aaaa 2001:db8::b
        record c.test CNAME b.test
        record d.test MX 65535 mail.test
        record e.test TXT "two  words # no comment" ""
        record f.test NS dns.test
        record g.test SOA dns.test admin.test
        record h.test PTR a.test
        """)
    #expect(topology.seed == .max)
    #expect(topology.client.name == DNSName("me.test"))
    #expect(
      topology.client.addresses
        == NodeAddresses(IPv4Address("198.18.0.2"), IPv6Address("2001:db8::2")))
    #expect(topology.routers.map(\.manners.isSilent) == [false, true, true, true, false])
    let link = topology.routers[0].link
    #expect(
      (link.outward.delay, link.homeward.delay) == (Nanoseconds(300_000), Nanoseconds(1_500_000)))
    #expect((link.outward.jitter, link.homeward.jitter) == (Nanoseconds(10), .seconds(2)))
    #expect(
      (link.outward.loss, link.homeward.loss) == (.init(clamping: 5000), .init(clamping: 1_000_000))
    )
    #expect(!link.outward.reorders && !link.homeward.reorders)
    let second = topology.routers[1]
    #expect(
      second.farAddresses
        == NodeAddresses(IPv4Address("198.18.2.129"), IPv6Address("2001:db8:2::81")))
    #expect(second.link.outward.reorders && second.link.homeward.reorders)
    #expect(second.link.outward.loss == .init(clamping: 1) && second.link.outward.delay == .zero)
    #expect(
      topology.routers[3].node
        == .init(nil, NodeAddresses(IPv4Address("198.18.4.1"), IPv6Address("2001:db8:4::1"))))
    #expect(topology.routers[4].link.homeward.loss == .init(clamping: 332_500))
    #expect(
      topology.resolver
        == .init(DNSName("dns.test"), NodeAddresses(IPv4Address("203.0.113.53"), nil)))
    #expect(topology.site.addresses.all == [.v4(IPv4Address(203, 0, 113, 80))])
    #expect(
      topology.siteLink.outward.delay == Nanoseconds(1)
        && topology.siteLink.homeward.jitter == .seconds(60))
    #expect(topology.records.map(\.type) == [.a, .aaaa, .cname, .mx, .txt, .ns, .soa, .ptr])
    #expect(
      topology.records.map(\.data).prefix(5) == [
        .a(IPv4Address(203, 0, 113, 1)), .aaaa(try #require(IPv6Address("2001:db8::b"))),
        .name(try #require(DNSName("b.test"))),
        .mx(preference: 65535, exchange: try #require(DNSName("mail.test"))),
        .txt([Array("two  words # no comment".utf8), []]),
      ])
    guard case .soa(let soa) = topology.records[6].data else { return }
    #expect(soa.primaryServer == DNSName("dns.test") && soa.mailbox == DNSName("admin.test"))
  }

  @Test func defaults() throws {
    let topology = try Topology(parsing: "client a.test 198.18.0.2\nsite b.test 203.0.113.80")
    #expect(topology.seed == 1 && topology.routers.isEmpty && topology.resolver == nil)
    #expect(topology.siteLink == Topology.Link())
  }

  @Test func theDefaultTopology() {
    let topology = Topology.default
    #expect(topology.routers.count == 11)
    #expect(topology.routers.allSatisfy { $0.node.name?.description.hasSuffix(".test.") == true })
    #expect(topology.resolver?.name?.description == "dns.discord.test.")
    #expect(topology.site.name?.description == "www.discord.test.")
  }

  static let head = "client a.test 198.18.0.2 2001:db8::2\n"

  private func expectError(_ text: String, _ expected: String) {
    let error = #expect(throws: LineError.self) {
      try Topology(parsing: text, named: "home.lab")
    }
    #expect(error?.description == "home.lab:" + expected)
  }

  static let wholeFiles: [(String, String)] = [
    ("", "1:1: expected a line that begins with client, found the end of the file"),
    ("\n\n", "3:1: expected a line that begins with client, found the end of the file"),
    (head, "2:1: expected a line that begins with site, found the end of the file"),
    ("seed 1\nseed 2", "2:1: expected only one such line, found \"seed\""),
    (head + head, "2:1: expected only one such line, found \"client\""),
    (
      head + "path 200\npath 55",
      "3:1: expected at most 254 routers one behind the other, found \"path\""
    ),
    (
      head + "path 254\nrouter b.test 203.0.113.1",
      "3:1: expected at most 254 routers one behind the other, found \"router\""
    ),
    (
      head + "row 2\nsite b.test 203.0.113.1", "2:1: expected a router before a row, found \"row\""
    ),
    (
      head + "path 1\nrow 254\nrow 254\nrow 254",
      "5:1: expected at most 100000 links, found \"row\""
    ),
    (
      head + "path 1 as a\nrow 200 behind a\nrow 55 behind a",
      "4:1: expected at most 254 routers at one place of the path, found \"row\""
    ),
    (
      head + "path 1 as a\nrow 2 behind a as b",
      "3:16: expected \(allWords) or the end of the line, found \"as b\""
    ),
    (
      head + "path 1 as c.test\nrouter c.test 198.18.9.9",
      "3:8: expected a name that no earlier line has, found \"c.test\""
    ),
    (
      head + "path 1 behind b.test\nrouter b.test 198.18.9.9",
      "2:15: expected the name of an earlier router, path or row, found \"b.test\""
    ),
    (
      head + "path 1 as b\nrow 2 behind b b\n", "3:16: expected each name once, found \"b\""
    ),
    (
      head + "site b.test 203.0.113.1\nsite b.test 203.0.113.2",
      "3:13: expected the addresses of the earlier site of this name, found \"203.0.113.2\""
    ),
    (
      head + "path 1 balance flap",
      "2:16: expected flow, packet, destination or flap:TIME such as flap:10s, found \"flap\""
    ),
    (head + "path 1 only up", "2:13: expected outward or homeward, found \"up\""),
  ]

  @Test("errors say where, what was expected, and what was there", arguments: wholeFiles)
  func fileErrors(text: String, expected: String) { expectError(text, expected) }

  /// The column, what was expected and what was found, for a second line.
  static let lines: [(String, Int, String, String)] = [
    (
      "ruoter x", 1, "seed, client, router, path, row, site, resolver, record or system",
      "\"ruoter x\""
    ),
    ("  seed", 7, "a seed such as 42", endOfLine),
    ("seed -1", 6, "a seed such as 42", "\"-1\""),
    ("seed 18446744073709551616", 6, "a seed such as 42", "\"18446744073709551616\""),
    ("seed 1 2", 8, endOfLine, "\"2\""),
    ("site", 5, hostName, endOfLine),
    ("site a..b", 6, hostName, "\"a..b\""),
    ("site é.test 198.18.0.2", 6, hostName, "\"é.test 198.18.0.2\""),
    ("site b.test", 12, "an IPv4 or IPv6 address", endOfLine),
    ("site b.test 1.2.3", 13, "an IPv4 or IPv6 address", "\"1.2.3\""),
    ("site b.test 224.0.0.1", 13, "a unicast address", "\"224.0.0.1\""),
    (
      "site b.test 198.18.0.3 198.18.0.4", 24, "at most one address of each family",
      "\"198.18.0.4\""
    ),
    ("resolver b.test 198.18.0.9 delay 1ms", 28, endOfLine, "\"delay 1ms\""),
    ("router A.test 198.18.1.1", 8, "a name that no earlier line has", "\"A.test\""),
    (
      "router b.test 198.18.0.2", 15, "an address that no earlier line has", "\"198.18.0.2\""
    ),
    ("router b.test 198.18.1.1 far", 29, "an IPv4 or IPv6 address", endOfLine),
    ("path 0", 6, "a number of routers from 1 to 254", "\"0\""),
    (
      "path 18446744073709551615", 6, "a number of routers from 1 to 254",
      "\"18446744073709551615\""
    ),
    (
      "site b.test 203.0.113.80 silent", 26,
      "\(words) or the end of the line", "\"silent\""
    ),
    (
      "path 1 slow", 8, "\(allWords) or the end of the line", "\"slow\""
    ),
  ]
  static let words =
    "burst, corrupt, delay, duplicate, jitter, late, loss, mtu, queue, rate, reorder"
  static let allWords =
    "balance, bleach, burst, clock, corrupt, delay, drop, dscp, duplicate, info, interface, jitter, "
    + "late, limit, loss, mask, mpls, mss, mtu, nat, network, oldext, only, probe, prohibit, queue, "
    + "quote, rate, reject, reorder, silent, source, zerottl"
  static let hostName = "a host name such as r1.home.test"
  static let endOfLine = "the end of the line"

  @Test("errors of single lines", arguments: lines)
  func lineErrors(line: String, column: Int, expected: String, found: String) {
    expectError(Self.head + line, "2:\(column): expected \(expected), found \(found)")
  }

  static let links: [(String, Int, String, String)] = [
    ("delay 5 parsecs", 7, "a delay such as 5ms", "\"5 parsecs\""),
    ("delay 5 parsecs loss 1%", 7, "a delay such as 5ms", "\"5 parsecs\""),
    ("delay 61s", 7, "a delay such as 5ms", "\"61s\""),
    ("delay 0.5ns", 7, "a delay such as 5ms", "\"0.5ns\""),
    ("delay 1ms/2ms/3ms", 7, "a delay such as 5ms", "\"1ms/2ms/3ms\""),
    ("delay 1ms/", 7, "a delay such as 5ms", "\"1ms/\""),
    ("delay 1.2.3ms", 7, "a delay such as 5ms", "\"1.2.3ms\""),
    ("delay ms", 7, "a delay such as 5ms", "\"ms\""),
    ("delay .5ms", 7, "a delay such as 5ms", "\".5ms\""),
    ("delay 9999999999s", 7, "a delay such as 5ms", "\"9999999999s\""),
    (
      "delay 1ms delay 2ms", 11,
      "\(allWords.replacing("delay, ", with: "")) or the end of the line",
      "\"delay 2ms\""
    ),
    ("jitter -1ms", 8, "a jitter such as 2ms", "\"-1ms\""),
    ("loss 101%", 6, "a loss such as 1%", "\"101%\""),
    ("loss 0.00001%", 6, "a loss such as 1%", "\"0.00001%\""),
    ("loss 1", 6, "a loss such as 1%", "\"1\""),
    ("loss", 5, "a loss such as 1%", "the end of the line"),
    ("jitter 1ms gauss", 12, "uniform, normal, exponential or pareto", "\"gauss\""),
    ("late 1%", 6, "a chance and a time such as 2%:15ms", "\"1%\""),
    ("late 1%:2ms:3ms", 6, "a chance and a time such as 2%:15ms", "\"1%:2ms:3ms\""),
    ("burst 1%", 7, "chances to begin and to end such as 1%:20%", "\"1%\""),
    ("burst 1%:2%:3%:4%", 7, "chances to begin and to end such as 1%:20%", "\"1%:2%:3%:4%\""),
    ("burst 1%:x", 7, "chances to begin and to end such as 1%:20%", "\"1%:x\""),
    ("duplicate 2", 11, "a chance such as 1%", "\"2\""),
    ("corrupt 101%", 9, "a chance such as 1%", "\"101%\""),
    ("limit 10", 7, "a limit such as 10/s or 1/s:6", "\"10\""),
    ("limit 0/s", 7, "a limit such as 10/s or 1/s:6", "\"0/s\""),
    ("limit 1/s:0", 7, "a limit such as 10/s or 1/s:6", "\"1/s:0\""),
    ("limit 1/s:1001", 7, "a limit such as 10/s or 1/s:6", "\"1/s:1001\""),
    ("quote 1281", 7, "a number of octets from 0 to 1280", "\"1281\""),
    ("source near", 8, "far, or an IPv4 or IPv6 address", "\"near\""),
    ("source 192.0.2.1 192.0.2.2", 18, "at most one address of each family", "\"192.0.2.2\""),
    ("dscp 64", 6, "a DSCP from 0 to 63", "\"64\""),
    ("mss 0", 5, "a segment size from 1 to 65535", "\"0\""),
    ("mss 65536", 5, "a segment size from 1 to 65535", "\"65536\""),
    ("mpls 1048576", 6, "labels such as 24001 or 24001,16", "\"1048576\""),
    ("mpls 1,2,3,4,5,6,7,8,9", 6, "labels such as 24001 or 24001,16", "\"1,2,3,4,5,6,7,8,9\""),
    ("mpls 1,", 6, "labels such as 24001 or 24001,16", "\"1,\""),
    ("interface \"\"", 11, "an interface's name of at most 59 octets", "\"\""),
    ("mtu 67", 5, "an MTU from 68 to 65535", "\"67\""),
    ("mtu 1500/65536", 5, "an MTU from 68 to 65535", "\"1500/65536\""),
    ("rate 10", 6, "a rate such as 10mbit", "\"10\""),
    ("rate 0bit", 6, "a rate such as 10mbit", "\"0bit\""),
    ("rate 1001gbit", 6, "a rate such as 10mbit", "\"1001gbit\""),
    ("rate 1mbit queue 5", 18, "a queue such as 50ms or 64kB", "\"5\""),
    ("rate 1mbit queue 1001MB", 18, "a queue such as 50ms or 64kB", "\"1001MB\""),
    ("queue 5ms", 10, "a rate, since there is a queue", "the end of the line"),
  ]

  @Test func everyWordOfALink() throws {
    let topology = try Topology(
      parsing: """
        client me.test 198.18.0.2
        router a.test 198.18.1.1 delay 1ms/2ms jitter 3ms normal late 4%:5ms/6%:7ms
        router b.test 198.18.2.1 jitter 1ms pareto loss 1%/2% burst 3%:4%/5%:6%:7% silent
        router c.test 198.18.3.1 duplicate 8%/9% corrupt 10%/11% reorder jitter 1s exponential
        site www.test 203.0.113.80 rate 1.5mbit/2gbit queue 20ms/64kB mtu 1400/68 jitter 1ms uniform
        """)
    func percent(_ value: UInt64) -> Probability { Probability(clamping: value * 10_000) }
    var first = LinkProperties()
    (first.delay, first.jitter, first.jitterShape) = (.milliseconds(1), .milliseconds(3), .normal)
    first.lateness = Lateness(percent(4), by: .milliseconds(5))
    #expect(topology.routers[0].link.outward == first)
    (first.delay, first.lateness) = (.milliseconds(2), Lateness(percent(6), by: .milliseconds(7)))
    #expect(topology.routers[0].link.homeward == first)
    var second = LinkProperties()
    (second.jitter, second.jitterShape, second.loss) = (.milliseconds(1), .pareto, percent(1))
    second.bursts = LossBursts(entering: percent(3), leaving: percent(4))
    #expect(topology.routers[1].link.outward == second && topology.routers[1].manners.isSilent)
    second.loss = percent(2)
    second.bursts = LossBursts(entering: percent(5), leaving: percent(6), loss: percent(7))
    #expect(topology.routers[1].link.homeward == second)
    var third = LinkProperties()
    (third.duplication, third.corruption, third.reorders) = (percent(8), percent(10), true)
    (third.jitter, third.jitterShape) = (.seconds(1), .exponential)
    #expect(topology.routers[2].link.outward == third)
    (third.duplication, third.corruption) = (percent(9), percent(11))
    #expect(topology.routers[2].link.homeward == third)
    var last = LinkProperties()
    (last.rate, last.queue) = (BitRate(clamping: 1_500_000), .time(.milliseconds(20)))
    (last.jitter, last.jitterShape, last.mtu) = (.milliseconds(1), .uniform, 1400)
    #expect(topology.siteLink.outward == last)
    (last.rate, last.queue, last.mtu) = (BitRate(clamping: 2_000_000_000), .octets(64_000), 68)
    #expect(topology.siteLink.homeward == last)
  }

  @Test func everyWordOfARouter() throws {
    let topology = try Topology(
      parsing: """
        client me.test 198.18.0.2
        router a.test 198.18.1.1 limit 0.5/s:6 quote 28 zerottl delay 1ms
        router b.test 198.18.2.1 far 198.18.2.2 source far silent mpls 24001,16 interface xe-0/1
        path 1 source 192.0.2.9 2001:db8::9 limit 1000/s dscp 46 bleach mss 1360
        site www.test 203.0.113.80
        """)
    var manners = RouterManners()
    manners.errorLimit = ErrorLimit(every: .seconds(2), burst: 6)
    (manners.quotedLength, manners.forwardsExhausted) = (28, true)
    #expect(topology.routers[0].manners == manners)
    manners = RouterManners()
    (manners.errorSource, manners.isSilent) = (.farInterface, true)
    (manners.labels, manners.interfaceName) = ([24001, 16], "xe-0/1")
    #expect(topology.routers[1].manners == manners)
    manners = RouterManners()
    manners.errorLimit = ErrorLimit(every: .milliseconds(1))
    manners.errorSource = .address(
      NodeAddresses(IPv4Address("192.0.2.9"), IPv6Address("2001:db8::9")))
    #expect(topology.routers[2].manners == manners)
    var edits = PacketEdits()
    (edits.dscp, edits.bleachesECN, edits.maximumSegmentSize) = (46, true, 1360)
    #expect(topology.routers.map(\.edits) == [PacketEdits(), PacketEdits(), edits])
  }

  @Test("errors of links", arguments: links)
  func linkErrors(options: String, column: Int, expected: String, found: String) {
    expectError(
      Self.head + "path 1 " + options,
      "2:\(column + 7): expected \(expected), found \(found)")
  }

  static let records: [(String, Int, String, String)] = [
    ("", 7, hostName, endOfLine),
    (" x.test HINFO 1", 15, "A, AAAA, CNAME, MX, TXT, NS, SOA, PTR, SRV or CAA", "\"HINFO 1\""),
    (
      " x.test 2147483648 A 1.2.3.4", 15, "a time to live from 0 to 2147483647",
      "\"2147483648 A 1.2.3.4\""
    ),
    (" x.test 7", 16, "A, AAAA, CNAME, MX, TXT, NS, SOA, PTR, SRV or CAA", endOfLine),
    (" x.test SRV 1 2 65536 y.test", 23, "a port such as 5060", "\"65536 y.test\""),
    (" x.test CAA 256 issue ca.test", 19, "flags from 0 to 255", "\"256 issue ca.test\""),
    (" x.test CAA 0 issue", 26, "a value of at most 255 octets", endOfLine),
    (" x.test A 2001:db8::1", 17, "an IPv4 address", "\"2001:db8::1\""),
    (" x.test AAAA 203.0.113.1", 20, "an IPv6 address", "\"203.0.113.1\""),
    (" x.test MX mail.test", 18, "a preference such as 10", "\"mail.test\""),
    (" x.test MX 65536 m.test", 18, "a preference such as 10", "\"65536 m.test\""),
    (" x.test SOA dns.test", 27, hostName, endOfLine),
    (" x.test TXT", 18, "a text of at most 255 octets", endOfLine),
    (" x.test TXT \"open", 24, "a closing quote", endOfLine),
    (" x.test A 203.0.113.1 203.0.113.2", 29, endOfLine, "\"203.0.113.2\""),
  ]

  @Test("errors of records", arguments: records)
  func recordErrors(record: String, column: Int, expected: String, found: String) {
    expectError(
      Self.head + "record" + record, "2:\(column): expected \(expected), found \(found)")
  }

  @Test func textsAreBounded() throws {
    let long = String(repeating: "x", count: 255)
    let sixteen = String(repeating: " \"\(long)\"", count: 16)
    #expect(throws: Never.self) {
      try Topology(parsing: Self.head + "record x.test TXT\(sixteen)\nsite b.test 203.0.113.1")
    }
    #expect(throws: LineError.self) {
      try Topology(parsing: Self.head + "record x.test TXT\(sixteen) y\nsite b.test 203.0.113.1")
    }
    #expect(throws: LineError.self) {
      try Topology(parsing: Self.head + "record x.test TXT x\(long)\nsite b.test 203.0.113.1")
    }
  }

  @Test func replacedRouters() throws {
    var link = Topology.Link()
    link.outward.delay = .milliseconds(4)
    var topology = Topology.default
    topology.replaceRouters(with: 30, behind: link)
    #expect(topology.routers.count == 30)
    #expect(
      topology.routers[29].node.addresses.all.map(\.description) == [
        "198.18.30.1", "2001:db8:30::1",
      ])
    #expect(topology.routers[29].link == link)
    #expect(topology.siteLink == Topology.default.siteLink)
    topology.changeLinks { $0.loss = .init(clamping: 7) }
    #expect(topology.siteLink.homeward.loss == .init(clamping: 7))
    #expect(topology.routers[3].link.outward.loss == .init(clamping: 7))
    #expect(topology.routers[3].link.outward.delay == .milliseconds(4))
  }
}
