import PacketWire
import Testing

@testable import ProbeEngine

@Suite("Who answers a group")
struct ResponderTableTests {
  private func answer(
    _ number: UInt64, from host: UInt8, isDuplicate: Bool = false, isValid: Bool = true,
    target: Int = 0
  ) -> PingReply {
    PingReply(
      probe: PingProbe(serial: number, target: target, number: number),
      reply: EchoReply(
        sequenceNumber: 0, source: .v4(IPv4Address(10, 0, 0, host)),
        timeToLive: 64, typeOfService: nil, length: 64, cookie: 0, cookieLength: 8, damage: nil,
        isChecksumValid: isValid),
      roundTrip: RoundTripTime(Nanoseconds(Int64(host)), source: .program),
      isDuplicate: isDuplicate, isLate: false, missingOctets: 0)
  }

  @Test("another host's answer is no duplicate, the same host's second one is")
  func duplicates() {
    var table = ResponderTable()
    var repeats: [Bool] = []
    for number in 1...100 as ClosedRange<UInt64> {
      for host: UInt8 in [1, 2, 3] {
        repeats.append(table.take(answer(number, from: host, isDuplicate: host > 1)))
      }
      if number.isMultiple(of: 10) {
        let again = table.take(answer(number, from: 2, isDuplicate: true))
        let late = table.take(answer(number - 5, from: 3, isDuplicate: true))
        #expect(again && late)
      }
    }
    #expect(repeats.allSatisfy { !$0 })
    #expect(table.rows.map(\.received) == [100, 100, 100])
    #expect(table.rows.map(\.duplicates) == [0, 10, 10])
    #expect(table.rows.map(\.rtt.mean) == [1, 2, 3])
  }

  @Test("answers that overtake each other are each counted once")
  func order() {
    var table = ResponderTable()
    for number: UInt64 in [3, 1, 2, 70, 69, 7] {
      let repeats = [table.take(answer(number, from: 1)), table.take(answer(number, from: 1))]
      #expect(repeats == [false, true])
    }
    let repeats = [table.take(answer(200, from: 1)), table.take(answer(199, from: 1))]
    #expect(repeats == [false, false])
    #expect(table.rows[0].received == 8 && table.rows[0].duplicates == 6)
  }

  @Test("corrupted answers are nobody's, and targets are kept apart")
  func apart() {
    var table = ResponderTable()
    let corrupted = table.take(answer(1, from: 1, isValid: false))
    #expect(!corrupted && table.rows.isEmpty)
    let repeats = [table.take(answer(1, from: 1)), table.take(answer(1, from: 1, target: 1))]
    #expect(repeats == [false, false])
    #expect(table.rows.map(\.target) == [0, 1])
  }

  @Test("the table is bounded")
  func bounded() {
    var table = ResponderTable()
    for host in 0..<3_000 as Range<UInt32> {
      var reply = answer(1, from: 1)
      reply.reply.source = .v4(IPv4Address(bits: host))
      _ = table.take(reply)
    }
    #expect(table.rows.count == ResponderTable.limit)
    #expect(table.others == 3_000 - ResponderTable.limit)
  }
}
