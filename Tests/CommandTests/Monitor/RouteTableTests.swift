import CommandLineKit
import PacketText
import PacketWire
import ProbeEngine
import TerminalText
import Testing

@testable import TracerouteCommand

@Suite("The live view of a path, as lines")
struct RouteTableTests {
  private static func table(_ columns: Int, _ rows: Int) -> RouteTable {
    RouteTable(
      host: "www.example.test", columns: columns, rows: rows, isASCII: true, style: .plain)
  }

  private static func moment(_ change: String? = nil, isHeld: Bool = false) -> RouteTable.Moment {
    RouteTable.Moment(
      running: .seconds(3_725), interval: .seconds(1), isHeld: isHeld, change: change,
      name: { $0 == ScriptedMonitor.target ? "www.example.test" : "\($0)" })
  }

  private static let usual = ScriptedMonitor.usual.monitor.flows
  private static let changed = ScriptedMonitor.changed.monitor.flows

  /// Fifteen hops, four flows; the third hop is another router's for each flow.
  private static let flows = ScriptedMonitor(rounds: 3, flows: 4) { ttl, round in
    guard ttl < 15 else { return (ScriptedMonitor.target, 15_000) }
    return (ScriptedMonitor.router(ttl == 3 ? 100 + round % 4 : ttl), Int64(ttl) * 1_000)
  }.monitor.flows

  @Test("80 columns: a row a hop, what it means, and the keys")
  func usual() {
    #expect(
      Self.table(80, 12).lines(Self.usual, Self.moment())
        == [
          "www.example.test  1:02:05  every 1 s  ms",
          "    Host              Loss%    Snt   Last    Avg   Best   Wrst  StDev",
          "  1 198.18.1.1          0.0     10    1.3    1.3    1.3    1.3    0.0",
          "  2 ???               100.0     10                                     silent",
          "  3 198.18.3.1         60.0     10    4.0    4.0    4.0    4.0    0.0  limits",
          "  4 www.example.test    0.0     10   10.7   10.3    9.8   10.7    0.3",
          "No loss: www.example.test answered in all 10 rounds.",
          "q end  p hold  r reset  n names  d display  j jitter  o order  ? help",
        ])
  }

  @Test("no size makes a line too wide or the lines too many")
  func sizes() {
    for flows in [Self.usual, Self.changed, Self.flows] {
      for columns in [1, 5, 20, 40, 60, 80, 200] {
        for rows in [1, 2, 5, 10, 24, 60] {
          for display in RouteTable.Display.allCases {
            var table = Self.table(columns, rows)
            for place in 0..<4 {
              (table.display, table.showsJitter, table.showsHelp) = (
                display, place == 1, place == 2
              )
              table.prompt = place == 3 && rows > 5 ? OrderPrompt(nil) : nil
              table.order = place == 0 ? try? FieldOrder(argument: "VG  NJMXIDR") : nil
              let lines = table.lines(flows, Self.moment("12:00:00 path changed", isHeld: true))
              #expect(lines.count <= rows)
              #expect(
                lines.allSatisfy { DisplayWidth.columns(of: $0) <= columns }, "\(columns) \(lines)")
            }
          }
        }
      }
    }
  }

  @Test("40 columns and 10 rows: the target stays, and so does the sentence")
  func small() {
    let lines = Self.table(40, 10).lines(Self.flows, Self.moment("12:00:00 path changed"))
    #expect(lines.count == 10)
    #expect(lines[5] == "    11 more")
    #expect(lines[6].hasPrefix(" 15 www.example.te"))
    #expect(lines[7] == "flow 1: No loss: www.example.test answe~")
    #expect(lines[8] == "12:00:00 path changed")
    #expect(lines[9].hasPrefix("q end  p hold"))
  }

  @Test("the hop where loss begins is told, and loss is coloured only where colours are")
  func loss() {
    var table = Self.table(100, 24)
    let plain = table.lines(Self.changed, Self.moment("10:00:00 path changed at hop 2"))
    #expect(
      plain.contains { $0.contains("  4 www.example.test   64.3     14") && $0.contains("LOSS") })
    #expect(plain.contains { $0.hasPrefix("Loss: 64 % of 14 rounds brought no answer") })
    #expect(plain.contains("10:00:00 path changed at hop 2"))
    // Who else answered at hop 2, with the share.
    #expect(plain.contains { $0.contains("198.18.2.1") && $0.contains("71 %, mean 2.0") })
    #expect(!plain.joined().contains("\u{1b}"))
    table.style = .coloured
    let coloured = table.lines(Self.changed, Self.moment())
    #expect(coloured.contains { $0.contains("\u{1b}[1;31m   64.3\u{1b}[0m") })
  }

  @Test("the last probes as a strip, and jitter in the place of delays")
  func displays() {
    var table = Self.table(60, 24)
    table.display = .strip
    let strip = table.lines(Self.usual, Self.moment())
    #expect(strip[4].hasSuffix("limits xxxxxx.-*#"), "\(strip[4])")
    table.columns = 40
    #expect(table.lines(Self.usual, Self.moment())[4] == "  3 198.18.3.1     60.0 xxxxxx.-*#")
    table.columns = 60
    table.display = .figures
    table.showsJitter = true
    let jitter = table.lines(Self.usual, Self.moment())
    #expect(jitter[1].hasSuffix("Loss%   Last   Jttr   Javg"), "\(jitter[1])")
  }

  @Test("an order of one's own: those columns, left to right, and what the loss means behind them")
  func order() throws {
    var table = Self.table(80, 12)
    table.order = try FieldOrder(argument: "NGR D")
    var lines = table.lines(Self.usual, Self.moment())
    #expect(lines[1] == "    Host               Last  Gmean    Rcv     Drop         last probes")
    #expect(lines[2].hasPrefix("  1 198.18.1.1          1.3    1.3     10        0 "))
    #expect(lines[3].hasPrefix("  2 ???                                 0       10  silent "))
    #expect(lines[4].hasPrefix("  3 198.18.3.1          4.0    4.0      4        6  limits "))
    #expect(lines[5].hasPrefix("  4 www.example.test   10.7   10.2     10        0 "))
    table.columns = 40
    lines = table.lines(Self.usual, Self.moment())
    #expect(lines[1] == "    Host              Last  Gmean    Rcv")
    // The other pictures are what they were.
    table.columns = 80
    table.showsJitter = true
    #expect(table.lines(Self.usual, Self.moment())[1].contains("Loss%    Snt   Last   Jttr"))
    (table.showsJitter, table.display) = (false, .strip)
    #expect(table.lines(Self.usual, Self.moment())[1].contains("Loss%   Last"))
  }

  @Test("while it is typed all letters are told, and what stands there")
  func prompt() {
    var table = Self.table(80, 24)
    var prompt = OrderPrompt(nil)
    for key in "\u{15}slx".utf8 { #expect(prompt.take(key) == .typing) }
    table.prompt = prompt
    let lines = table.lines(Self.usual, Self.moment())
    #expect(lines[2] == "  blank        a gap between columns")
    #expect(lines[3] == "  L     Loss%  share of probes without an answer")
    #expect(lines.count == 19 && lines[17] == "Fields: SLX_")
    #expect(lines[18].hasPrefix("Enter: so"))
  }

  @Test("keys that are no letters of fields change nothing; the others do what they say")
  func typing() throws {
    func typed(_ keys: String, into order: FieldOrder? = nil) -> OrderPrompt {
      var prompt = OrderPrompt(order)
      for key in keys.utf8 { #expect(prompt.take(key) == .typing) }
      return prompt
    }
    #expect(typed("").text == "LS NABWV")
    #expect(typed("", into: try FieldOrder(argument: "xi")).text == "XI")
    #expect(typed("\u{7f}\u{8}g q[é?\u{0}").text == "LS NABG ")
    #expect(typed("\u{15}\u{7f}").text == "")
    #expect(typed("\u{15}" + String(repeating: "L", count: 30)).text.count == 20)
    for (keys, end, order) in [
      ("\u{15}nl", "\r", "NL"), ("\u{15}  j", "\n", "  J"), ("\u{15}", "\r", nil),
      ("\u{15}  ", "\r", nil),
    ] as [(String, String, String?)] {
      var prompt = typed(keys)
      let expected = try order.map { text throws(UsageError) in try FieldOrder(argument: text) }
      #expect(end.utf8.first.map { prompt.take($0) } == .chosen(expected))
    }
    var prompt = typed("gg")
    #expect(prompt.take(0x1b) == .left)
  }

  @Test("with several flows it is said how sure it is that all ways were seen, where there is room")
  func certainty() {
    let words = "4 ways seen with 4 flows, not sure (95 %): 17 flows more at hop 3 would rule out"
    func holds(_ rows: Int, _ flows: [RouteFlow]) -> Bool {
      Self.table(90, rows).lines(flows, Self.moment()).contains { $0.hasPrefix(words) }
    }
    #expect(holds(30, Self.flows) && !holds(12, Self.flows))
    #expect(
      !Self.table(90, 30).lines(Self.usual, Self.moment()).contains { $0.contains("seen with") })
  }

  @Test("flows beside each other: letters for routers, told below")
  func flowColumns() {
    var table = Self.table(80, 60)
    table.display = .flows
    let lines = table.lines(Self.flows, Self.moment())
    #expect(lines[1] == "            flow 1        flow 2        flow 3        flow 4")
    #expect(lines[4] == "  3  A    3.0   0% B    3.0   0% C    3.0   0% D    3.0   0%")
    #expect(lines.contains("  3  A 198.18.100.1  B 198.18.101.1  C 198.18.102.1  D 198.18.103.1"))
    #expect(lines.contains(" 15  A www.example.test"))
    // A narrow window shows fewer of them, and says so.
    table.columns = 40
    #expect(table.lines(Self.flows, Self.moment())[1].hasSuffix("flow 2 +2"))
  }
}
