import LinuxSystem
import ProbeShell
import Testing

extension Live {
  /// What the lab's routers answer is what the system's own tools take for an answer.
  @Suite("Questions that are no echo, and lists of targets")
  struct QuestionLiveTests {
    static let topology = """
      client a.test 198.18.0.2 2001:db8::2
      router r1.test 198.18.1.1 2001:db8:1::1 far 198.18.1.129 2001:db8:1::81 interface ge-0 probe mask 20 clock 5s network info delay 2ms
      router r2.test 198.18.2.1 2001:db8:2::1 clock -3s delay 2ms
      site b.test 203.0.113.80 2001:db8:cb::80
      """

    @Test("ping -N is told names and addresses")
    func nodeInformation() throws {
      let result = try LiveLab.inside(
        """
        for what in name ipv6-all ipv4-all; do ping -6 -n -c 1 -W 2 -N $what 2001:db8:1::1; done
        ping -6 -n -c 1 -W 2 -N name -N subject-name=r1.test 2001:db8:1::1
        """, topology: Self.topology)
      #expect(
        result.lines.filter { $0.contains(" bytes from ") } == [
          "29 bytes from 2001:db8:1::1: r1.test.; seq=1; ttl=64",
          "56 bytes from 2001:db8:1::1: 2001:db8:1::1, 2001:db8:1::81; seq=1; ttl=64",
          "32 bytes from 2001:db8:1::1: 198.18.1.1, 198.18.1.129; seq=1; ttl=64",
          "29 bytes from 2001:db8:1::1: r1.test.; seq=1; ttl=64",
        ])
    }

    @Test("ping-swift -N says what ping -N says")
    func sameNodeInformation() throws {
      let result = try LiveLab.inside(
        """
        for tool in ping ping-swift; do
          \(Shell.section("$tool"))
          for what in name ipv6-all ipv4-all ipv6-global; do
            timeout 9 $tool -6 -n -c 2 -i 0.2 -W 2 -N $what 2001:db8:1::1
          done
          timeout 9 $tool -6 -n -c 1 -W 2 -N name -N subject-name=r1.test 2001:db8:1::1
          timeout 9 $tool -N help
        done
        """, topology: Self.topology)
      let sections = result.sections
      let ours = sections["ping-swift", default: []].map { $0.replacing(/time \d+ms/, with: "") }
      let theirs = sections["ping", default: []].map { $0.replacing(/time \d+ms/, with: "") }
      #expect(ours == theirs && theirs.count > 30, "\(result.output)")
    }

    @Test("clocks, masks and interfaces answer ping-swift, and numbers are the lab's")
    func questions() throws {
      let result = try LiveLab.inside(
        """
        \(Shell.section("clock"))
        timeout 9 ping-swift -n -c 1 -W 2 --timestamp --json 198.18.1.1 |
          sed -n 's/.*"estimate":\\([-0-9]*\\).*/\\1/p'
        \(Shell.section("text"))
        timeout 9 ping-swift -n -c 1 -W 2 --mask 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 2 --type information-request 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 1 --type information-request 203.0.113.80
        timeout 9 ping-swift -n -c 1 -W 2 -t 1 --type 15 198.18.2.1
        timeout 9 ping-swift -n -c 1 -W 2 --type 15 --code 3 --seq 77 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 2 --type information --json 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 2 --explain --type information 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 2 --probe-interface ge-0 198.18.1.1
        timeout 9 ping-swift -n -c 1 -W 2 --probe-interface ge-9 2001:db8:1::1
        timeout 9 ping-swift -n -c 1 -W 2 -t 1 --timestamp 198.18.2.1
        \(Shell.section("powerless"))
        \(Shell.powerless) ping-swift -c 1 --timestamp 198.18.1.1 2>&1
        """, topology: Self.topology)
      let sections = result.sections
      let clock = try #require(sections["clock"]?.first.flatMap { Int($0) })
      #expect(abs(clock - 5_000_000_000) < 200_000_000)
      let text = sections["text", default: []].joined(separator: "\n")
      for part in [
        ", mask 255.255.240.0 (/20)", ", the interface is active and runs IPv4 and IPv6",
        "PING 198.18.1.1 (198.18.1.1) 0(28) bytes of data.",
        "8 bytes from 198.18.1.1: icmp_seq=1 ttl=64 time=",
        "8 bytes from 198.18.1.1: icmp_seq=77 ttl=64 time=",
        "1 packets transmitted, 0 received, 100% packet loss",
        "PING 198.18.2.1 (198.18.2.1) 0(28) bytes of data.\nFrom 198.18.1.1 icmp_seq=1",
        #""type":15,"expects_answers":true"#, #""proof":"numbers""#,
        "16 (information reply)",
        ", no such interface", "From 198.18.1.1 icmp_seq=1 Time to live exceeded",
      ] {
        #expect(text.contains(part), "\(result.output)")
      }
      #expect(
        sections["powerless"]?.first?.contains("; run as root, or: sudo setcap cap_net_raw+ep")
          == true, "\(result.output)")
    }

    /// Where no link has a delay it says that the host is down.
    @Test("clockdiff finds how far a router's clock is off")
    func clocks() throws {
      let result = try LiveLab.inside(
        "clockdiff 198.18.1.1; clockdiff 198.18.2.1; clockdiff 203.0.113.80",
        topology: Self.topology)
      // When it was, and the difference twice, in milliseconds.
      let found = result.lines.map { $0.split(separator: " ").compactMap { Int($0) }.last }
      for (difference, expected) in zip(found, [5_000, -3_000, 0]) {
        #expect(abs(try #require(difference) - expected) < 200, "\(result.output)")
      }
      #expect(found.count == 3, "\(result.output)")
    }

    @Test(
      "prefixes and ranges mean what they mean to fping -g",
      arguments: [
        ("127.0.0.9/28", "127.0.0.9/28"), ("127.0.0.6/30", "127.0.0.6/30"),
        ("127.0.0.7/31", "127.0.0.7/31"), ("127.0.0.7/32", "127.0.0.7/32"),
        ("127.0.0.254-127.0.1.2", "127.0.0.254 127.0.1.2"),
      ])
    func generated(operand: String, arguments: String) throws {
      var reader = TargetReader(family: nil) { _ in }
      try reader.add(operand: operand)
      let result = try LiveLab.inside("fping -q -c 1 -i 1 -g \(arguments) 2>&1")
      let theirs = result.lines.map { String($0.prefix { $0 != " " }) }
      #expect(reader.list.map(\.name) == theirs)
    }

    @Test("files of targets are read as fping reads them")
    func files() throws {
      let text = """
        # loopback
        127.0.0.1
          127.0.0.2 127.0.0.9

        \t127.0.0.3 # the third
         #127.0.0.4
        127.0.0.5\r
        127.0.0.1
        """
      let folder = try ScratchFolder()
      let path = folder.path + "/hosts"
      let file = try Descriptor.createForWriting(path)
      try writeAll(text.utf8.span, to: file.rawValue)
      var reader = TargetReader(family: nil) { _ in }
      try reader.add(file: path)
      let result = try LiveLab.inside("fping -q -c 1 -i 1 -f \(path) 2>&1")
      let theirs = result.lines.map { String($0.prefix { $0 != " " }) }
      #expect(reader.list.map(\.name) == theirs && theirs.count == 5)
    }
  }
}
