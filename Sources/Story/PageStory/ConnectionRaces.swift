import FlowAnalysis
import PacketWire

/// Connections that a client begins to several addresses of one name, to keep the one that opens first
/// (Happy Eyeballs, RFC 8305). Every table has an end.
struct ConnectionRaces: Sendable {
  private struct Key: Hashable {
    var name: String
    var port: UInt16
  }

  /// Where a connection is in the list.
  private struct Place: Hashable {
    var race: Int
    var attempt: Int
  }

  /// Who has had no success for so long does not race any more; RFC 8305 §5 wants an attempt every
  /// 250 ms, and 2 s at the most.
  private static let patience = Nanoseconds.seconds(10)

  private var races: [StorySummary.Race] = []
  private var latest: [Key: Int] = [:]
  private var places: [FlowID: Place] = [:]
  private var questions: [String: [StorySummary.Race.Question]] = [:]

  /// Races of several attempts.
  var all: [StorySummary.Race] { races.filter { $0.attempts.count > 1 } }

  /// Takes note of a question for addresses, or of the answer to one.
  mutating func note(_ dns: DNSFacts, _ mark: PacketMark) {
    guard dns.service == .dns, let question = dns.message.questions.first,
      question.type == .a || question.type == .aaaa
    else { return }
    let name = question.name.textWithoutFinalDot
    var list = questions[name] ?? []
    let place = list.firstIndex { $0.isV6 == (question.type == .aaaa) }
    switch dns.role {
    case .query:
      guard questions[name] != nil || questions.count < SummaryBuilder.maximumLines else { return }
      if let place { list.remove(at: place) }
      list.append(StorySummary.Race.Question(isV6: question.type == .aaaa, query: mark))
    case .answer:
      guard let place else { return }
      list[place].answer = list[place].answer ?? mark
    }
    questions[name] = list
  }

  /// Takes note of a SYN: what was tried before it in the same race.
  mutating func begin(_ facts: PacketFacts) -> [StorySummary.Race.Attempt] {
    guard let flow = facts.flow, let client = facts.source, let server = facts.destination,
      let name = server.name?.text, let port = server.port
    else { return [] }
    let attempt = StorySummary.Race.Attempt(
      flow: flow, client: client.address, server: server.address, syn: facts.mark)
    let key = Key(name: name, port: port)
    if let place = latest[key], races[place].takes(attempt, within: Self.patience) {
      let before = races[place].attempts
      guard before.count < StorySummary.Race.maximumAttempts else { return before }
      places[flow] = Place(race: place, attempt: before.count)
      races[place].attempts.append(attempt)
      return before
    }
    guard races.count < SummaryBuilder.maximumLines else { return [] }
    latest[key] = races.count
    places[flow] = Place(race: races.count, attempt: 0)
    var race = StorySummary.Race(name: name, port: port, attempts: [attempt])
    race.questions = (questions[name] ?? []).filter {
      facts.mark.time - $0.query.time <= Self.patience
    }
    races.append(race)
    return []
  }

  /// The question of the other family that a first SYN did not wait for the answer to, and the answer
  /// that it goes by.
  func unawaited(_ facts: PacketFacts) -> (query: PacketMark, known: PacketMark)? {
    guard let place = facts.flow.flatMap({ places[$0] }), place.attempt == 0 else { return nil }
    let questions = races[place.race].questions
    guard let open = questions.first(where: { $0.answer == nil }),
      let known = questions.lazy.compactMap({ $0.answer }).first
    else { return nil }
    return (open.query, known)
  }

  /// A connection is open: those that it has beaten, or the one that was before it.
  mutating func open(
    _ flow: FlowID?, _ mark: PacketMark
  ) -> (beaten: [StorySummary.Race.Attempt], winner: StorySummary.Race.Attempt?) {
    guard let place = flow.flatMap({ places[$0] }), races[place.race].attempts.count > 1 else {
      // A race may begin once it is open; then it is won.
      if let place = flow.flatMap({ places[$0] }) { races[place.race].win(place.attempt, mark) }
      return ([], nil)
    }
    if let winner = races[place.race].winner {
      races[place.race].end(place.attempt, .late, mark)
      return ([], races[place.race].attempts[winner])
    }
    races[place.race].win(place.attempt, mark)
    let others = races[place.race].attempts.filter { $0.result == .unanswered }
    return (others, nil)
  }

  /// A connection did not come about.
  mutating func fail(
    _ flow: FlowID?, _ result: StorySummary.Race.Result, _ mark: PacketMark
  ) {
    guard let place = flow.flatMap({ places[$0] }) else { return }
    races[place.race].end(place.attempt, result, mark)
  }

  /// Who has won the race that a connection has lost.
  func winner(over flow: FlowID?) -> StorySummary.Race.Attempt? {
    guard let place = flow.flatMap({ places[$0] }), let winner = races[place.race].winner,
      winner != place.attempt
    else { return nil }
    return races[place.race].attempts[winner]
  }
}

extension StorySummary.Race {
  /// More addresses than a client tries at once.
  fileprivate static let maximumAttempts = 16

  /// An attempt is part of the race: nobody has won, it goes to another address, and comes from the
  /// same host as far as that can be told.
  fileprivate func takes(_ attempt: Attempt, within patience: Nanoseconds) -> Bool {
    guard winner == nil, let last = attempts.last,
      attempt.syn.time - last.syn.time <= patience
    else { return false }
    return attempts.allSatisfy {
      $0.server != attempt.server
        && ($0.client.family != attempt.client.family || $0.client == attempt.client)
    }
  }

  fileprivate mutating func win(_ place: Int, _ mark: PacketMark) {
    guard winner == nil else { return }
    winner = place
    end(place, .won, mark)
  }

  fileprivate mutating func end(_ place: Int, _ result: Result, _ mark: PacketMark) {
    guard attempts[place].result == .unanswered else { return }
    (attempts[place].result, attempts[place].end) = (result, mark)
  }
}
