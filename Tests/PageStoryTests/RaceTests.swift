import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("Races of connections (RFC 8305)")
struct RaceTests {
  private func attempts(_ capture: ConversationBuilder) -> [String] {
    tell(capture).summary.races.flatMap { race in
      race.attempts.enumerated().map { place, attempt in
        let end = attempt.end.map { " #\($0.number)" } ?? ""
        return "\(attempt.flow) #\(attempt.syn.number) \(attempt.result)\(end)"
          + (race.winner == place ? " winner" : "")
      }
    }
  }

  @Test("who was begun when, and what became of it")
  func results() {
    #expect(attempts(Trouble.race()) == ["tcp:1 #5 late #9", "tcp:2 #6 won #8 winner"])
    #expect(attempts(Trouble.raceRefused()) == ["tcp:1 #5 refused #6", "tcp:2 #7 won #9 winner"])
    #expect(
      attempts(Trouble.raceOfThree()) == [
        "tcp:1 #5 unreachable #6", "tcp:2 #7 won #13 winner", "tcp:3 #10 late #14",
      ])
    #expect(attempts(Trouble.raceUnawaited()) == [])
    // Several connections to one address race nobody.
    #expect(attempts(Trouble.twoPages()) == [])
  }

  @Test("an attempt is there because of the one that it races or follows")
  func causes() {
    let (won, refused) = (tell(Trouble.race()).steps, tell(Trouble.raceRefused()).steps)
    #expect(won[5].because == [4, 5] && won[7].because == [5, 6, 7])
    #expect(won[8].because == [5, 8] && won[9].because.contains(8))
    #expect(refused[6].because == [4, 5, 6])
    #expect(tell(Trouble.raceUnawaited()).steps[3].because == [1, 3])
  }

  @Test("the questions, by their order, and who was answered before the first attempt")
  func questions() throws {
    let race = try #require(tell(Trouble.race()).summary.races.first)
    #expect(race.questions.map { $0.isV6 } == [true, false])
    #expect(race.questions.map { $0.answer?.number } == [2, 4])
    #expect(
      race.sentence
        == "www.discord.test port 80 (asked for AAAA in #1, answered in #2 and A in #3, answered in #4): "
        + "tcp:1 to 2001:db8:2::80 in #5, late in #9; tcp:2 to 203.0.113.80 in #6, 250.0 ms later, won in #8."
    )
  }

  @Test("a flood of attempts has an end")
  func flood() {
    var capture = ConversationBuilder()
    for host in 1...60 {
      Scenario.lookUp(
        "many.test", is: "203.0.113.\(host)", in: &capture, port: UInt16(50_000 + host))
      var connection = ConversationBuilder.Connection(
        from: Scenario.client, 40_001, to: "203.0.113.\(host)")
      capture.send(&connection, .client, [.syn])
    }
    #expect(tell(capture).summary.races.allSatisfy { $0.attempts.count <= 16 })
  }
}
