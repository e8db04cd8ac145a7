import Testing

extension Live {
  @Suite("Sizes and flows compared")
  struct ComparisonLiveTests {
    @Test("flows that take ways of different lengths are told apart, others are not")
    func flows() throws {
      let script = "timeout 20 ping-swift -n -q -e 77 -c 10 -i 0.12 --flows 6 203.0.113.80"
      let found = try LiveLab.uponRetry {
        let differing = try LiveLab.inside(script, options: ["--topology", "nested"])
        let same = try LiveLab.inside(script, options: ["--topology", "straight"])
        #expect(differing.lines.filter { $0.contains(" flow ") }.count == 6)
        return differing.output.contains("the flows' delays differ by more than chance (")
          && same.output.contains("the flows' delays differ by no more than chance (")
      }
      #expect(found)
    }

    @Test(
      "the path MTU, as tracepath finds it, and where it finds none; with either kind of socket")
    func pathMTU() throws {
      let search = "timeout 30 ping-swift -n --mtu-search"
      let script = """
        \(search) 203.0.113.80; \(search) 2001:db8:cb::80
        sysctl -qw net.ipv4.ping_group_range="0 2147483647"
        \(Shell.powerless) \(search) 203.0.113.80; \(Shell.powerless) \(search) 2001:db8:cb::80
        timeout 30 tracepath -n -m 8 203.0.113.80
        """
      let narrow = try LiveLab.inside(script, options: ["--topology", "narrow"])
      let payloads = [1_372, 1_352, 1_372, 1_352]
      #expect(
        narrow.lines.filter { $0.hasPrefix("path MTU 1") }
          == payloads.map {
            "path MTU 1400 (\($0) octets of payload): 1401 is too long, and a router says so; 5 probes"
          }, "\(narrow.output)\(narrow.errors)")
      #expect(narrow.output.contains("pmtu 1400"), "\(narrow.output)")
      let hole = try LiveLab.inside(
        "\(search) 203.0.113.80", options: ["--topology", "black-hole"])
      #expect(
        hole.lines.last?.hasPrefix(
          "path MTU 1400 (1372 octets of payload): 1401 vanishes and no router says so") == true,
        "\(hole.output)")
    }

    @Test("the sizes that fit are those that are answered")
    func sizes() throws {
      let topology = """
        client a.test 198.18.0.2 2001:db8::2
        router r1.test 198.18.1.1 2001:db8:1::1 mtu 1300 silent
        site b.test 203.0.113.80 2001:db8:cb::80
        """
      let result = try LiveLab.inside(
        """
        timeout 20 ping-swift -n -q -M probe -i 0.01 -W 1 --sizes 1200-1400:8 203.0.113.80
        timeout 20 ping-swift -n -q -M probe -c 1 -s 1473 203.0.113.80
        """, topology: topology)
      #expect(
        result.lines.filter { $0.hasPrefix("sizes") } == [
          "sizes answered, in steps of 8: 1200-1272",
          "sizes not answered, in steps of 8: 1280-1400",
        ], "\(result.output)\(result.errors)")
      // A last probe that is refused does not keep the program waiting.
      #expect(result.code == 1 && result.errors.contains("Message too long"))
    }
  }
}
