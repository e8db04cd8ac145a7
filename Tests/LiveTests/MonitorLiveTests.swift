import JSONTestSupport
import Testing

/// A hop of a report, as one and the same reader understands mtr's and ours.
struct ReportedHop: Equatable {
  var number: Int
  var host: String
  var loss: Double
  var sent: Int
  var mean: Double
  var best: Double

  init?(_ line: String) {
    let words = line.split(separator: " ").map { String($0) }
    guard words.count == 6, let number = Int(words[0]), let loss = Double(words[2]),
      let sent = Int(words[3]), let mean = Double(words[4]), let best = Double(words[5])
    else { return nil }
    (self.number, host, self.loss, self.sent, self.mean, self.best) =
      (number, words[1], loss, sent, mean, best)
  }
}

extension Live {
  @Suite("traceroute-swift beside mtr")
  struct Monitor {
    private static let reader = WebPeers.script("../traceroute/mtr-reader.py")

    private func read(_ lines: [String]?) throws -> [ReportedHop] {
      try (lines ?? []).map { try #require(ReportedHop($0), "\($0)") }
    }

    @Test(
      "the same hops, loss and delays, read by the same reader",
      arguments: [
        ("json", "--json", "--report --json", "-I", ""),
        ("csv", "--csv", "--report --csv", "-I", ""),
        ("text", "-r", "--report", "-I", ""), ("text", "-rw", "--report-wide", "-I", ""),
        ("json", "-u --json", "--report --json", "", ""),
        ("json", "-6 --json", "-6 --report --json", "-I", ""),
        ("text", "-u -r", "--report", "", Shell.powerless),
      ])
    func sameHops(form: String, theirs: String, ours: String, method: String, user: String) throws {
      let isSame = try LiveLab.uponRetry {
        let target = theirs.contains("-6") ? "2001:db8:cb::80" : "203.0.113.80"
        let result = try LiveLab.inside(
          """
          echo '0 0' > /proc/sys/net/ipv4/ping_group_range
          cd "$FOLDER"
          \(user) traceroute-swift -n \(method) \(ours) -c 8 --interval 0.15 \(target) > ours || echo failed
          mtr -n \(theirs) -c 8 -i 0.15 \(target) > theirs
          \(Shell.section("ours")); python3 \(Self.reader) \(form) ours
          \(Shell.section("theirs")); python3 \(Self.reader) \(form) theirs
          """)
        #expect(result.code == 0 && !result.output.contains("failed"), "\(result.errors)")
        let (ours, theirs) = (
          try read(result.sections["ours"]), try read(result.sections["theirs"])
        )
        #expect(ours.count == 12)
        #expect(ours.map(\.number) == theirs.map(\.number))
        #expect(ours.map(\.host) == theirs.map(\.host))
        // On a machine that is busy with something else an answer can come behind its time.
        return ours.map(\.loss) == theirs.map(\.loss) && ours.allSatisfy { $0.sent == 8 }
          && zip(ours, theirs).allSatisfy { ($0.best - $1.best).magnitude < 1 }
          && zip(ours, theirs).map({ ($0.mean - $1.mean).magnitude }).median < 3
      }
      #expect(isSame)
    }

    @Test("the same columns in an order of one's own", arguments: ["-r", "-rw", "--csv"])
    func order(form: String) throws {
      let ours = ["-r": "--report", "-rw": "--report-wide", "--csv": "--report --csv"]
      let result = try LiveLab.inside(
        """
        traceroute-swift -nI \(ours[form] ?? "") -c 2 --interval 0.1 --order 'DGS  RNJXL' 198.18.1.1 2> /dev/null
        mtr -n \(form) -c 2 -i 0.1 -o 'DGS  RNJXL' 198.18.1.1
        """)
      let heads = result.lines.filter { $0.contains("Gmean") }
      try #require(heads.count == 2, "\(result.output) \(result.errors)")
      // mtr's own wide table is two columns wider below its heading than in it.
      #expect(heads[0].split(separator: " ") == heads[1].split(separator: " "))
      #expect(form == "-rw" || heads[0] == heads[1])
      let hops = result.lines.filter { $0.contains("198.18.1.1") }
      #expect(hops.count == 2 && (form == "--csv" || hops[0].count == hops[1].count), "\(hops)")
    }

    @Test("o takes an order of figures, which the last report has too")
    func typedOrder() throws {
      let result = try LiveLab.inside(
        """
        export TERM=xterm
        (sleep 1; printf o; sleep 0.3; printf '\\025sqg l\\r'; sleep 0.7; printf q) |
          script -qec 'traceroute-swift -nI --live --interval 0.2 203.0.113.80' /dev/null
        """)
      let parts = result.output.split(separator: "\u{1b}[?1049")
      #expect(parts.count == 2, "\(result.output) \(result.errors)")
      #expect(parts.first?.contains("Fields: LS NABWV_") ?? false)
      #expect(parts.first?.contains("  Snt  Gmean    Loss%") ?? false)
      #expect(parts.last?.contains("Snt Gmean  Loss%") ?? false, "\(result.output)")
    }

    @Test("a report of nothing is a document too, and fails")
    func nobody() throws {
      let result = try LiveLab.inside(
        """
        traceroute-swift -n --report --json -c 2 --interval 0.1 -f 2 -m 2 203.0.113.80 > "$FOLDER/ours"
        echo code $?
        python3 \(Self.reader) json "$FOLDER/ours" && echo read
        """, topology: Topologies.silentRouter)
      #expect(result.lines == ["code 1", "read"], "\(result.errors)")
    }

    @Test("where loss begins, on a bad line")
    func lossBegins() throws {
      let result = try LiveLab.inside(
        "traceroute-swift -n --report -c 250 --interval 0.05 203.0.113.80",
        options: ["-t", "last-mile"])
      #expect(result.code == 0)
      #expect(
        result.errors.contains("It begins on the way to hop 2 (198.18.2.1)"), "\(result.errors)")
    }

    @Test("routers that answer some probes only lose nothing")
    func limits() throws {
      let result = try LiveLab.inside(
        "traceroute-swift -n --report -c 50 --interval 0.05 203.0.113.80",
        topology: """
          client c.limits.test 198.18.0.2
          router r1.limits.test 198.18.1.1 delay 1ms limit 2/s:2
          router r2.limits.test 198.18.2.1 delay 1ms
          site www.limits.test 203.0.113.80 delay 1ms
          """)
      #expect(
        result.errors.contains("Hop 1 answers only some probes, but passes all on"),
        "\(result.errors)")
      #expect(!result.errors.contains("Loss:"))
    }

    @Test("a route that flaps, as events")
    func flap() throws {
      let result = try LiveLab.inside(
        "traceroute-swift -n --monitor --json -c 65 --interval 0.2 203.0.113.80",
        options: ["-t", "flap"])
      let events = try result.lines.map { try StrictJSON($0) }
      func named(_ name: String) -> [StrictJSON] { events.filter { $0["event"] == .string(name) } }
      #expect(result.code == 0 && named("trace.round").count == 65)
      #expect((1...2).contains(named("trace.path_change").count), "\(result.output)")
      #expect(named("trace.monitor_end").map { $0["reached"] } == [.bool(true)])
      // Which of the two ways is the last one is the clock's: it turns every ten seconds of it.
      #expect([4, 7].contains(named("trace.figures").count))
    }

    @Test("metrics of all hops, and names in a wide report")
    func metrics() throws {
      let result = try LiveLab.inside(
        """
        traceroute-swift --report-wide --openmetrics "$FOLDER/m" -c 2 --interval 0.2 www.discord.test
        cat "$FOLDER/m"
        """)
      #expect(
        result.lines.contains { $0.contains(" 11.|-- border1.hosting.test ") }, "\(result.output)")
      #expect(result.lines.last == "# EOF")
      #expect(
        result.lines.contains {
          $0.hasPrefix("wirewalk_trace_hop_answers_total{") && $0.hasSuffix("ttl=\"12\"} 2")
        })
    }

    @Test(
      "the whole terminal, and the last figures on the ordinary screen", arguments: ["-c 3", ""])
    func live(count: String) throws {
      // In the background, where timeout(1) puts what it starts, a terminal cannot be set.
      let end = count.isEmpty ? "timeout --foreground -s INT 3 " : ""
      let result = try LiveLab.inside(
        """
        export TERM=xterm
        script -qec '\(end)traceroute-swift -n --live \(count) --interval 0.3 203.0.113.80' /dev/null < /dev/null
        """, options: ["-t", "silent-middle"])
      let parts = result.output.split(separator: "\u{1b}[?1049")
      #expect(parts.count == 2, "\(result.output)")
      #expect(parts.first?.contains("203.0.113.80") ?? false)
      let last = parts.last.map { String($0) } ?? ""
      #expect(last.hasPrefix("l") && last.contains("8.|-- 203.0.113.80"), "\(last)")
      #expect(last.contains("Hops 3 to 5 say nothing"))
    }

    @Test("how sure it is that the flows have seen all ways", arguments: ["16", "auto"])
    func certainty(flows: String) throws {
      var last = ""
      // Once in two hundred runs sixteen flows miss one of the three.
      let isRight = try LiveLab.uponRetry {
        let result = try LiveLab.inside(
          """
          watch="timeout 20 traceroute-swift -n --flows \(flows) -c 2 --interval 0.05 203.0.113.80"
          $watch --report 2>&1 > /dev/null | grep -v '^Flow'
          \(Shell.section("events")); $watch --monitor --json | grep trace.ways | tail -n 1
          """, options: ["-t", "diamond"])
        last = result.output + result.errors
        let ways = result.lines.prefix(4)
        let event = try StrictJSON(try #require(result.sections["events"]?.first, "\(last)"))
        return ways.first
          == "3 ways seen with 16 flows, sure (95 %): any other would have been seen too."
          && ways.dropFirst().allSatisfy { $0.contains(", by 198.18.2.") }
          && event["sure"] == .bool(true) && event["needed_flows"] == .number("16")
      }
      #expect(isRight, "\(last)")
    }
  }
}
