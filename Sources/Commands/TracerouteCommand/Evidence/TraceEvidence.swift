import CommandLineKit
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// What a trace's file says of it beside its packets.
struct TraceEvidence {
  /// The words behind the tool's name.
  var arguments: [String]
  /// The target as it was typed.
  var host: String
  /// The name of the host that probes.
  var source: String
  var probe: TraceProbe
  var cookieKey: EvidenceKey
  /// The source port or identifier.
  var number: UInt16
  /// IP headers of probes are ours.
  var isRaw: Bool

  enum Fact {
    static let (isRaw, length, fragments) = ("raw", "length", "fragments")
    static let source = "host"
  }

  /// The session of a file that is to be written.
  var session: EvidenceSession {
    var session = EvidenceSession(
      tool: TracerouteCommand.toolName, version: SuiteVersion.text,
      commandLine: [TracerouteCommand.toolName] + arguments)
    (session.cookieKey, session.identifier) = (cookieKey, number)
    session.facts = [
      EvidenceFact(Fact.isRaw, isRaw ? "yes" : "no"),
      EvidenceFact(Fact.length, "\(probe.packetLength)"), EvidenceFact(Fact.source, source),
    ]
    if let length = probe.headers.fragmentLength {
      session.facts.append(EvidenceFact(Fact.fragments, "\(length)"))
    }
    session.targets = [.init(typed: host, address: probe.target, source: probe.source)]
    return session
  }
}
