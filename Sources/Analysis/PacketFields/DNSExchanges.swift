import FlowAnalysis
import PacketWire

/// Questions of the DNS that wait for their answers, as tshark pairs them.
struct DNSExchanges: Sendable {
  private struct Question: Hashable, Sendable {
    var client: QUICEnds.End
    var server: QUICEnds.End
    var identifier: UInt16
  }

  private struct State: Sendable {
    var request: Int
    var asked: WallInstant
    var response: Int?
  }

  private var questions = RecentTable<Question, State>(capacity: 16_384)
  /// Who asks again sooner than that repeats a question.
  private static let patience = Nanoseconds.seconds(5)

  /// Notes that `ends.source` asks; whether it did before.
  mutating func ask(
    _ identifier: UInt16, _ ends: (source: QUICEnds.End, destination: QUICEnds.End),
    at mark: PacketMark
  ) -> MessageFacts {
    let question = Question(
      client: ends.source, server: ends.destination, identifier: identifier)
    if let known = questions[question], known.response == nil,
      mark.time - known.asked <= Self.patience
    {
      return MessageFacts(repeats: known.request)
    }
    questions.set(State(request: mark.number, asked: mark.time), for: question)
    return MessageFacts()
  }

  /// What `ends.source` answers, if it was asked and this is the first answer.
  mutating func answer(
    _ identifier: UInt16, _ ends: (source: QUICEnds.End, destination: QUICEnds.End),
    at mark: PacketMark
  ) -> MessageFacts {
    let question = Question(
      client: ends.destination, server: ends.source, identifier: identifier)
    guard var state = questions[question] else {
      return MessageFacts(isResponse: true, isUnsolicited: true)
    }
    if let first = state.response { return MessageFacts(repeats: first, isResponse: true) }
    state.response = mark.number
    questions.set(state, for: question)
    return MessageFacts(answers: (state.request, mark.time - state.asked), isResponse: true)
  }
}
