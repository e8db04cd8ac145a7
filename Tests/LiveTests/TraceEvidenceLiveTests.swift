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

    /// Records, replays, and tells whether both printed the same on both outputs. On a machine with too much to
    /// do an answer can come when a timer is already late, and then count in one of the two only.
    private func isSame(
      _ options: String, prepared: String = "", prefix: String = "", replayed: String = "",
      in lab: [String] = [], topology: String? = nil
    ) throws -> Bool {
      try LiveLab.uponRetry {
        let result = try LiveLab.inside(
          """
          cd "$FOLDER"; \(prepared)
          \(prefix) traceroute-swift \(options) --record t.pcapng > live 2> live.err; echo code $?
          traceroute-swift --replay t.pcapng \(replayed) > again 2> again.err; echo code $?
          cmp live again && cmp live.err again.err && echo same
          stat -c %a t.pcapng
          wc -l < live
          """, options: lab, topology: topology)
        let lines = result.lines
        return lines.prefix(4) == ["code 0", "code 0", "same", "600"]
          && (lines.last.flatMap { Int($0) } ?? 0) > 1
      }
    }

    @Test(
      "a replay prints what the trace printed",
      arguments: [
        "--notes -e --back", "-n -I --changes -t 0xb9", "-6 -n -e", "-T -n -O info", "-M dns -n",
        "-M quic -n -q 1", "-M sctp -n", "-L -n", "-D -n", "-P 253 -n -w 0.5", "-n -N 1 -f 2",
        "--mtu -n", "--report -c 3 --interval 0.2", "--monitor -c 3 --interval 0.2 --flows 2 -n",
        "--report -c 2 --interval 0.1 --flows auto -n",
      ])
    func same(options: String) throws {
      let target = options.contains("dns") ? "203.0.113.53" : "www.test"
      #expect(try isSame("\(options) \(target)", topology: Self.topology))
    }

    @Test("all ways", arguments: ["--mda -n", "--mda-full -n -I", "--mda -n -6 --dot"])
    func ways(options: String) throws {
      let form = options.contains("--dot") ? "--dot" : ""
      #expect(
        try isSame("\(options) www.discord.test", replayed: form, in: ["-t", "diamond"]))
    }

    @Test("probes that this host's link does not take, and such as are cut for it")
    func lengths() throws {
      #expect(try isSame("--mtu -n --notes 203.0.113.80", in: ["-t", "narrow"]))
      #expect(try isSame("-n 203.0.113.80 4000", topology: Self.topology))
    }

    @Test("without a raw socket", arguments: ["-n", "-n -I"])
    func powerless(options: String) throws {
      let open = "sysctl -qw net.ipv4.ping_group_range='0 2147483647'"
      #expect(
        try isSame(
          "\(options) 203.0.113.80", prepared: open, prefix: Shell.powerless,
          topology: Self.topology))
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

    @Test(
      "a set-user-ID tool reads what its user may read, and root what others keep to themselves",
      .enabled(if: LiveLab.isRoot, "set-user-ID programs of root's are root's to make"))
    func rights() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"; chmod 755 .
        cp $(command -v traceroute-swift) t; chmod 4755 t
        echo 'nobody should see this' > secret; chmod 600 secret
        traceroute-swift -n --record r.pcapng 203.0.113.80 > live
        for words in "--many secret" "--replay r.pcapng" "--diff r.pcapng r.pcapng"; do
          setpriv --reuid 65534 --regid 65534 --clear-groups ./t -n $words 2>&1
        done
        chown 65534 r.pcapng; traceroute-swift --replay r.pcapng | cmp - live && echo same
        """, topology: Self.topology)
      #expect(result.lines.count == 4 && result.lines.last == "same", "\(result.output)")
      #expect(result.lines.dropLast().allSatisfy { $0.contains("Permission denied") })
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
