import FlowAnalysis
public import PacketWire
public import ProbeEngine

/// What the capture's DNS messages come to, multicast ones left out of times and answers.
public struct DNSStatistics: Sendable {
  /// A name and the type that it was asked for.
  public struct Question: Hashable, Sendable {
    /// The name as it was first written.
    public var name: DNSName
    /// The type.
    public var type: DNSType
  }

  /// Messages that ask, repeated ones counted in.
  public private(set) var queries = 0
  /// Of those, the ones that repeat a question that was still unanswered.
  public private(set) var repeated = 0
  /// Messages that answer.
  public private(set) var answers = 0
  /// Of those, the ones whose query the capture does not hold.
  public private(set) var unasked = 0
  /// From a query to its answer.
  public private(set) var times = DelayHistogram()
  /// The answers by response code (RFC 1035 §4.1.1, RFC 6895 §2.3).
  public private(set) var codes = Tally<UInt8>(capacity: 16)
  /// The questions by type.
  public private(set) var types = Tally<DNSType>(capacity: 256)
  /// The questions.
  public private(set) var questions = Tally<Question>(capacity: 4096)
  /// The answers by who gave them.
  public private(set) var servers = Tally<IPAddress>(capacity: 1024)
  /// The slowest answers, the slowest first.
  public private(set) var slowest: [(time: Nanoseconds, question: Question, packet: Int)] = []
  private static let slowestKept = 10

  /// Nothing was seen.
  public init() {}

  /// Queries that no answer was seen for, as far as the numbers tell: each first query has one.
  public var unanswered: Int { max(0, queries - repeated - (answers - unasked)) }

  mutating func add(_ facts: DNSFacts, from source: Endpoint?, at mark: PacketMark) {
    guard facts.service != .multicast else { return }
    let question = facts.message.questions.first.map { Question(name: $0.name, type: $0.type) }
    switch facts.role {
    case .query(let repeats):
      queries += 1
      if repeats != nil { repeated += 1 }
      guard let question else { return }
      types.add(question.type)
      questions.add(question)
    case .answer(let query, let repeats):
      // A copy of an answer says nothing new.
      guard repeats == nil else { return }
      answers += 1
      codes.add(facts.message.responseCode)
      if let source { servers.add(source.address) }
      guard let query else {
        unasked += 1
        return
      }
      // A server that is asked again answers the last query, or the first one late: the shorter
      // time would be a guess, the longer one is what the client waited.
      let time = mark.time - query.first.time
      times.add(time)
      if let question { note(time, question, mark) }
    }
  }

  private mutating func note(_ time: Nanoseconds, _ question: Question, _ mark: PacketMark) {
    if slowest.count == Self.slowestKept, let last = slowest.last, time <= last.time { return }
    let place = slowest.firstIndex { $0.time < time } ?? slowest.count
    slowest.insert((time, question, mark.number), at: place)
    if slowest.count > Self.slowestKept { slowest.removeLast() }
  }
}
