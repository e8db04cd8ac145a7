import FlowAnalysis
import PacketWire

extension StorySummary.WebSocket {
  /// The WebSocket in one line.
  var sentence: String {
    let what = request.isEmpty ? "a request that is not here" : request
    var text = "\(flow), opened in #\(upgrade.number) by \(what): "
    text += "\(traffic(0)) to the server, \(traffic(1)) back"
    if pings > 0 {
      text += "; \(Words.count(pings, "ping")), \(pongs) answered"
      if let shortestPing { text += ", in \(Words.duration(shortestPing)) at the least" }
    }
    return "\(text). \(end)"
  }

  /// Messages of one end, in words.
  package func traffic(_ side: Int) -> String {
    "\(Words.count(messages[side], "message")) (\(Words.count(octets[side], "byte")))"
  }

  /// How it ended, as a sentence.
  package var end: String {
    guard let closing, let closedBy else {
      return isCutOff ? "It ended without a close frame (1006)." : "Its end is not in this capture."
    }
    let numbers = closes.map { "#\($0)" }.joined(separator: " and ")
    let who = closedBy == .client ? "the client" : "the server"
    let answer = closes.count > 1 ? "" : "; the other end did not confirm it here"
    return "Closed by \(who) with \(closing.words), in \(numbers)\(answer)."
  }
}
