import JSONTestSupport
import Testing

extension Live {
  @Suite("Figures of ping-swift")
  struct Figures {
    private func events(_ lines: [String], _ name: String) throws -> [StrictJSON] {
      try lines.map { try StrictJSON($0) }.filter { $0["event"] == .string(name) }
    }

    private func number(_ value: StrictJSON?) -> Double? {
      if case .number(let text) = value { Double(text) } else { nil }
    }

    @Test("the summary's percentiles are those of the replies that were told")
    func percentiles() throws {
      let result = try LiveLab.inside(
        "ping-swift --json -c 200 -i 0.01 -W 1 203.0.113.80",
        options: ["--topology", "last-mile"])
      let delays = try events(result.lines, "ping.reply").compactMap { number($0["rtt_ns"]) }
        .sorted()
      let summary = try #require(try events(result.lines, "ping.summary").first)
      try #require(delays.count > 100)
      #expect(number(summary["rtt_ns"]?["samples"]) == Double(delays.count))
      for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
        // The nearest rank, for which a histogram is off by 1/256 at the most.
        let rank = Int((share * Double(delays.count)).rounded(.up))
        let expected = delays[rank - 1]
        let told = try #require(number(summary["rtt_ns"]?[name]))
        #expect((told - expected).magnitude <= expected / 256 + 1, "\(name)")
      }
      #expect(number(summary["undecided"]) == 0)
      #expect(number(summary["sent"]) == 200)
    }

    @Test("an outage is told when it is over, in events and in words")
    func outage() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        ping-swift --json -c 25 -i 0.1 203.0.113.80 > events &
        ping-swift -n --outages -c 25 -i 0.1 203.0.113.80 > words 2> errors &
        sleep 0.75; ip route add unreachable 203.0.113.80/32
        sleep 0.6; ip route del unreachable 203.0.113.80/32
        wait
        \(Shell.section("events")); cat events
        \(Shell.section("words")); cat words
        """)
      let sections = result.sections
      let lines = try #require(sections["events"])
      let failed = try events(lines, "ping.send_failed").compactMap { number($0["seq"]) }
      let outage = try #require(try events(lines, "ping.outage").first)
      try #require(failed.count > 2)
      #expect(number(outage["first_seq"]) == failed.min())
      #expect(number(outage["last_seq"]) == failed.max())
      #expect(number(outage["lost"]) == Double(failed.count))
      let length = try #require(number(outage["length_ns"]))
      #expect((length / 1e8 - Double(failed.count)).magnitude < 0.5)
      let words = try #require(sections["words"])
      let ended = try #require(words.firstIndex { $0.hasPrefix("outage: probes ") })
      #expect(words[ended].contains(" lost, 0.") && words[ended].hasSuffix(" UTC)"))
      #expect(words.dropFirst(ended + 1).contains { $0.contains("1 outage (at least 2 probes") })
    }

    @Test("pictures in a file are lines, and one moves on a terminal only")
    func pictures() throws {
      let result = try LiveLab.inside(
        """
        ping-swift -n --graph --histogram -c 20 -i 0.02 203.0.113.80
        echo terminal; export TERM=xterm
        script -qec 'ping-swift -n --graph -c 20 -i 0.02 203.0.113.80' /dev/null < /dev/null
        """)
      let parts = result.output.split(separator: "terminal\n", maxSplits: 1)
      try #require(parts.count == 2)
      #expect(!parts[0].contains("\u{1b}") && !parts[0].contains("\r"))
      #expect(parts[0].contains("min ") && parts[0].contains("p75 "))
      #expect(parts[0].contains(" ms  ###"))
      #expect(parts[1].contains("\r\u{1b}[J64 bytes from 203.0.113.80"))
      #expect(!parts[1].hasSuffix("\u{1b}[J"))
    }

    @Test("a table has a row for each fate of a probe")
    func table() throws {
      let result = try LiveLab.inside(
        "ping-swift --csv -c 100 -i 0.01 -W 0.5 203.0.113.80", options: ["--loss", "2"])
      let rows = result.output.split(separator: "\r\n")
      #expect(rows.first == "time,event,target,address,seq,from,ttl,bytes,rtt_ms,detail")
      let events = rows.dropFirst().map { $0.split(separator: ",", maxSplits: 2)[1] }
      #expect(events.count == 100 && Set(events) == ["reply", "lost"])
      #expect(result.errors.isEmpty)
    }

    @Test("a node exporter's file is whole at any time, and what keeps it from being is told once")
    func metrics() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        ping-swift -q --openmetrics ping.prom -i 0.2 -c 10 203.0.113.80 203.0.113.80 > /dev/null & tool=$!
        sleep 0.8; \(Shell.section("early")); cat ping.prom
        wait $tool; \(Shell.section("late")); cat ping.prom; find . -name '*prom*'
        \(Shell.section("nowhere"))
        ping-swift -q --openmetrics missing/ping.prom -i 0.6 -c 3 203.0.113.80 2>&1; echo $?
        """)
      let sections = result.sections
      let early = try #require(sections["early"])
      #expect(early.last == "# EOF")
      let late = try #require(sections["late"])
      #expect(
        late.contains(
          #"wirewalk_ping_probes_total{target="203.0.113.80",address="203.0.113.80"} 10"#))
      #expect(
        late.contains(
          #"wirewalk_ping_probes_total{target="203.0.113.80",address="203.0.113.80",copy="2"} 10"#))
      #expect(late.suffix(2) == ["# EOF", "./ping.prom"])
      let nowhere = try #require(sections["nowhere"])
      #expect(nowhere.filter { $0.contains("its folder has to be there") }.count == 1)
      #expect(nowhere.last == "0" && nowhere.contains { $0.contains("3 received") })
    }

    @Test("the live view leaves the terminal as it was, with the summary on it")
    func liveView() throws {
      let result = try LiveLab.inside(
        """
        export TERM=xterm
        { sleep 1.5; printf s; sleep 0.3; printf q; sleep 1; } \
          | script -qec 'stty rows 24 cols 80; stty -a > "$FOLDER/before"; \
            ping-swift --live -i 0.1 203.0.113.80 203.0.113.53; echo code $?; \
            stty -a > "$FOLDER/after"' /dev/null
        cmp "$FOLDER/before" "$FOLDER/after" && echo same
        """)
      let parts = result.output.split(separator: "\u{1b}[?1049", omittingEmptySubsequences: false)
      try #require(parts.count == 3)
      #expect(parts[0].contains("PING 2 targets"))
      #expect(parts[1].contains("203.0.113.53") && parts[1].contains("worst loss first"))
      #expect(parts[2].contains("ping statistics of 2 targets") && parts[2].contains("code 0"))
      #expect(result.output.hasSuffix("same\n"))
    }
  }
}
