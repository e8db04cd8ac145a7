import PacketTestSupport
import PacketWire
import ServiceEngine
import Testing

@Suite("Echo, hello and the time")
struct PlainServiceTests {
  private static let now = WallInstant(nanoseconds: 0)

  @Test func echoSendsBackWhatItGets() {
    var echo = EchoService()
    echo.receive([1, 2, 3], at: Self.now)
    echo.receive([4], at: Self.now)
    #expect(echo.output == [1, 2, 3, 4] && !echo.isClosing && echo.wantsInput)
    echo.hasSent(3)
    #expect(echo.output == [4])
    // Who does not read what comes back is not read from either.
    echo.receive([UInt8](repeating: 7, count: EchoService.outputLimit)[...], at: Self.now)
    #expect(!echo.wantsInput)
  }

  @Test func anAnnouncementIsAllThereIs() {
    var service = AnnouncementService("Hello from server\r\n")
    #expect(service.isClosing && !service.wantsInput)
    service.receive([1, 2, 3], at: Self.now)
    #expect(service.output == Array("Hello from server\r\n".utf8))
    service.hasSent(19)
    #expect(service.output == [])
  }

  @Test(
    "times in ISO 8601",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
      (1_795_267_507, "2026-11-21T13:25:07Z"), (-1, "1969-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func time(second: Int64, text: String) {
    let instant = WallInstant(nanoseconds: second * 1_000_000_000 + 999_999_999)
    #expect(instant.iso8601 == text)
    #expect(AnnouncementService(time: instant).output == Array("\(text)\r\n".utf8))
  }
}

@Suite("Acknowledged datagrams")
struct DatagramTallyTests {
  @Test func anAcknowledgementIsALine() {
    let line = Acknowledgement(length: 12, number: 3)
    #expect(line.text == "ACK 12 octets, number 3\n")
    #expect(Acknowledgement(Array(line.text.utf8)) == line)
    let largest = Acknowledgement(length: 65_507, number: .max)
    #expect(Acknowledgement(Array(largest.text.utf8)) == largest)
  }

  @Test(
    "what is no acknowledgement",
    arguments: [
      "", "ACK", "ACK  octets, number 3\n", "ACK 1 octets, number 3", "ACK 1 octets, number 3\n\n",
      "ACK -1 octets, number 3\n", "ACK 01 octets, number 3\n", "ack 1 octets, number 3\n",
      "ACK 1 octets, number 18446744073709551616\n",
      "ACK 1 octets, number 000000000000000000003\n",
    ])
  func noAcknowledgement(text: String) {
    #expect(Acknowledgement(Array(text.utf8)) == nil)
  }

  @Test(
    "numbers of datagrams",
    arguments: [
      ("#3 hello", 3), ("#3", 3), ("#0 ", 0), ("#18446744073709551615 ", .max), ("3 hello", nil),
      ("#3hello", nil), ("# 3", nil), ("#-3", nil), ("", nil), ("#18446744073709551616", nil),
    ] as [(String, UInt64?)])
  func numbers(text: String, number: UInt64?) {
    #expect(NumberedDatagram.number(of: Array(text.utf8)) == number)
  }

  @Test func datagramsAreAsLongAsAskedFor() {
    for length in [1, 3, 4, 32, 65_507] {
      let octets = NumberedDatagram.octets(number: 10, length: length)
      #expect(octets.count == max(length, 4))
      #expect(NumberedDatagram.number(of: octets) == 10)
    }
  }

  @Test("losses, order and repetitions are told apart")
  func tally() throws {
    var tally = DatagramTally()
    for number in 1...5 as ClosedRange<Int64> {
      let datagram = tally.next(length: 20, at: MonotonicInstant(nanoseconds: 100 * number))
      #expect(NumberedDatagram.number(of: datagram) == UInt64(number))
    }
    func answer(_ number: UInt64, at nanoseconds: Int64) -> DatagramTally.Arrival? {
      tally.receive(
        Array(Acknowledgement(length: 20, number: number).text.utf8),
        at: MonotonicInstant(nanoseconds: nanoseconds))
    }
    let first = try #require(answer(1, at: 150))
    #expect(first.number == 1 && first.roundTrip == Nanoseconds(50))
    #expect(!first.isOvertaken && !first.isRepeated)
    #expect(answer(3, at: 500)?.isOvertaken == false)
    #expect(answer(2, at: 510)?.isOvertaken == true)
    #expect(answer(3, at: 520)?.isRepeated == true)
    #expect(answer(5, at: 530)?.roundTrip == Nanoseconds(30))
    #expect(answer(0, at: 540) == nil && answer(6, at: 540) == nil && answer(.max, at: 540) == nil)
    // An acknowledgement of another length was not for what was sent.
    #expect(
      tally.receive(
        Array(Acknowledgement(length: 19, number: 4).text.utf8),
        at: MonotonicInstant(nanoseconds: 550)) == nil)
    #expect(tally.sentCount == 5 && tally.acknowledgedCount == 4 && tally.missingCount == 1)
    #expect(tally.overtakenCount == 1 && tally.repeatedCount == 1)
    #expect(tally.shortest == Nanoseconds(30) && tally.longest == Nanoseconds(310))
    #expect(tally.mean == Nanoseconds((50 + 200 + 310 + 30) / 4))
  }
}
