import ExplanationText
import PacketExplanation
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import TerminalText

/// What is known of a report beyond the report itself. Few reports have one: a reference keeps the
/// others small.
final class ReportNote: Sendable {
  /// Of an error.
  let facts: ErrorFacts?
  /// The packet, to be shown field by field.
  let packet: ExplainedPacket?
  /// What routers wrote into an answer.
  let options: AnswerOptions?

  /// `nil` when there is nothing to note.
  init?(facts: ErrorFacts?, packet: ExplainedPacket?, options: AnswerOptions?) {
    guard facts != nil || packet != nil || options != nil else { return nil }
    (self.facts, self.packet, self.options) = (facts, packet, options)
  }
}

/// A packet that is shown field by field.
struct ExplainedPacket: Hashable, Sendable {
  /// What it is.
  var title: String
  /// From the IP header on.
  var packet: EvidencePacket
  /// It is on its way out of this host.
  var isProbe: Bool

  /// Appends title and fields, each line ended.
  func append(to text: inout TextBuffer, _ settings: TerminalSettings) {
    let lines = ExplanationText(columns: settings.columns, style: settings.style)
    let stage = isProbe ? PacketExplanation.Stage.leavingThisHost : .onTheWire
    text.append(title)
    guard case .rebuilt = packet.header, let reception = packet.reception else {
      text.append(", ")
      text.append(decimal: packet.octets.count)
      text.append(" octets\n")
      let explanation = PacketExplanation(of: packet.octets.span, stage: stage)
      return lines.append(explanation, of: packet.octets.span, to: &text)
    }
    text.append(", ")
    text.append(decimal: reception.message.count)
    text.append(" octets without the IP header, which ")
    text.append(
      isProbe
        ? "this host's kernel writes (--hdrincl shows one)" : "the socket does not hand out")
    if let hops = reception.hopLimit {
      text.append(reception.destination.family == .v4 ? "; TTL " : "; hop limit ")
      text.append(decimal: hops)
    }
    text.newline()
    let explanation = PacketExplanation(
      ofMessage: reception.message.span, from: reception.source, to: reception.destination,
      stage: stage)
    lines.append(explanation, of: reception.message.span, to: &text)
  }
}
