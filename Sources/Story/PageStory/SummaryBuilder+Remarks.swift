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
      "No DNS answer in this capture gave \(Words.list(addresses, limit: Self.maximumListed)): the "
        + "name was in a cache or a hosts file, was asked for over an enciphered channel, or was "
        + "not needed."
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
        "\(Words.count(counts.gapOctets, "byte")) that were sent are not here (\(places)).")
    }
    if cutPackets > 0 {
      let packets = Words.count(cutPackets, "packet")
      sentences.append("\(packets) captured only in part: the snapshot length cut the rest.")
    }
    if joinedFrames > 0 {
      let frames = Words.count(joinedFrames, "frame")
      sentences.append(
        "\(frames) longer than a segment may be: the network card or the kernel cuts or joins "
          + "them, and the wire has more and shorter ones.")
    }
    return sentences
  }

  private var unansweredRequests: [String] {
    var sentences: [String] = []
    let queries = openLookups.values.map { built.lookups[$0].query.number }.sorted()
    if !queries.isEmpty {
      let numbers = Words.list(queries.map { "#\($0)" }, limit: Self.maximumListed)
      sentences.append("No DNS answer to \(numbers) is in this capture.")
    }
    let requests = built.exchanges.filter { $0.responseStart == nil }
    if !requests.isEmpty {
      let numbers = requests.map { "#\($0.requestStart.number)" }
      let list = Words.list(numbers, limit: Self.maximumListed)
      sentences.append("No HTTP answer to \(list) is in this capture.")
    }
    return sentences
  }

  /// What was given up to keep memory bounded.
  private func givenUp(_ counts: AnalysisCounts) -> [String] {
    var sentences: [String] = []
    if counts.evictedFlows > 0 {
      let flows = Words.count(counts.evictedFlows, "flow")
      sentences.append("\(flows) forgotten to save memory; what came of them later is told anew.")
    }
    if counts.abandonedStreams > 0 {
      let messages = Words.count(counts.abandonedStreams, "message")
      sentences.append("\(messages) too long or too broken to follow to the end.")
    }
    if built.omitted > 0 {
      sentences.append("This summary leaves out \(Words.count(built.omitted, "further line")).")
    }
    return sentences
  }
}
