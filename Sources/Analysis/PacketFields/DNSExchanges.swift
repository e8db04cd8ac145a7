import PacketWire

/// Questions of the DNS that wait for their answers, as tshark pairs them.
struct DNSExchanges: Sendable {
  private struct Question: Hashable, Sendable {
    var client: QUICEnds.End
    var server: QUICEnds.End
    var identifier: UInt16
  }

  private struct State: Sendable {
    var asked: WallInstant
    var isAnswered = false
  }

  private var questions = RecentTable<Question, State>(capacity: 16_384)
  /// Who asks again sooner than that repeats a question.
  private static let patience = Nanoseconds.seconds(5)

  /// Notes that `ends.source` asks.
  mutating func ask(
    _ identifier: UInt16, _ ends: (source: QUICEnds.End, destination: QUICEnds.End),
    at time: WallInstant
  ) {
    let question = Question(
      client: ends.source, server: ends.destination, identifier: identifier)
    if let known = questions[question], !known.isAnswered, time - known.asked <= Self.patience {
      return
    }
    questions.set(State(asked: time), for: question)
  }

  /// How long ago was asked what `ends.source` answers, if it was and this is the first answer.
  mutating func answer(
    _ identifier: UInt16, _ ends: (source: QUICEnds.End, destination: QUICEnds.End),
    at time: WallInstant
  ) -> Nanoseconds? {
    let question = Question(
      client: ends.destination, server: ends.source, identifier: identifier)
    guard var state = questions[question], !state.isAnswered else { return nil }
    state.isAnswered = true
    questions.set(state, for: question)
    return time - state.asked
  }
}
