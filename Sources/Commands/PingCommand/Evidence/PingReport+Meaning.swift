import PacketText
import ProbeEngine
import ProbeEvidence
import ProbeShell

extension PingReport {
  /// What it is to the session's file; `nil` where that is nothing to keep.
  var meaning: EvidenceWriter.Meaning? {
    switch self {
    case .reply(let answer):
      let (probe, time) = (answer.probe.evidence, answer.roundTrip.duration)
      guard answer.reply.isChecksumValid else {
        return .rejected("wrong checksum; about probe \(answer.number)")
      }
      return answer.isDuplicate
        ? .duplicate(probe, after: time)
        : answer.isLate ? .late(probe, after: time) : .answer(probe, after: time)
    case .error(let probe, let error): return .error(probe.evidence, error.iputilsText)
    case .rejected(let probe, _):
      return .rejected("it does not carry the cookie of probe \(probe.number)")
    default: return nil
    }
  }
}

extension PingProbe {
  /// The same as a session's file has it.
  var evidence: EvidencePacket.Probe { EvidencePacket.Probe(number, target: target) }
}
