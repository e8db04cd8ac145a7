import FlowAnalysis
import PacketWire

/// Names without an answer, which resolvers of a host try again with a search domain behind them
/// (resolv.conf(5), `search`).
struct MissingNames: Sendable {
  private struct Key: Hashable {
    var name: String
    var type: DNSType
    var client: IPAddress?
  }

  /// The packets that said so.
  private var answers: [Key: Int] = [:]

  /// More names are forgotten, all at once.
  private static let limit = 256

  /// The packet said to `client` that there is no answer to that question.
  mutating func note(_ question: DNSQuestion, _ client: IPAddress?, _ number: Int) {
    if answers.count >= Self.limit { answers = [:] }
    let name = question.name.textWithoutFinalDot.lowercased()
    answers[Key(name: name, type: question.type, client: client)] = number
  }

  /// The packet that had no answer for what the name begins with, label by label.
  func answer(beforeExtensionOf question: DNSQuestion, _ client: IPAddress?) -> Int? {
    guard !answers.isEmpty else { return nil }
    var name = Substring(question.name.textWithoutFinalDot.lowercased())
    while let dot = name.lastIndex(of: ".") {
      name = name[..<dot]
      let key = Key(name: String(name), type: question.type, client: client)
      if let number = answers[key] { return number }
    }
    return nil
  }
}
