import Testing

extension Live {
  @Suite("The path MTU, hop by hop")
  struct TraceMTULiveTests {
    /// The hops at which a trace shows an MTU.
    private func limits(_ lines: [String]) -> [String] {
      lines.compactMap { line in
        guard let found = line.firstMatch(of: #/^ ?(\d+)  .* F=(\d+)/#) else { return nil }
        return "\(found.1) \(found.2)"
      }
    }

    @Test(
      "as traceroute --mtu shows it, whatever the probes and the sockets are, and as tracepath ends"
    )
    func narrow() throws {
      let mtu = "timeout 30 traceroute-swift -n --mtu"
      let result = try LiveLab.inside(
        """
        \(Shell.section("theirs")); timeout 60 traceroute -n --mtu 203.0.113.80
        \(Shell.section("path")); timeout 30 tracepath -n -m 8 203.0.113.80
        # The kernel knows the path's MTU by now.
        \(Shell.section("udp")); \(mtu) 203.0.113.80
        \(Shell.section("icmp")); \(mtu) -I 203.0.113.80
        \(Shell.section("user")); \(Shell.powerless) \(mtu) 203.0.113.80
        \(Shell.section("udp6")); \(mtu) 2001:db8:cb::80
        \(Shell.section("icmp6")); \(mtu) -I 2001:db8:cb::80
        \(Shell.section("user6")); \(Shell.powerless) \(mtu) 2001:db8:cb::80
        """, options: ["--topology", "narrow"])
      let theirs = limits(try #require(result.sections["theirs"]))
      #expect(theirs == ["1 1500", "2 1460", "4 1400"])
      for name in ["udp", "icmp", "user", "udp6", "icmp6", "user6"] {
        let lines = try #require(result.sections[name])
        #expect(limits(lines) == theirs, "\(name): \(lines)")
      }
      #expect(result.sections["path"]?.contains { $0.contains("pmtu 1400") } == true)
      #expect(result.errors == "")
    }

    @Test("a black hole is found where traceroute shows stars")
    func blackHole() throws {
      let result = try LiveLab.inside(
        "timeout 60 traceroute-swift -n --mtu 203.0.113.80",
        options: ["--topology", "black-hole"])
      #expect(limits(result.lines) == ["1 1500", "3 1400"])
      #expect(
        result.lines.last
          == "A black hole: between hop 1 and hop 3 packets of more than 1400 octets vanish and no router "
          + "says so. Connections that send longer ones hang.", "\(result.output)\(result.errors)")
    }
  }
}
