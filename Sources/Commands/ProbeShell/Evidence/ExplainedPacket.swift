import ExplanationText
import PacketExplanation
public import PacketText
import PacketWire
public import ProbeEvidence
public import TerminalText

/// A packet that is shown field by field.
public struct ExplainedPacket: Hashable, Sendable {
  /// What it is.
  public var title: String
  /// From the IP header on.
  public var packet: EvidencePacket
  /// It is on its way out of this host.
  public var isProbe: Bool

  /// A packet with what it is.
  public init(title: String, packet: EvidencePacket, isProbe: Bool) {
    (self.title, self.packet, self.isProbe) = (title, packet, isProbe)
  }

  /// Appends title and fields, each line ended.
  public func append(to text: inout TextBuffer, _ settings: TerminalSettings) {
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
