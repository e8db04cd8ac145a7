import FlowAnalysis
public import PacketWire

extension StorySummary {
  /// What happened, how long it took and what went wrong, in three sentences of printable ASCII for
  /// somebody who reads nothing else.
  public var inBrief: [String] { [whatHappened, howLong, whatWentWrong] }

  private var whatHappened: String {
    if let first = exchanges.first { return asked(first) }
    let hidden = timings.filter(\.isEnciphered)
    if let first = hidden.first {
      let octets = hidden.reduce(0) { $0 + $1.octets }
      let more =
        hidden.count > 1 ? " and \(Words.count(hidden.count - 1, "further connection"))" : ""
      return
        "\(Self.text(first.client)) talked with \(first.server)\(more) behind the seal of TLS: "
        + "what was asked and answered cannot be read, but \(Words.count(octets, "byte")) came back."
    }
    guard packets > 0 else { return "This capture holds no packet." }
    let protocols = flows.map(\.protocolName).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let what = protocols.isEmpty ? "" : " of \(Words.list(protocols, limit: 4))"
    return "These are \(Words.count(packets, "packet"))\(what), and no page was loaded."
  }

  private func asked(_ first: Exchange) -> String {
    let who = Self.text(first.client)
    if exchanges.count == 1 {
      guard !first.status.isEmpty else {
        return "\(who) sent one request, \(first.request), and no answer to it is in this capture."
      }
      return "\(who) sent one request, \(first.request), and the answer was \(first.status) with "
        + "\(Words.count(first.bodyOctets, "byte")) of content."
    }
    let octets = exchanges.reduce(0) { $0 + $1.bodyOctets }
    let answered = exchanges.count { !$0.status.isEmpty }
    let failed = exchanges.count { $0.status.first == "4" || $0.status.first == "5" }
    let errors = failed == 0 ? "none" : "\(failed)"
    return "\(who) sent \(exchanges.count) requests, the first of them \(first.request); "
      + "\(Words.count(answered, "answer")) came, \(errors) of them an error, with "
      + "\(Words.count(octets, "byte")) of content."
  }

  private static func text(_ client: IPAddress?) -> String {
    client.map { "\($0)" } ?? "A client"
  }

  private var howLong: String {
    guard let page = pages.first, page.duration > .zero else {
      return "From the first packet to the last it took \(Words.duration(duration))."
    }
    let parts = page.parts.filter { $0.time > .zero }.sorted { $0.time > $1.time }.prefix(3).map {
      "\($0.name) \(Words.duration($0.time)) (\($0.percent)%)"
    }
    let which = pages.count > 1 ? "The first of \(pages.count) pages took" : "It took"
    return
      "\(which) \(Words.duration(page.duration)) from the first need to the last byte; most of "
      + "that went to \(Words.list(parts))."
  }

  private var whatWentWrong: String {
    let remarks = unseen.count + missing.count
    let rest = remarks == 0 ? "" : " What cannot be seen here, and why, stands in a box of its own."
    guard let worst = warnings.first else {
      return "Nothing went wrong that these packets would show.\(rest)"
    }
    let more = warnings.count - 1
    let others = more == 0 ? "" : " And \(Words.count(more, "other kind")) of trouble."
    return "Not all went well: \(worst.sentence)\(others)\(rest)"
  }
}

extension RequestTiming {
  /// With whom, of an enciphered request.
  fileprivate var server: String {
    label.hasSuffix(Self.seal) ? String(label.dropLast(Self.seal.count)) : label
  }
}

extension PageTime {
  /// What the time went to, in order: phases, and what lies between requests.
  public var parts: [(name: String, time: Nanoseconds, percent: String)] {
    let phases = RequestTiming.Phase.allCases.map { ($0.name, shares[$0.rawValue]) }
    return (phases + [("nothing under way", idle)]).map { ($0, $1, share(of: $1)) }
  }

  /// A length of time as a share of the whole, in percent with one decimal.
  public func share(of time: Nanoseconds) -> String {
    guard duration > .zero else { return "0.0" }
    let tenths = (Double(time.count) / Double(duration.count) * 1_000).rounded()
    return "\(Int(tenths) / 10).\(Int(tenths) % 10)"
  }
}
