import JSONTestSupport
import Testing

extension Live {
  @Suite("Traces as evidence: --record, --replay and --explain")
  struct TraceEvidence {
    static let topology = """
      client  client.test  198.18.0.2    2001:db8::2
      router  first.test   198.18.1.1    2001:db8:1::1   delay 2ms dscp 8 bleach
      router  second.test  198.18.2.1    2001:db8:2::1   delay 2ms mpls 24001 interface ge-0
      site    www.test     203.0.113.80  2001:db8:cb::80 delay 2ms
      """

    /// Records, replays, and says whether both printed the same on both outputs.
    private func script(_ options: String, prefix: String = "") -> String {
      """
      cd "$FOLDER"
      \(prefix) traceroute-swift \(options) --record t.pcapng > live 2> live.err; echo code $?
      traceroute-swift --replay t.pcapng > again 2> again.err; echo code $?
      cmp live again && cmp live.err again.err && echo same
      stat -c %a t.pcapng
      wc -l < live
      """
    }

    @Test(
      "a replay prints what the trace printed",
      arguments: [
        "--notes -e --back", "-n -I --changes -t 0xb9", "-6 -n -e", "-T -n -O info", "-M dns -n",
        "-M quic -n -q 1", "-M sctp -n", "-L -n", "-D -n", "-P 253 -n -w 0.5", "-n -N 1 -f 2",
        "--mtu -n", "--report -c 3 --interval 0.2", "--monitor -c 3 --interval 0.2 --flows 2 -n",
      ])
    func same(options: String) throws {
      let target = options.contains("dns") ? "203.0.113.53" : "www.test"
      let lines = try LiveLab.inside(script("\(options) \(target)"), topology: Self.topology).lines
      #expect(lines.prefix(4) == ["code 0", "code 0", "same", "600"], "\(options): \(lines)")
      #expect((lines.last.flatMap { Int($0) } ?? 0) > 1)
    }

    @Test("all ways", arguments: ["--mda -n", "--mda-full -n -I", "--mda -n -6 --dot"])
    func ways(options: String) throws {
      var script = script("\(options) www.discord.test")
      if options.contains("--dot") {
        script = script.replacing("--replay t.pcapng", with: "--replay t.pcapng --dot")
      }
      let lines = try LiveLab.inside(script, options: ["-t", "diamond"]).lines
      #expect(lines.prefix(3) == ["code 0", "code 0", "same"], "\(lines)")
    }

    @Test("probes that this host's link does not take, and such as are cut for it")
    func lengths() throws {
      let narrow = try LiveLab.inside(
        script("--mtu -n --notes 203.0.113.80"), options: ["-t", "narrow"]
      ).lines
      #expect(narrow.prefix(3) == ["code 0", "code 0", "same"], "\(narrow)")
      let long = try LiveLab.inside(script("-n 203.0.113.80 4000"), topology: Self.topology).lines
      #expect(long.prefix(3) == ["code 0", "code 0", "same"], "\(long)")
    }

    @Test("without a raw socket", arguments: ["-n", "-n -I"])
    func powerless(options: String) throws {
      let lines = try LiveLab.inside(
        """
        sysctl -qw net.ipv4.ping_group_range='0 2147483647'
        \(script("\(options) 203.0.113.80", prefix: Shell.powerless))
        """, topology: Self.topology
      ).lines
      #expect(lines.prefix(3) == ["code 0", "code 0", "same"], "\(lines)")
    }

    @Test("interrupted, and read by others")
    func interrupted() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        timeout -s INT 1.2 traceroute-swift --monitor -n --interval 0.2 --json --record t.pcapng \
          203.0.113.80 > live
        traceroute-swift --replay t.pcapng --json > again
        wc -l < live; wc -l < again
        grep -c trace.round live; grep -c trace.round again
        tcpdump -nr t.pcapng 2> errors | grep -c 'UDP, length 32'
        tcpdump -nr t.pcapng 2> errors | grep -c 'ICMP'
        grep -i bad errors
        """, topology: Self.topology)
      let counts = result.lines.compactMap { Int($0) }
      try #require(counts.count == 6 && result.lines.count == 6, "\(result.output)")
      #expect(counts[0] == counts[1] && counts[2] == counts[3] && counts[2] > 2)
      #expect(counts[4] == counts[5] && counts[4] >= 3 * counts[2])
    }

    @Test("a live view is replayed as a report")
    func live() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; export TERM=xterm
        script -qec 'traceroute-swift -n --live -c 13 --interval 0.1 --record t.pcapng 203.0.113.80' \
          /dev/null < /dev/null > live
        traceroute-swift --replay t.pcapng
        """, topology: Self.topology)
      #expect(result.code == 0 && result.lines.first?.hasPrefix("Start: ") ?? false)
      #expect(result.lines.last?.hasPrefix("  3.|-- 203.0.113.80") ?? false, "\(result.output)")
      #expect(result.errors.contains("answered in all 13 rounds"))
    }

    @Test("events are the same but for their times")
    func events() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        traceroute-swift --json --record t.pcapng www.test > live
        traceroute-swift --json --replay t.pcapng > again
        sed 's/"time_ns":[0-9]*,//' live > one; sed 's/"time_ns":[0-9]*,//' again > other
        cmp one other && echo same; cat again
        """, topology: Self.topology)
      #expect(result.lines.first == "same", "\(result.output)")
      let events = try result.lines.dropFirst().map { try StrictJSON($0) }
      #expect(events.count > 10 && events.last?["event"] == .string("trace.end"))
    }

    @Test("--explain: one probe, one error of each kind, below the trace")
    func explain() throws {
      let text = try LiveLab.inside(
        "traceroute-swift -n --explain www.test", topology: Self.topology
      ).output
      let titles = text.split(separator: "\n").filter { $0.contains(" with TTL ") }
      #expect(titles.count == 3, "\(titles)")
      #expect(titles.first == "Probe 1 with TTL 1, 60 octets")
      #expect(
        titles.dropFirst().first?.hasPrefix("Error about probe 1 with TTL 1 from 198.18.1.1")
          ?? false)
      #expect(titles.last?.hasSuffix("from 203.0.113.80, 88 octets") ?? false)
      #expect(text.contains("the next router must drop it and send \"time exceeded\""))
    }

    @Test("a file that cannot be made is said before anything is sent")
    func unwritable() throws {
      let result = try LiveLab.inside(
        "traceroute-swift -n --record /nonexistent/t.pcapng 203.0.113.80; echo code $?",
        topology: Self.topology)
      #expect(result.lines == ["code 1"] && result.errors.contains("/nonexistent/t.pcapng"))
    }
  }
}
