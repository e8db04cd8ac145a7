import FlowAnalysis
import PacketWire

extension SummaryBuilder {
  /// The summary of all that was told so far.
  func summary(_ counts: AnalysisCounts) -> StorySummary {
    var summary = built
    summary.warnings = warnings.values.sorted { $0.kind < $1.kind }
    summary.unseen = hiddenFlows + unnamedServers
    summary.missing = missingPackets(counts) + unansweredRequests + givenUp(counts)
    return summary
  }

  /// Names of flows and addresses that a sentence lists.
  private static let maximumListed = 6

  /// What is enciphered, by server.
  private var hiddenFlows: [String] {
    var sentences: [String] = []
    for (kind, name) in [(Hidden.tls, "TLS"), (.quic, "QUIC")] {
      let flows = hidden.filter { $0.value.kind == kind }.map { ($0.key, $0.value.server) }
        .sorted { $0.0.ordinal < $1.0.ordinal }
      guard !flows.isEmpty else { continue }
      let named = flows.map { "\($0.0) with \(Words.who($0.1))" }
      sentences.append(
        "What was said on \(Words.list(named, limit: Self.maximumListed)) is enciphered by "
          + "\(name): names, pages and answers are hidden, sizes and times are not.")
    }
    return sentences
  }

  /// Servers whose address no DNS answer gave; resolvers have none.
  private var unnamedServers: [String] {
    var addresses: [String] = []
    for handshake in built.handshakes where handshake.server.name == nil {
      let isResolver = handshake.server.port == 53 || handshake.server.port == 853
      let address = "\(handshake.server.address)"
      if !isResolver, !addresses.contains(address) { addresses.append(address) }
    }
    guard !addresses.isEmpty else { return [] }
    return [
      "How the client came to \(Words.list(addresses, limit: Self.maximumListed)): no DNS answer "
        + "in this capture gave it. A name was in a cache or a hosts file, was asked for over an "
        + "enciphered channel, or was not needed."
    ]
  }

  private func missingPackets(_ counts: AnalysisCounts) -> [String] {
    var sentences: [String] = []
    let late = built.flows.filter(\.beginsMidStream).map { "\($0.id)" }
    if !late.isEmpty {
      let names = Words.list(late, limit: Self.maximumListed)
      sentences.append("The beginning of \(names) is not in this capture.")
    }
    if counts.gaps > 0 {
      let places = Words.count(counts.gaps, "place")
      sentences.append(
        "\(Words.count(counts.gapOctets, "byte")) of what was sent, in \(places), not in it.")
    }
    if cutPackets > 0 {
      let packets = Words.count(cutPackets, "packet")
      sentences.append("The ends of \(packets): the capture kept only their first bytes.")
    }
    if joinedFrames > 0 {
      let frames = Words.count(joinedFrames, "frame")
      sentences.append(
        "The true segments of \(frames): the network card or the kernel joined them, and the "
          + "wire had more and shorter ones.")
    }
    return sentences
  }

  private var unansweredRequests: [String] {
    var sentences: [String] = []
    let queries = openLookups.values.map { built.lookups[$0].query.number }.sorted()
    if !queries.isEmpty {
      let numbers = Words.list(queries.map { "#\($0)" }, limit: Self.maximumListed)
      sentences.append("An answer to \(numbers) (DNS).")
    }
    let requests = built.exchanges.filter { $0.responseStart == nil }
    if !requests.isEmpty {
      let numbers = requests.map { "#\($0.requestStart.number)" }
      sentences.append("An answer to \(Words.list(numbers, limit: Self.maximumListed)) (HTTP).")
    }
    return sentences
  }

  /// What was given up to keep memory bounded.
  private func givenUp(_ counts: AnalysisCounts) -> [String] {
    var sentences: [String] = []
    if counts.evictedFlows > 0 {
      let flows = Words.count(counts.evictedFlows, "flow")
      sentences.append("The beginnings of \(flows), forgotten to save memory.")
    }
    if counts.abandonedStreams > 0 {
      let messages = Words.count(counts.abandonedStreams, "message")
      sentences.append("The ends of \(messages), too long or too broken to follow.")
    }
    if built.omitted > 0 {
      sentences.append("\(Words.count(built.omitted, "further line")) of this summary.")
    }
    return sentences
  }
}
