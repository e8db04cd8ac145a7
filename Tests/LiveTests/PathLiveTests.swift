import Testing

extension Live {
  /// What the system's own tools find out about a lab's path is what its file says.
  @Suite("The lab's path, as the system's tools see it")
  struct PathLiveTests {
    @Test("ping is told of each narrower link, in both families")
    func narrowLinks() throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("forbidden")); ping -n -c 3 -i 0.2 -W 1 -M do -s 1472 203.0.113.80
        \(Shell.section("allowed")); ping -n -c 2 -i 0.2 -W 1 -M dont -s 1472 203.0.113.80
        \(Shell.section("six")); ping -n -c 4 -i 0.2 -W 1 -M dont -s 1452 2001:db8:cb::80
        """, topology: Topologies.narrow)
      let forbidden = try #require(result.sections["forbidden"])
      #expect(forbidden.contains("From 198.18.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)"))
      #expect(forbidden.contains { $0.contains("0 received") })
      // Other links of the path are wide enough: fragments are put together by the site.
      #expect(try #require(result.sections["allowed"]).contains { $0.contains(" 2 received") })
      let six = try #require(result.sections["six"])
      #expect(six.contains("From 2001:db8:1::1 icmp_seq=1 Packet too big: mtu=1400"))
      #expect(six.contains("From 2001:db8:2::1 icmp_seq=2 Packet too big: mtu=1300"))
      #expect(six.contains { $0.contains(" 2 received") })
    }

    @Test("a page comes whole over narrow links", arguments: ["203.0.113.80", "[2001:db8:cb::80]"])
    func page(host: String) throws {
      let script = "curl -s --max-time 20 http://\(host)/ | cksum"
      let narrow = try LiveLab.inside(script, topology: Topologies.narrow)
      let wide = try LiveLab.inside(script)
      #expect(narrow.code == 0 && narrow.output == wide.output)
    }

    @Test("traceroute finds labels, hidden routers and other interfaces")
    func manners() throws {
      let result = try LiveLab.inside(
        "traceroute -n -e -q 1 -N 1 -w 2 203.0.113.80", topology: Topologies.illMannered)
      let hops = result.lines.dropFirst().map {
        String($0.drop { $0 == " " }.prefix { $0 != "m" && $0 != ">" }.prefix(60))
      }
      #expect(hops.count == 5, "\(result.output)")
      let starts = [
        "1  198.18.1.1 <MPLS:L=24001,E=0,S=0,T=1/L=16,E=0,S=1,T=1", "2  198.18.3.1 ",
        "3  198.18.3.1 ", "4  198.18.4.129 ", "5  203.0.113.80 ",
      ]
      for (hop, start) in zip(hops, starts) { #expect(hop.hasPrefix(start), "\(hop)") }
    }

    @Test("ping counts the copies, and waits for what is late")
    func copies() throws {
      let result = try LiveLab.inside(
        "ping -n -q -c 20 -i 0.02 -W 1 203.0.113.80", topology: Topologies.doubling)
      // It does not wait for the copy of the last one.
      #expect(result.output.contains(#/20 received, \+(19|20) duplicates, 0% packet loss/#))
      let least = try #require(result.output.firstMatch(of: #/= ([0-9.]+)\//#)?.1)
      #expect((Double(least) ?? 0) >= 30)
    }
  }
}

extension Topologies {
  /// Two links that are narrower than those before them.
  static let narrow = """
    client c.narrow.test 198.18.0.2 2001:db8::2
    router r1.narrow.test 198.18.1.1 2001:db8:1::1 delay 1ms mtu 1500
    router r2.narrow.test 198.18.2.1 2001:db8:2::1 delay 1ms mtu 1400
    site www.narrow.test 203.0.113.80 2001:db8:cb::80 delay 1ms mtu 1300
    """

  /// Labels; a router that is never seen, so that the next one is twice; and a far interface.
  static let illMannered = """
    client c.ill.test 198.18.0.2
    router r1.ill.test 198.18.1.1 delay 1ms mpls 24001,16
    router r2.ill.test 198.18.2.1 delay 1ms zerottl
    router r3.ill.test 198.18.3.1 delay 1ms
    router r4.ill.test 198.18.4.1 far 198.18.4.129 delay 1ms source far quote 28
    site www.ill.test 203.0.113.80 delay 1ms
    """

  /// Each request arrives twice, 30 ms late.
  static let doubling = """
    client c.twice.test 198.18.0.2
    site www.twice.test 203.0.113.80 duplicate 100%/0% late 100%:30ms/0%:0ms
    """
}
