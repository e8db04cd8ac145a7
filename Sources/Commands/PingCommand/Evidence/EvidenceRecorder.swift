import CommandLineKit
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import ProbeEvidence

/// Writes the packets of a session to a file as they come (docs/evidence.md).
///
/// A class, since it is one thing that is told from several places, and holds what waits to be written.
final class EvidenceRecorder {
  /// How much may wait, in octets.
  private static let limit = 1 << 16

  private let file: Descriptor
  private let path: String
  private var writer: EvidenceWriter
  private var waiting: [UInt8] = []
  /// What keeps the file from being written.
  private(set) var failure: SystemError?

  /// Takes over an open file that is empty.
  init(_ file: consuming Descriptor, path: String, _ session: EvidenceSession) {
    self.file = file
    (self.path, writer) = (path, EvidenceWriter(session))
    add(writer.begin(at: WallClock.now(), operatingSystem: "Linux"))
    flush()
  }

  /// A probe was handed to the kernel.
  func sent(_ probe: PingProbe, _ datagram: SentDatagram?, at clock: ClockSample) {
    guard failure == nil, let datagram else { return }
    add(writer.sent(probe.evidence, datagram.evidence, at: clock))
  }

  /// The kernel has told when the probe left.
  func transmitted(_ probe: PingProbe, at stamp: WallInstant) {
    add(writer.transmitted(probe.evidence, at: stamp))
  }

  /// Something came.
  func received(_ report: PingReport, _ packet: EvidencePacket, at arrival: Arrival) {
    guard failure == nil, let meaning = Self.meaning(of: report) else { return }
    add(writer.received(packet, meaning, at: arrival))
  }

  private static func meaning(of report: PingReport) -> EvidenceWriter.Meaning? {
    switch report {
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

  private func add(_ octets: [UInt8]) {
    waiting += octets
    if waiting.count >= Self.limit { flush() }
  }

  /// Writes what waits; says once when that cannot be done.
  func flush() {
    guard !waiting.isEmpty else { return }
    defer { waiting.removeAll(keepingCapacity: true) }
    guard failure == nil else { return }
    do throws(SystemError) {
      try writeAll(waiting.span, to: file.rawValue)
    } catch {
      failure = SystemError(
        "write", on: path, errorNumber: error.errorNumber,
        remedy: "the recording ends here, and what was written before can be read")
    }
    if let failure { Tool.printDiagnostic("\(PingCommand.toolName): \(failure)") }
  }

  /// The session is over.
  func finish() {
    add(writer.finish(at: WallClock.now()))
    flush()
  }
}

extension PingProbe {
  /// The same as a session's file has it.
  var evidence: EvidencePacket.Probe { EvidencePacket.Probe(number, target: target) }
}
