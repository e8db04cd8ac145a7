import Testing

extension Live {
  /// What mtr, tracepath, scamper and ping report is what the lab file says.
  @Suite("The gallery, as the system's tools see it")
  struct PeerPathLiveTests {
    @Test(
      "scamper counts the ways",
      arguments: [
        ("diamond", ["198.18.1.1 -> (198.18.2.1, 198.18.2.2, 198.18.2.3) -> 198.18.3.1"]),
        (
          "wide",
          [
            "198.18.1.1 -> ("
              + (1...16).map { "198.18.2.\($0)" }.joined(separator: ", ") + ") -> 198.18.3.1"
          ]
        ),
      ] as [(String, [String])])
    func ways(lab: String, lines: [String]) throws {
      let result = try LiveLab.inside(
        "scamper -p 200 -c 'tracelb -P icmp-echo -W 15 -q 2' -i 203.0.113.80",
        options: ["-t", lab])
      for line in lines { #expect(result.lines.contains(line), "\(result.output)") }
    }

    @Test("tracepath finds where the path gets narrower")
    func narrower() throws {
      let result = try LiveLab.inside("tracepath -n 203.0.113.80", options: ["-t", "narrow"])
      #expect(
        result.output.contains(#/2: +198\.18\.1\.1 +[0-9.]+ms pmtu 1460/#), "\(result.output)")
      #expect(result.output.contains(#/4: +198\.18\.3\.1 +[0-9.]+ms pmtu 1400/#))
      #expect(result.output.contains("Resume: pmtu 1400 hops 5 back 5"))
    }

    @Test("mtr sees each hop, its delay and its ways")
    func report() throws {
      let result = try LiveLab.inside(
        "mtr -n -c 12 -i 0.1 --report --json 203.0.113.80", options: ["-t", "diamond"])
      let best = result.output.matches(of: #/"Best": ([0-9.]+)/#).compactMap { Double($0.1) }
      #expect(best.count == 4, "\(result.output)")
      for (hop, expected) in [2.0, 6, 8, 8].enumerated() where best.count == 4 {
        #expect(
          (expected - 0.1...expected + 1).contains(best[hop]), "hop \(hop + 1): \(best[hop])")
      }
    }

    @Test("ping finds the delay, and loses what it has to")
    func delayAndLoss() throws {
      let result = try LiveLab.inside(
        "ping -n -q -c 400 -i 0.003 -W 1 203.0.113.80", topology: Topologies.lossy)
      let received = try #require(result.output.firstMatch(of: #/, (\d+) received/#)?.1)
      // Each of 400 is lost with a chance of 0.2: 320 arrive, and 8 are one standard deviation.
      #expect((272...368).contains(Int(received) ?? 0), "\(result.output)")
      let least = try #require(result.output.firstMatch(of: #/= ([0-9.]+)\//#)?.1)
      #expect((8...9).contains(Double(least) ?? 0), "\(result.output)")
    }

    @Test("home and carrier: behind one translation and behind two, everything works")
    func translation() throws {
      for (lab, hops) in [("home", 5), ("carrier", 5)] {
        let result = try LiveLab.inside(
          """
          \(Shell.section("trace")); traceroute -n -q 1 -w 2 203.0.113.80
          \(Shell.section("ours")); traceroute-swift -n -q 1 -w 2 203.0.113.80
          \(Shell.section("ping")); ping -n -c 2 -i 0.2 203.0.113.80
          \(Shell.section("page")); curl -s -o /dev/null -w '%{http_code}' http://www.discord.test/
          """, options: ["-t", lab])
        for section in ["trace", "ours"] {
          let lines = try #require(result.sections[section])
          #expect(lines.count == hops + 1 && !lines.contains { $0.contains("*") }, "\(lines)")
          #expect(lines.last?.contains("203.0.113.80") ?? false)
        }
        #expect(try #require(result.sections["ping"]).contains { $0.contains(" 2 received") })
        #expect(try #require(result.sections["page"]).last == "200")
      }
    }

    @Test("firewalls refuse in the ways that traceroute knows")
    func firewalls() throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("udp")); traceroute -n -q 1 -w 1 -m 6 203.0.113.80
        \(Shell.section("icmp")); traceroute -I -n -q 1 -w 1 -m 6 203.0.113.80
        \(Shell.section("tcp")); curl -s --max-time 5 telnet://203.0.113.80:25; echo $?
        \(Shell.section("page")); curl -s -o /dev/null -w '%{http_code}' http://www.discord.test/
        """, options: ["-t", "firewall"])
      let udp = try #require(result.sections["udp"])
      // The firewall drops what it would forward, and answers what ends at it.
      #expect(udp.count == 7 && udp[2].contains("198.18.2.1") && udp[3].hasSuffix("*"), "\(udp)")
      let icmp = try #require(result.sections["icmp"])
      #expect(icmp.last?.contains("!X") ?? false, "\(icmp)")
      #expect(try #require(result.sections["tcp"]).last == "7")
      #expect(try #require(result.sections["page"]).last == "200")
    }
  }
}

extension Topologies {
  /// Two milliseconds a link, and a fifth of all packets lost on the way there.
  static let lossy = """
    client c.lossy.test 198.18.0.2
    router r1.lossy.test 198.18.1.1 delay 2ms
    site www.lossy.test 203.0.113.80 delay 2ms loss 20%/0%
    """
}
