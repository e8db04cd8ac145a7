@testable import FlowAnalysis
import PacketTestSupport
import PacketWire

/// Runs a built capture through a fresh analysis.
func follow(
  _ capture: ConversationBuilder, limits: AnalysisLimits = AnalysisLimits(),
  inflaters: MessageInflaterSource? = nil
) -> [PacketFacts] {
  followWithCounts(capture, limits: limits, inflaters: inflaters).facts
}

/// The same, with what the analysis gave up.
func followWithCounts(
  _ capture: ConversationBuilder, limits: AnalysisLimits = AnalysisLimits(),
  inflaters: MessageInflaterSource? = nil
) -> (facts: [PacketFacts], counts: AnalysisCounts) {
  var analysis = FlowAnalysis(limits: limits, inflaters: inflaters)
  var facts: [PacketFacts] = []
  for (index, packet) in capture.packets.enumerated() {
    let frame = Frame(
      decoding: packet.octets.span, linkType: .ethernet, originalLength: packet.originalLength)
    facts.append(
      analysis.add(
        frame, octets: packet.octets.span, number: index + 1, time: packet.time,
        originalLength: packet.originalLength))
  }
  return (facts, analysis.counts)
}

extension PacketFacts {
  /// The TCP facts of a TCP segment.
  var tcp: TCPFacts? { if case .tcp(let tcp) = content { tcp } else { nil } }
  /// The DNS facts of a DNS message in a datagram.
  var dns: DNSFacts? { if case .dns(let dns) = content { dns } else { nil } }
  /// The ICMP facts of an ICMP message.
  var icmp: ICMPFacts? { if case .icmp(let icmp) = content { icmp } else { nil } }
  /// The HTTP events of a segment.
  var events: [HTTPEvent] { tcp?.stream?.events ?? [] }
}

/// An event in one line, so that sequences of events can be compared.
func line(_ event: HTTPEvent) -> String {
  switch event {
  case .request(let request):
    return "request \(request.exchange) \(text(request.method)) \(text(request.target))"
  case .requestEnd(let end): return "request end \(end.request?.exchange ?? 0) \(line(end))"
  case .response(let response):
    return "response \(response.request?.exchange ?? 0) \(response.status)"
  case .responseEnd(let end): return "response end \(end.request?.exchange ?? 0) \(line(end))"
  }
}

private func line(_ end: HTTPMessageEnd) -> String {
  let missing = end.missingOctets > 0 ? " missing \(end.missingOctets)" : ""
  switch end.cause {
  case .complete: return "\(end.bodyOctets)\(missing)"
  case .closed: return "\(end.bodyOctets) closed\(missing)"
  case .cutShort(let expected): return "\(end.bodyOctets) of \(expected ?? -1)\(missing)"
  case .hidden: return "hidden\(missing)"
  }
}

/// Text that a test knows to be harmless.
func text(_ text: UntrustedText) -> String { String(decoding: text.octets, as: UTF8.self) }

/// The events of each packet that has any, as "3: request 1 GET /".
func lines(_ facts: [PacketFacts]) -> [String] {
  facts.flatMap { facts in facts.events.map { "\(facts.mark.number): \(line($0))" } }
}
