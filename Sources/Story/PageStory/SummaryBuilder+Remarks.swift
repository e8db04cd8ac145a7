import FlowAnalysis
import PacketWire

extension SummaryBuilder {
  /// The summary of all that was told so far.
  func summary(_ counts: AnalysisCounts, _ hidden: [BlindSpot]) -> StorySummary {
    var summary = built
    summary.warnings = warnings.values.sorted { $0.kind < $1.kind }
    let missing = missingPackets(counts)
    summary.blindSpots = hidden + [cachedNames].compactMap { $0 } + missing
    summary.unanswered = unansweredRequests + givenUp(counts)
    return summary
  }

  /// Names of packets that a sentence lists.
  private static let maximumListed = 6

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
    if !unfinishedPackets.isEmpty {
      let numbers = unfinishedPackets.sorted().map { "#\($0)" }
      let list = Words.list(numbers, limit: Self.maximumListed)
      sentences.append(
        "Of \(Words.count(numbers.count, "packet")) (\(list)) not all pieces are in this capture: they "
          + "were lost, or kept back on the way, as many firewalls do with pieces.")
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
