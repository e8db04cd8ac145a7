import JSONTestSupport
import Testing

extension Live {
  @Suite("Diagnosis of a target that stops answering")
  struct Diagnosis {
    /// The way changes every seven seconds, and one of the two ends behind its first router, the fifth
    /// hop.
    private static let topology = """
      client   laptop.test  198.18.0.2  2001:db8::2
      router   edge.test    198.18.1.1  2001:db8:1::1  delay 1ms
      path     2            delay 1ms
      router   fork.test    198.18.4.1  2001:db8:4::1  balance flap:7s delay 1ms
      path     3 as good    behind fork.test delay 1ms
      path     3 as bad     behind fork.test delay 1ms drop icmp,icmp6/none
      router   last.test    198.18.8.1  2001:db8:8::1  behind good bad
      site     www.test     203.0.113.80  2001:db8:cb::80  delay 1ms

      """

    @Test("the hop is named, with raw sockets and with those of ordinary users")
    func silence() throws {
      let result = try LiveLab.inside(
        """
        cd "$FOLDER"
        echo 0 2147483647 > /proc/sys/net/ipv4/ping_group_range
        answers() { ping-swift -q -c 1 -W 0.2 203.0.113.80 > /dev/null; }
        # The good way has just begun.
        while answers; do sleep 0.1; done
        until answers; do :; done
        arguments="--diagnose -c 24 -i 0.5 -W 4"
        ping-swift -n $arguments 203.0.113.80 > words 2>&1 &
        \(Shell.powerless) ping-swift --json $arguments 203.0.113.80 > four &
        \(Shell.powerless) ping-swift --json $arguments 2001:db8:cb::80 > six &
        wait
        for file in words four six; do \(Shell.section("$file")); cat $file; done
        """, topology: Self.topology)
      let sections = result.sections
      try words(try #require(sections["words"], "\(result.errors)"))
      for name in ["four", "six"] { try events(try #require(sections[name])) }
    }

    private func words(_ lines: [String]) throws {
      #expect(
        lines.filter { $0.hasPrefix("diagnosis: ") } == [
          "diagnosis: no answers from hop 6 on; the last that answered is hop 5, 198.18.5.2 "
            + "(time exceeded), asked with 13 probes; earlier the target answered at about 9 hops"
        ])
      let others = lines.filter { !$0.hasPrefix("diagnosis: ") }
      #expect(!others.contains { $0.contains("exceeded") || $0.contains("errors") })
      #expect(others.contains { $0.hasPrefix("24 packets transmitted, ") })
    }

    private func events(_ lines: [String]) throws {
      let events = try lines.map { try StrictJSON($0) }
      let told = events.filter { $0["event"] == .string("ping.diagnosis") }
      try #require(told.count == 1)
      #expect(told[0]["finding"] == .string("silence") && told[0]["silent_from"] == .number("6"))
      #expect(told[0]["probes"] == .number("13") && told[0]["expected_hop"] == .number("9"))
      let summary = try #require(events.last { $0["event"] == .string("ping.summary") })
      for name in ["errors", "rejected", "duplicates", "late"] {
        #expect(summary[name] == .number("0"), "\(name)")
      }
      #expect(summary["sent"] == .number("24"))
      #expect(!events.contains { $0["event"] == .string("ping.error") })
    }
  }
}
