import PacketWire
import Testing

@testable import ProbeEngine

@Suite("The search for the last hop that answers")
struct HopSearchTests {
  private let start = MonotonicInstant(nanoseconds: 1_000)

  private func error(_ type: UInt8, _ code: UInt8 = 0) -> ICMPErrorReport {
    ICMPErrorReport(family: .v4, type: type, code: code, source: nil)
  }

  private func address(_ number: Int) -> IPAddress {
    .v4(IPv4Address(198, 18, 0, UInt8(truncatingIfNeeded: number)))
  }

  /// Runs a search in which hops answer as the closure says, at once or never.
  private func run(
    expectedHop: Int? = nil, _ answer: (Int, Int) -> (IPAddress, ICMPErrorReport?)?
  ) -> (result: PathDiagnosis, asked: [Int]) {
    var search = HopSearch(target: 0, expectedHop: expectedHop, patience: .seconds(1))
    var (now, asked) = (start, [Int]())
    while asked.count <= 40 {
      switch search.step(at: now) {
      case .done: return (search.result, asked)
      case .wait(let time):
        #expect(time > now)
        now = time
      case .send(let hops):
        asked.append(Int(hops))
        let number = UInt16(asked.count)
        search.sent(timeToLive: hops, sequenceNumber: number, serial: UInt64(number), at: now)
        let count = asked.count { $0 == Int(hops) }
        if let (address, error) = answer(Int(hops), count) {
          search.answered(number, by: address, error, at: now + .milliseconds(1))
        }
      }
    }
    return (search.result, asked)
  }

  @Test("what is asked, by who answers")
  func order() {
    let cases: [(lastHop: Int, expected: Int?, asked: [Int])] = [
      (0, nil, [1, 2, 3, 4, 1, 2, 3, 4]),
      (0, 1, [1, 1]),
      (0, 6, [1, 2, 3, 4, 1, 2, 3, 4, 5, 6]),
      (2, 3, [1, 2, 3, 3]),
      (2, nil, [1, 2, 3, 4, 5, 6, 3, 4, 5, 6]),
      // The way became longer than it was.
      (5, 3, [1, 2, 3, 4, 5, 6, 6]),
    ]
    for item in cases {
      let (result, asked) = run(expectedHop: item.expected) { hops, _ in
        hops <= item.lastHop ? (address(hops), error(11)) : nil
      }
      #expect(asked == item.asked)
      #expect(result.silentFrom == item.lastHop + 1 && result.probeCount == item.asked.count)
      #expect(result.hops.count == item.lastHop)
    }
  }

  @Test("a hop that answers the second time only is found, and so are those behind it")
  func secondTime() {
    let (result, asked) = run { hops, count in
      hops < 3 || (hops == 3 && count == 2) || (hops > 6 && hops < 9)
        ? (address(hops), error(11)) : nil
    }
    #expect(asked == [1, 2, 3, 4, 5, 6, 3, 7, 8, 9, 10, 11, 12, 9, 10, 11, 12])
    #expect(result.hops.map(\.timeToLive) == [1, 2, 3, 7, 8] && result.silentFrom == 9)
  }

  @Test("two neighbouring hops with one address are no loop, three of them are")
  func loop() {
    let (result, asked) = run { hops, _ in (address(hops < 4 ? hops : 4 + hops % 2), error(11)) }
    #expect(result.finding == .loop && asked == Array(1...8))
    #expect(result.hops.suffix(2).map(\.address) == [address(5), address(4)])
    let twice = run { hops, _ in hops < 6 ? (address(max(hops, 2)), error(11)) : nil }
    #expect(twice.result.finding == .silence && twice.result.silentFrom == 6)
  }

  @Test("the target's answer and a refusal end it", arguments: [true, false])
  func ends(isAnswer: Bool) {
    let (result, asked) = run(expectedHop: 9) { hops, _ in
      hops < 5 ? (address(hops), error(11)) : (address(5), isAnswer ? nil : error(3, 1))
    }
    #expect(result.finding == (isAnswer ? .answer : .refusal) && asked.count == 5)
    #expect(result.hops.last?.timeToLive == 5 && result.silentFrom == nil)
  }

  @Test("fragments that were waited for in vain are no used up hops")
  func reassembly() {
    let (result, _) = run { hops, _ in (address(hops), error(11, 1)) }
    #expect(result.finding == .refusal && result.hops.count == 1)
  }

  @Test("an answer counts once, to a probe that was sent")
  func strangers() {
    var search = HopSearch(target: 0, expectedHop: nil, patience: .seconds(1))
    search.answered(1, by: address(1), error(11), at: start)
    #expect(search.result.hops.isEmpty && search.serial(of: 1) == nil)
    search.sent(timeToLive: 1, sequenceNumber: 1, serial: 9, at: start)
    search.answered(1, by: address(1), error(11), at: start + .milliseconds(3))
    search.answered(1, by: address(2), nil, at: start + .milliseconds(4))
    #expect(search.serial(of: 1) == 9 && search.result.finding == .silence)
    #expect(search.result.hops.map(\.roundTrip) == [.milliseconds(3)])
  }
}

@Suite("Bursts of loss")
struct LossBurstTests {
  private let start = MonotonicInstant(nanoseconds: 0)

  private func second(_ count: Int64) -> MonotonicInstant { start + .seconds(count) }

  @Test("three in a row that wait longer than answers take")
  func begins() {
    var burst = LossBurst()
    for number in 1...2 as ClosedRange<UInt64> { burst.sent(number, at: second(Int64(number))) }
    #expect(burst.beginsAt == nil)
    burst.sent(3, at: second(3))
    #expect(burst.beginsAt == second(4))
    burst.sent(4, at: second(4))
    #expect(burst.beginsAt == second(4))
    // A slow path is waited for, a very slow one not for ever.
    burst.answered(1, after: .seconds(2), timeToLive: 60)
    #expect(burst.beginsAt == nil && burst.timeToLive == 60)
    burst.sent(5, at: second(5))
    #expect(burst.beginsAt == second(9))
    burst.answered(2, after: .seconds(50), timeToLive: nil)
    burst.sent(6, at: second(6))
    #expect(burst.patience == .seconds(5) && burst.timeToLive == 60)
  }

  @Test("those that are lost for sure are not waited for")
  func lost() {
    var burst = LossBurst()
    for number in 1...3 as ClosedRange<UInt64> { burst.sent(number, at: second(Int64(number))) }
    burst.lost(3)
    #expect(burst.beginsAt == second(3))
    burst.lost(1)
    burst.lost(2)
    #expect(burst.beginsAt == second(3))
  }

  @Test("a newer answer ends it, an older one does not, and each is looked into once")
  func ends() {
    var burst = LossBurst()
    burst.sent(1, at: second(1))
    burst.answered(1, after: .milliseconds(3), timeToLive: 64)
    for number in 2...4 as ClosedRange<UInt64> { burst.sent(number, at: second(Int64(number))) }
    burst.lookedInto()
    #expect(burst.beginsAt == nil)
    burst.answered(1, after: .milliseconds(4), timeToLive: 64)
    #expect(burst.beginsAt == nil)
    burst.answered(4, after: .milliseconds(4), timeToLive: 64)
    for number in 5...7 as ClosedRange<UInt64> { burst.sent(number, at: second(Int64(number))) }
    #expect(burst.beginsAt == second(8))
    // What was sent before the newest answer is no part of a burst.
    burst.sent(3, at: second(8))
    burst.answered(7, after: .milliseconds(4), timeToLive: 64)
    burst.sent(6, at: second(8))
    burst.sent(8, at: second(8))
    burst.sent(9, at: second(9))
    #expect(burst.beginsAt == nil)
  }
}
