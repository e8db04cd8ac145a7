import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// Chooses the packets that `--explain` shows: the first probe, the first answer, and the first error of
/// each kind.
struct PacketExplainer {
  private struct ErrorKind: Hashable {
    var family: IPFamily
    var type: UInt8
    var code: UInt8
  }

  /// A host that sends errors of ever other kinds is not given the whole screen.
  private static let errorLimit = 8

  private let targets: PingTargets
  private var hasShownProbe = false
  private var hasShownAnswer = false
  private var shownErrors: Set<ErrorKind> = []

  init(_ targets: PingTargets) { self.targets = targets }

  /// A probe is on its way.
  mutating func sent(_ probe: PingProbe, _ datagram: SentDatagram?) -> ExplainedPacket? {
    guard !hasShownProbe, let datagram else { return nil }
    hasShownProbe = true
    return ExplainedPacket(
      title: "Probe \(probe.number) to \(SafeText.escaped(targets.name(of: probe.target)))",
      packet: datagram.evidence, isProbe: true)
  }

  /// Something came.
  mutating func received(_ report: PingReport, _ packet: EvidencePacket) -> ExplainedPacket? {
    switch report {
    case .reply(let answer):
      guard !hasShownAnswer else { return nil }
      hasShownAnswer = true
      return ExplainedPacket(
        title: "Answer to probe \(answer.number) from \(answer.reply.source)", packet: packet,
        isProbe: false)
    case .answer(let answer): return received(.reply(answer.reply), packet)
    case .error(let probe, let error):
      let kind = ErrorKind(family: error.family, type: error.type, code: error.code)
      guard packet.header != .rebuilt(knowsHopLimit: false),
        shownErrors.count < Self.errorLimit, shownErrors.insert(kind).inserted
      else { return nil }
      let source = error.source.map { "\($0)" } ?? "this host"
      return ExplainedPacket(
        title: "Error about probe \(probe.number) from \(source)", packet: packet,
        isProbe: false)
    default: return nil
    }
  }
}
