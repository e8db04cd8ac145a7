import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell
import TerminalText

/// Chooses the packets that `--explain` shows below a trace: the first probe, and the first answer of each
/// kind, whoever sent it.
final class TraceExplainer {
  private enum Kind: Hashable {
    case error(type: UInt8, code: UInt8)
    case reply
  }

  /// A host that sends errors of ever other kinds is not given the whole screen.
  private static let limit = 8

  private var packets: [ExplainedPacket] = []
  private var shown: Set<Kind> = []

  /// A probe is on its way.
  func sent(_ request: TraceRequest, _ packet: EvidencePacket) {
    guard packets.isEmpty else { return }
    packets.append(
      ExplainedPacket(title: Self.words("Probe", request), packet: packet, isProbe: true))
  }

  /// Something came. What only the error queue told of has no octets to show.
  func received(_ arrival: TraceArrival, _ request: TraceRequest, _ packet: EvidencePacket) {
    let (kind, name): (Kind, String) =
      switch arrival.answer {
      case .error(let error):
        (.error(type: error.report.type, code: error.report.code), "Error about")
      case .reply: (.reply, "Answer to")
      }
    guard packet.header != .rebuilt(knowsHopLimit: false), shown.count < Self.limit,
      shown.insert(kind).inserted
    else { return }
    let source = arrival.answer.source.map { " from \($0)" } ?? ""
    packets.append(
      ExplainedPacket(
        title: Self.words("\(name) probe", request) + source, packet: packet, isProbe: false))
  }

  private static func words(_ what: String, _ request: TraceRequest) -> String {
    "\(what) \(request.number + 1) with TTL \(request.timeToLive)"
  }

  /// Appends all of them, each behind an empty line.
  func append(to text: inout TextBuffer, _ settings: TerminalSettings) {
    for packet in packets {
      text.newline()
      packet.append(to: &text, settings)
    }
  }
}
