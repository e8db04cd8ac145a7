public import PacketText
import FlowAnalysis
import PacketWire

extension StoryText {
  /// The most rows of one list that are printed.
  static let maximumRows = 40

  /// Appends what the story came to.
  public func append(_ summary: StorySummary, to buffer: inout TextBuffer) {
    appendRule("Summary", &buffer)
    appendTotals(summary, &buffer)
    appendWaterfall(summary, &buffer)
    appendTimings(summary, &buffer)
    appendHandshakes(summary, &buffer)
    appendLookups(summary, &buffer)
    appendSentences("Races", summary.races.map(\.sentence), .plain, &buffer)
    appendExchanges(summary, &buffer)
    appendSentences("WebSockets", summary.webSockets.map(\.sentence), .plain, &buffer)
    appendFlows(summary, &buffer)
    let (missing, unseen) = (
      summary.blindSpots.filter(\.kind.isMissing), summary.blindSpots.filter { !$0.kind.isMissing }
    )
    appendSentences("What cannot be seen here", unseen.map(\.advice), .plain, &buffer)
    appendSentences(
      "What is missing", missing.map(\.advice) + summary.unanswered, .warning, &buffer)
    appendSentences("What went wrong", summary.warnings.map(\.sentence), .warning, &buffer)
  }

  private func appendTotals(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    var text = Words.count(summary.packets, "packet") + ", "
    text += Words.count(summary.octets, "byte") + " on the wire"
    if summary.packets > 1 {
      text += ", \(Words.duration(summary.duration)) from the first to the last"
    }
    TextWrap.append(text + ".", width: width, indent: 0, self, &buffer)
  }

  private func appendHandshakes(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    appendSentences(
      "Handshakes",
      summary.handshakes.map {
        let packets = $0.packets
        let numbers = "#\(packets.syn.number), #\(packets.synAck.number), #\(packets.ack.number)"
        return "\($0.flow): \(numbers). \(Words.who($0.client)) to \(Words.who($0.server)) port "
          + "\($0.server.port ?? 0) in \(Words.duration(packets.duration)); round trip from here "
          + "\(Words.duration(packets.serverRoundTrip)) to the server, "
          + "\(Words.duration(packets.clientRoundTrip)) to the client."
      }, .plain, &buffer)
  }

  private func appendLookups(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    appendSentences(
      "Names",
      summary.lookups.map {
        guard let response = $0.response else {
          return "#\($0.query.number): \($0.question)? No answer."
        }
        let time = Words.duration(response.time - $0.query.time)
        return "#\($0.query.number), #\(response.number), \(time): \($0.answer)."
      }, .plain, &buffer)
  }

  private func appendExchanges(_ summary: StorySummary, _ buffer: inout TextBuffer) {
    appendSentences("Requests", summary.exchanges.map(\.sentence), .plain, &buffer)
  }

  private func appendSentences(
    _ name: String, _ sentences: [String], _ role: StoryRole, _ buffer: inout TextBuffer
  ) {
    guard !sentences.isEmpty else { return }
    title(name, &buffer, role: role == .warning ? .warning : .heading)
    for sentence in sentences.prefix(Self.maximumRows) {
      buffer.append("  ")
      TextWrap.append(sentence, width: width - 4, indent: 4, self, &buffer)
    }
    appendOmitted(sentences.count, &buffer)
  }

  /// Says how many rows of `count` were left out.
  func appendOmitted(_ count: Int, _ buffer: inout TextBuffer) {
    guard count > Self.maximumRows else { return }
    buffer.append("  and \(count - Self.maximumRows) more\n")
  }

  func title(
    _ text: String, _ buffer: inout TextBuffer, role: StoryRole = .heading
  ) {
    buffer.newline()
    put(text, role, &buffer)
    buffer.newline()
  }

}

extension BlindSpot {
  /// All that there is to say.
  fileprivate var advice: String { "\(sentence) To see it: \(how)" }
}

extension StorySummary.Exchange {
  /// The exchange in one line.
  fileprivate var sentence: String {
    let place = flow.map { ", \($0)" } ?? ""
    let start = "#\(requestStart.number)\(place): \(request)"
    guard let response = responseStart else { return start + " had no answer." }
    var text = "\(start): \(status) in #\(response.number), after "
    text += Words.duration(response.time - requestEnd.time)
    if let end = responseEnd, bodyOctets > 0 {
      text += "; \(Words.count(bodyOctets, "byte")) of body"
      if end != response { text += " up to #\(end.number)" }
    }
    return text + (isIncomplete ? "; its end is not here." : ".")
  }
}
