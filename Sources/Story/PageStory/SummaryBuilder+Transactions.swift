import FlowAnalysis
import PacketWire

extension SummaryBuilder {
  // Names.

  mutating func ask(_ dns: DNSFacts, _ mark: PacketMark) {
    guard dns.service == .dns, case .query(let before) = dns.role,
      let question = dns.message.questions.first
    else { return }
    if let before, let place = openLookups.removeValue(forKey: before.number) {
      built.lookups[place].query = mark
      openLookups[mark.number] = place
      return
    }
    guard built.lookups.count < Self.maximumLines else { return built.omitted += 1 }
    built.lookups.append(
      StorySummary.Lookup(question: question.wish, answer: "", query: mark, response: nil))
    openLookups[mark.number] = built.lookups.count - 1
  }

  mutating func answer(_ dns: DNSFacts, _ mark: PacketMark) {
    guard case .answer(let query?, _) = dns.role, let question = dns.message.questions.first,
      let place = openLookups.removeValue(forKey: query.last.number)
    else { return }
    built.lookups[place].response = mark
    built.lookups[place].answer = dns.result.map { $0.text(question) } ?? ""
  }

  // Requests.

  mutating func begin(_ request: HTTPRequest, _ facts: PacketFacts) {
    guard built.exchanges.count < Self.maximumLines else { return built.omitted += 1 }
    let host = request.host.map { Words.safe($0, 60) } ?? ""
    let isWhole = request.target.octets.first != UInt8(ascii: "/")
    let target = Words.target(request.target, 80)
    built.exchanges.append(
      StorySummary.Exchange(
        number: request.exchange, flow: facts.flow, client: facts.source?.address,
        request: "\(Words.safe(request.method, 16)) \(isWhole ? "" : host)\(target)",
        requestStart: request.first, requestEnd: facts.mark))
    placeOfExchange[request.exchange] = built.exchanges.count - 1
  }

  mutating func end(request end: HTTPMessageEnd, _ mark: PacketMark) {
    change(end.request) { $0.requestEnd = mark }
  }

  mutating func begin(_ response: HTTPResponse, _ facts: PacketFacts) {
    if response.status >= 400 { warn(.errorResponses, facts.mark.number) }
    guard !response.isInterim else { return }
    if let agreement = response.webSocket { open(agreement, response, facts) }
    let reason = Words.safe(response.reason, 40)
    change(response.request) {
      $0.status = "\(response.status)\(reason.isEmpty ? "" : " " + reason)"
      $0.responseStart = response.first
      // Until its end is seen.
      $0.isIncomplete = response.framing != .tunnel
    }
  }

  mutating func end(response end: HTTPMessageEnd, _ mark: PacketMark) {
    change(end.request) {
      $0.responseEnd = mark
      $0.bodyOctets = end.bodyOctets
      $0.isIncomplete = end.cause != .complete && end.cause != .closed
    }
  }

  private mutating func change(
    _ request: HTTPRequestReference?, _ change: (inout StorySummary.Exchange) -> Void
  ) {
    guard let request, let place = placeOfExchange[request.exchange] else { return }
    change(&built.exchanges[place])
  }
}
