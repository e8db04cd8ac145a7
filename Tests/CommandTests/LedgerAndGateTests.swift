import HostNaming
import PacketWire
import ProbeShell
import Testing

@Suite("Which probe a transmit stamp belongs to")
struct TransmitLedgerTests {
  @Test func emptyLedgerKnowsNothing() {
    let ledger = TransmitLedger()
    for counter in [0, 1, UInt32.max] { #expect(ledger.number(for: counter) == nil) }
  }

  @Test func countersFollowTheSends() {
    var ledger = TransmitLedger()
    for number: UInt64 in [7, 9, 12] { ledger.sent(number) }
    #expect((0...3).map { ledger.number(for: $0) } == [7, 9, 12, nil])
    #expect(ledger.number(for: .max) == nil)
  }

  @Test func theLast1024AreKept() {
    var ledger = TransmitLedger()
    for number: UInt64 in 0..<1_030 { ledger.sent(number * 2) }
    #expect(ledger.number(for: 5) == nil)
    #expect(ledger.number(for: 6) == 12)
    #expect(ledger.number(for: 1_029) == 2_058)
    #expect(ledger.number(for: 1_030) == nil)
  }

  @Test func nothingIsSaidBehindAFailure() {
    var ledger = TransmitLedger()
    ledger.sent(1)
    ledger.failed()
    ledger.sent(2)
    #expect((0...2).map { ledger.number(for: $0) } == [nil, nil, nil])
  }
}

@Suite("Lines that wait for names")
struct NameGateTests {
  private let start = MonotonicInstant(nanoseconds: 5_000_000_000)
  private let known = address("192.0.2.1")
  private let unknown = address("192.0.2.2")

  @Test func orderIsKept() {
    var gate = NameGate<Int>()
    gate.add(1, mentioning: [], at: start)
    gate.add(2, mentioning: [known, unknown], at: start + Nanoseconds(1))
    gate.add(3, mentioning: [known], at: start + Nanoseconds(2))
    #expect(gate.wakeAt == start + .milliseconds(300))
    #expect(gate.release(at: start) { $0 == known } == [1])
    #expect(gate.release(at: start) { $0 == known } == [])
    #expect(gate.release(at: start) { _ in true } == [2, 3])
    #expect(gate.wakeAt == nil)
  }

  @Test func patienceEnds() {
    var gate = NameGate<Int>()
    gate.add(1, mentioning: [unknown], at: start)
    gate.add(2, mentioning: [unknown], at: start + Nanoseconds(1))
    let due = start + .milliseconds(300)
    #expect(gate.release(at: start + Nanoseconds(299_999_999)) { _ in false } == [])
    #expect(gate.release(at: due) { _ in false } == [1])
    #expect(gate.wakeAt == due + Nanoseconds(1))
    #expect(gate.releaseAll() == [2])
    #expect(gate.releaseAll() == [])
  }

  @Test func atMost256AreHeld() {
    var gate = NameGate<Int>()
    for line in 1...256 { gate.add(line, mentioning: [unknown], at: start) }
    #expect(gate.release(at: start) { _ in false } == [])
    gate.add(257, mentioning: [unknown], at: start)
    #expect(gate.release(at: start) { _ in false } == Array(1...257))
  }
}
