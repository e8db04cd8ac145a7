import CommandLineKit
import JSONTestSupport
import PacketText
import PacketWire
import ProbeEngine
import Testing

@testable import TracerouteCommand

@Suite("A path under watch, in words and tables")
struct MonitorTextTests {
  private static var report: MTRReport {
    MTRReport(
      source: "vm", host: "www.example.test",
      name: { $0 == ScriptedMonitor.target ? "www.example.test" : "\($0)" })
  }

  private static func flow(_ run: ScriptedMonitor) -> RouteFlow { run.monitor.flows[0] }

  @Test("mtr's report, column for column")
  func report() {
    #expect(
      EventSamples.line { Self.report.append(Self.flow(.usual), to: &$0) } == """
        HOST: vm                          Loss%   Snt   Last   Avg  Best  Wrst StDev
          1.|-- 198.18.1.1                 0.0%    10    1.3   1.3   1.3   1.3   0.0
          2.|-- ???                       100.0    10    0.0   0.0   0.0   0.0   0.0
          3.|-- 198.18.3.1                60.0%    10    4.0   4.0   4.0   4.0   0.0
          4.|-- www.example.test           0.0%    10   10.7  10.3   9.8  10.7   0.3

        """)
  }

  @Test("every figure of mtr's, in an order of one's own, in all forms")
  func order() throws {
    var report = Self.report
    report.order = try FieldOrder(argument: "ldrs nbawvgjmxi")
    let lines = EventSamples.line { report.append(Self.flow(.usual), to: &$0) }
      .split(separator: "\n")
    // As mtr 0.95 prints them.
    #expect(
      lines[0]
        == "HOST: vm                          Loss% Drop   Rcv   Snt   Last  Best   Avg  Wrst StDev Gmean Jttr Javg Jmax Jint"
    )
    #expect(
      lines[2]
        == "  2.|-- ???                       100.0   10     0    10    0.0   0.0   0.0   0.0   0.0   0.0  0.0  0.0  0.0  0.0"
    )
    #expect(
      lines[4]
        == "  4.|-- www.example.test           0.0%    0    10    10   10.7   9.8  10.3  10.7   0.3  10.2  0.1  0.1  0.1  0.0"
    )
    report.order = try FieldOrder(argument: "SR  GL")
    let table = EventSamples.line {
      report.appendCSV(
        Self.flow(.usual), version: "9", startedAt: WallInstant(nanoseconds: 0), to: &$0)
    }.split(separator: "\n")
    #expect(table[0] == "Mtr_Version,Start_Time,Status,Host,Hop,Ip,Snt,Rcv, , ,Gmean,Loss%,")
    #expect(table[3] == "wirewalk.9,0,OK,www.example.test,3,198.18.3.1,10,4,6,6,4.01,60.00")
    report.order = try FieldOrder(argument: "D GDN")
    let document = EventSamples.line {
      report.appendJSON(
        Self.flow(.usual), typeOfService: 0, rounds: 10, packetLength: 60, to: &$0)
    }
    #expect(
      document.contains(#""host":"198.18.3.1","Drop":6,"Gmean":4.008,"Last":4.009}"#), "\(document)"
    )
  }

  @Test("letters of fields, and what is none")
  func fields() throws {
    #expect(FieldOrder.usual.text == "LS NABWV")
    #expect(try FieldOrder(argument: "lx").text == "LX")
    for text in ["", " ", "LQ", "ß", "L,S", String(repeating: "L", count: 21)] {
      #expect(throws: UsageError.self) { try FieldOrder(argument: text) }
    }
    #expect(Set(MonitorField.allCases.map(\.heading)).count == MonitorField.allCases.count)
  }

  @Test("the wide one is as wide as the longest name, and each further address has a line")
  func wide() {
    var report = Self.report
    report.isWide = true
    report.name = { "\($0).a-very-long-name-of-a-router.example.test" }
    let text = EventSamples.line { report.append(Self.flow(.changed), to: &$0) }
    let lines = text.split(separator: "\n")
    let name = "198.18.9.1.a-very-long-name-of-a-router.example.test"
    let longest = "203.0.113.80.a-very-long-name-of-a-router.example.test"
    #expect(
      lines[0].hasPrefix("HOST: vm" + String(repeating: " ", count: longest.count) + " Loss%"))
    #expect(lines[2].hasPrefix("  2.|-- \(name)    0.0%    14 "))
    #expect(lines[3] == "        198.18.2.1.a-very-long-name-of-a-router.example.test")
    #expect(lines[5].hasPrefix("  4.|-- \(longest) 64.3%    14 "))
    #expect(Set(lines.map(\.count)) == [lines[0].count, lines[3].count])
  }

  @Test("mtr's CSV, and names that hold commas or quotation marks")
  func table() {
    var report = Self.report
    report.host = "a,b\""
    let text = EventSamples.line {
      report.appendCSV(
        Self.flow(.usual), version: "9.9",
        startedAt: WallInstant(nanoseconds: 1_795_239_179_999_999_999),
        to: &$0)
    }
    #expect(
      text == #"""
        Mtr_Version,Start_Time,Status,Host,Hop,Ip,Loss%,Snt, ,Last,Avg,Best,Wrst,StDev,
        wirewalk.9.9,1795239179,OK,"a,b""",1,198.18.1.1,0.00,10,0,1.25,1.25,1.25,1.25,0.00
        wirewalk.9.9,1795239179,OK,"a,b""",2,???,100.00,10,10,0.00,0.00,0.00,0.00,0.00
        wirewalk.9.9,1795239179,OK,"a,b""",3,198.18.3.1,60.00,10,6,4.01,4.01,4.01,4.01,0.00
        wirewalk.9.9,1795239179,OK,"a,b""",4,www.example.test,0.00,10,0,10.70,10.25,9.80,10.70,0.30

        """#)
  }

  @Test("mtr's JSON, also where nobody answers")
  func document() throws {
    func json(_ run: ScriptedMonitor) throws -> StrictJSON {
      try StrictJSON(
        EventSamples.line {
          Self.report.appendJSON(
            Self.flow(run), typeOfService: 8, rounds: 10, packetLength: 60, to: &$0)
        })
    }
    let usual = try json(.usual)
    let hubs = usual["report"]?["hubs"]
    guard case .array(let hops)? = hubs, hops.count == 4 else {
      Issue.record("not four hubs")
      return
    }
    #expect(hops[2]["host"] == .string("198.18.3.1") && hops[2]["Loss%"] == .number("60.000"))
    #expect(hops[3]["count"] == .number("4") && hops[3]["Snt"] == .number("10"))
    #expect(hops[3]["Avg"] == .number("10.250") && hops[3]["StDev"] == .number("0.303"))
    #expect(hops[1]["host"] == .string("???") && hops[1]["Loss%"] == .number("100.000"))
    #expect(usual["report"]?["mtr"]?["psize"] == .string("60"))
    #expect(usual["report"]?["mtr"]?["tests"] == .number("10"))
    #expect(try json(.nobody)["report"]?["hubs"] == .array([]))
  }

  private static var words: RouteWords {
    RouteWords(host: "www.example.test", name: { _ in nil })
  }

  /// Two ways at hop 3, of four flows; or one way of so many flows; or one whose hop 2 takes turns.
  static func several(_ flows: Int, ways: Int, turns: Bool = false) -> [RouteFlow] {
    ScriptedMonitor(rounds: turns ? 12 : 3, flows: flows) { ttl, round in
      guard ttl < 4 else { return (ScriptedMonitor.target, 4_000) }
      let host = ttl == 3 ? 100 + round % flows % ways : turns ? ttl + round / flows % 2 * 50 : ttl
      return (ScriptedMonitor.router(host), Int64(ttl) * 1_000)
    }.monitor.flows
  }

  @Test("what is said of the ways of several flows")
  func ways() {
    #expect(Self.words.ways(RouteWays([Self.flow(.usual)])) == [])
    #expect(
      Self.words.ways(RouteWays(Self.several(4, ways: 2))) == [
        "2 ways seen with 4 flows, not sure (95 %): 7 flows more at hop 3 would rule out another; "
          + "--flows 11 will do.",
        "Way 1, flows 1 and 3, by 198.18.100.1: 0 % of 6 rounds lost, 4.0 ms.",
        "Way 2, flows 2 and 4, by 198.18.101.1: 0 % of 6 rounds lost, 4.0 ms.",
      ])
    #expect(
      Self.words.ways(RouteWays(Self.several(6, ways: 1))) == [
        "1 way seen with 6 flows, sure (95 %): any other would have been seen too."
      ])
    #expect(
      Self.words.certainty(RouteWays(Self.several(16, ways: 4)))
        == "4 ways seen with 16 flows, not sure (95 %): 5 flows more at hop 3 would rule out another; "
        + "--mda finds all.")
    #expect(
      Self.words.ways(RouteWays(Self.several(2, ways: 1, turns: true))) == [
        "Flows keep to no ways: routers take turns at hops 1 and 2; --mda tells more."
      ])
  }

  @Test(
    "flows that have not had a turn are neither counted among those that saw, nor asked for twice")
  func turnsToCome() {
    // Three of eight rounds, a second apart, each of another flow.
    let flows = ScriptedMonitor(rounds: nil, flows: 8, for: .milliseconds(2_900)) { ttl, round in
      ttl < 3
        ? (ScriptedMonitor.router(ttl == 2 ? 100 + round % 2 : ttl), Int64(ttl) * 1_000)
        : (ScriptedMonitor.target, 4_000)
    }.monitor.flows
    let ways = RouteWays(flows)
    #expect(ways.flowCount == 8 && ways.askedCount == 3 && ways.neededFlows == 11)
    #expect(
      Self.words.certainty(ways)
        == "2 ways seen with 3 flows, not sure (95 %): 8 flows more at hop 2 would rule out another; "
        + "others have not had a turn yet.")
  }

  @Test("what is said of a path")
  func sentences() {
    #expect(
      Self.words.judgement(Self.flow(.usual)) == [
        "No loss: www.example.test answered in all 10 rounds.",
        "Hop 3 answers only some probes, but passes all on: that is no loss.",
        "Hop 2 says nothing, but passes probes on.",
      ])
    #expect(
      Self.words.judgement(Self.flow(.changed)) == [
        "Loss: 64 % of 14 rounds brought no answer from www.example.test (95 %: 39 % to 84 %). "
          + "It begins on the way to hop 4 (203.0.113.80), there or back."
      ])
    #expect(Self.words.judgement(Self.flow(.nobody)) == ["Nobody has answered."])
    let one = ScriptedMonitor(rounds: 10) { ttl, round in
      ttl == 1
        ? (ScriptedMonitor.router(1), 900) : round == 4 ? nil : (ScriptedMonitor.target, 1_000)
    }
    #expect(
      Self.words.judgement(Self.flow(one)) == [
        "www.example.test missed 1 of 10 rounds: too few to call it loss."
      ])
  }

  @Test("a change of the path, with its time")
  func change() throws {
    let change = try #require(ScriptedMonitor.changed.changes.first)
    #expect(ScriptedMonitor.changed.changes.count == 1)
    #expect(change.since == MonotonicInstant(nanoseconds: 10_000_000_000))
    let line = Self.words.change(change, at: EventSamples.time, flowCount: 2)
    #expect(line.hasSuffix(" path of flow 1 changed at hop 2: 198.18.2.1 -> 198.18.9.1"))
  }

  @Test(
    "lists of hops",
    arguments: [
      ([2], "Hop 2"), ([2, 3], "Hops 2 and 3"), ([2, 3, 4], "Hops 2 to 4"),
      ([1, 3, 4, 5, 9], "Hops 1, 3 to 5 and 9"),
    ] as [([Int], String)])
  func lists(places: [Int], words: String) { #expect(RouteWords.list(places) == words) }

  @Test("metrics: valid lines, each family once, and an end")
  func metrics() {
    let text = EventSamples.line {
      RouteMetrics(
        host: "a\"b", target: ScriptedMonitor.target, flows: ScriptedMonitor.changed.monitor.flows
      ).append(to: &$0)
    }
    let lines = text.split(separator: "\n").map { String($0) }
    #expect(lines.last == "# EOF")
    let families = lines.filter { $0.hasPrefix("# TYPE") }
    #expect(Set(families).count == families.count && families.count > 10)
    for line in lines where !line.hasPrefix("#") {
      #expect(
        line.wholeMatch(of: #/wirewalk_trace_[a-z_]+\{target="a\\"b",[a-z0-9=",.]+\} [0-9.e+-]+/#)
          != nil, "\(line)")
    }
    let prefix = "{target=\"a\\\"b\",destination=\"203.0.113.80\",flow=\"0\""
    #expect(lines.contains("wirewalk_trace_hop_lost_total\(prefix),ttl=\"4\"} 9"))
    #expect(lines.contains("wirewalk_trace_path_changes_total\(prefix)} 1"))
    #expect(lines.contains("wirewalk_trace_loss_begins_ttl\(prefix)} 4"))
  }
}
