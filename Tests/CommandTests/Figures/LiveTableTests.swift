import PacketWire
import ProbeEngine
import TerminalText
import Testing

@testable import PingCommand

@Suite("The live view")
struct LiveTableTests {
  private static func reply(_ number: UInt64, _ milliseconds: Int64) -> PingReport {
    .reply(
      PingTextTests.answer {
        $0.probe = pingProbe(number)
        $0.roundTrip = RoundTripTime(.milliseconds(milliseconds), source: .kernel)
      })
  }

  /// Ten probes, one of them lost, one on its way.
  private static let busy: LiveTarget = {
    var target = LiveTarget()
    for number in 1...8 as ClosedRange<UInt64> { target.take(reply(number, Int64(10 + number))) }
    target.take(.lost(pingProbe(9)))
    target.reach(10)
    return target
  }()

  private func table(_ columns: Int, _ rows: Int = 24, names: [String]) -> LiveTable {
    LiveTable(names: names, columns: columns, rows: rows, isASCII: true, style: .plain)
  }

  @Test("every window is filled and none overflows", arguments: 1...220)
  func windows(columns: Int) {
    let names = ["www.example.test", "日本語.example.test", "a\\x1b[31m"]
    for rows in [1, 2, 3, 4, 5, 24] {
      for showsHelp in [false, true] {
        var table = table(columns, rows, names: names)
        table.showsHelp = showsHelp
        let lines = table.lines([Self.busy, LiveTarget(), Self.busy], running: .seconds(3_723))
        #expect(lines.count <= rows && !lines.isEmpty)
        for line in lines { #expect(DisplayWidth.columns(of: line) <= columns, "\(line)") }
      }
    }
  }

  @Test func eightyColumns() {
    let lines = table(80, names: ["www.example.test", "b"])
      .lines([Self.busy, LiveTarget()], running: .seconds(3_723))
    #expect(
      lines == [
        "ping-swift  2 targets  1:02:03  ms  as given",
        "target          sent  loss %          95 %    last    mean      p99 last probes",
        "www.example.~     10    11.1   2.0 to 43.5    18.0    14.5    18.0? .:-=+*%#x_",
        "b                  0       -             -       -       -        - ",
        "q end  p hold  r reset  s sort  ? help",
      ])
  }

  @Test func fortyColumns() {
    let lines = table(40, names: ["www.example.test"]).lines([Self.busy], running: .zero)
    #expect(lines[1].hasPrefix("target"))
    #expect(lines[2].contains("11.1") && lines[2].contains("18.0"))
  }

  @Test("what has no room is counted")
  func manyTargets() {
    let names = (1...100).map { "t\($0)" }
    let lines = table(80, 10, names: names)
      .lines(names.map { _ in LiveTarget() }, running: .zero)
    #expect(lines.count == 10 && lines[2].hasPrefix("t1 ") && lines[8].hasPrefix("t7 "))
    #expect(lines[9].hasPrefix("93 more  q end"))
  }

  @Test func orders() {
    var lossy = Self.busy
    lossy.take(.lost(pingProbe(10)))
    var slow = LiveTarget()
    slow.take(Self.reply(1, 500))
    let targets = [Self.busy, slow, LiveTarget(), lossy]
    var table = table(80, names: ["d", "c", "b", "a"])
    func order() -> String {
      table.lines(targets, running: .zero)[2...5].map { String($0.prefix(1)) }.joined()
    }
    #expect(order() == "dcba")
    table.order = .loss
    #expect(order() == "adcb")
    table.order = .mean
    #expect(order() == "cdab")
    table.order = .name
    #expect(order() == "abcd")
  }

  @Test("a probe is lost once, and not after all if its answer comes")
  func fates() {
    var target = LiveTarget()
    let error = ICMPErrorReport(family: .v4, type: 11, code: 0, source: PingTextTests.router)
    target.take(.error(pingProbe(1), error))
    target.take(.error(pingProbe(1), error))
    #expect(target.lost == 1 && target.received == 0)
    target.take(Self.reply(1, 30))
    #expect(target.lost == 0 && target.received == 1)
    target.take(.error(pingProbe(1), error))
    #expect(target.lost == 0)
    target.take(.sendFailed(pingProbe(2), errorNumber: 101))
    target.take(
      .reply(
        PingTextTests.answer { ($0.probe, $0.isDuplicate) = (pingProbe(1), true) }))
    #expect(target.lost == 1 && target.received == 1 && target.loss.sent == 2)
    #expect(target.recent.last(3) == [.answered(.milliseconds(30)), .lost])
  }

  @Test("after it was set back, older probes count no more")
  func reset() {
    var target = Self.busy
    target.reset(sent: 10)
    target.reach(10)
    target.take(Self.reply(10, 5))
    target.take(.lost(pingProbe(9)))
    #expect(target.sent == 0 && target.received == 0 && target.lost == 0 && target.last == nil)
    target.take(Self.reply(11, 7))
    target.reach(12)
    #expect(target.sent == 2 && target.received == 1 && target.last == .milliseconds(7))
  }
}
