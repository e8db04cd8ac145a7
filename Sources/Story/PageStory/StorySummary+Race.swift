public import FlowAnalysis
public import PacketWire

extension StorySummary {
  /// Connections begun to several addresses of one name, of which the first to open was kept (Happy
  /// Eyeballs, RFC 8305).
  public struct Race: Hashable, Sendable {
    /// A question for the addresses of the name.
    public struct Question: Hashable, Sendable {
      /// For IPv6 addresses, else for IPv4 addresses.
      public var isV6: Bool
      /// The packet that asked.
      public var query: PacketMark
      /// The packet that answered, if one did before the first attempt.
      public var answer: PacketMark?
    }

    /// What became of an attempt.
    public enum Result: String, Hashable, Sendable {
      /// It was open first.
      case won
      /// It was refused.
      case refused
      /// A router or host reported an error.
      case unreachable
      /// It was answered when another one had won.
      case late
      /// There was no answer.
      case unanswered
    }

    /// A connection that was begun.
    public struct Attempt: Hashable, Sendable {
      /// The connection.
      public var flow: FlowID
      /// From which address.
      public var client: IPAddress
      /// To which address.
      public var server: IPAddress
      /// The packet with its SYN.
      public var syn: PacketMark
      /// What became of it.
      public var result = Result.unanswered
      /// The packet that shows it.
      public var end: PacketMark?
    }

    /// What was looked up.
    public var name: String
    /// The port of all of them.
    public var port: UInt16
    /// The questions, by their order.
    public var questions: [Question] = []
    /// By their order.
    public var attempts: [Attempt]
    /// The place of the one that was open first.
    public var winner: Int?

    init(name: String, port: UInt16, attempts: [Attempt]) {
      (self.name, self.port, self.attempts) = (name, port, attempts)
    }
  }
}

extension StorySummary.Race {
  /// For whom and what.
  package var subject: String { "\(Words.safe(name, 60)) port \(port)" }

  /// The questions in words; empty without any.
  package var asked: String {
    Words.list(
      questions.map {
        let answer = $0.answer.map { ", answered in #\($0.number)" } ?? ", not answered before"
        return "\($0.isV6 ? "AAAA" : "A") in #\($0.query.number)\(answer)"
      })
  }

  /// An attempt in words.
  package func words(_ attempt: Attempt) -> String {
    let later = attempt.syn.time - attempts[0].syn.time
    let when = later > .zero ? ", \(Words.duration(later)) later" : ""
    let end = attempt.end.map { " in #\($0.number)" } ?? ""
    let result = attempt.result == .unanswered ? "not answered" : "\(attempt.result.rawValue)\(end)"
    return "\(attempt.flow) to \(attempt.server) in #\(attempt.syn.number)\(when), \(result)"
  }

  /// The race in one line.
  var sentence: String {
    let questions = asked.isEmpty ? "" : " (asked for \(asked))"
    return "\(subject)\(questions): " + attempts.map { words($0) }.joined(separator: "; ") + "."
  }
}
