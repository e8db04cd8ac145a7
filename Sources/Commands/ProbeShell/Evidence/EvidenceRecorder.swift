import CommandLineKit
public import LinuxSystem
public import PacketWire
public import ProbeEngine
public import ProbeEvidence

/// Writes the packets of a session to a file as they come (docs/evidence.md).
///
/// A class, since it is one thing that is told from several places, and holds what waits to be written.
public final class EvidenceRecorder {
  /// How much may wait, in octets.
  private static let limit = 1 << 16

  private let file: Descriptor
  private let path: String
  private let toolName: String
  private var writer: EvidenceWriter
  private var waiting: [UInt8] = []
  /// What keeps the file from being written.
  public private(set) var failure: SystemError?

  /// Takes over an open file that is empty.
  public init(_ file: consuming Descriptor, path: String, _ session: EvidenceSession) {
    self.file = file
    (self.path, toolName, writer) = (path, session.tool, EvidenceWriter(session))
    add(writer.begin(at: WallClock.now(), operatingSystem: "Linux"))
    flush()
  }

  /// A probe was handed to the kernel.
  public func sent(
    _ probe: EvidencePacket.Probe, _ datagram: SentDatagram?, at clock: ClockSample
  ) {
    guard failure == nil, let datagram else { return }
    add(writer.sent(probe, datagram.evidence, at: clock))
  }

  /// The kernel has told when the probe left.
  public func transmitted(_ probe: EvidencePacket.Probe, at stamp: WallInstant) {
    add(writer.transmitted(probe, at: stamp))
  }

  /// The kernel refused a probe.
  public func refused(_ refusal: EvidenceRefusal) {
    add(writer.refused(refusal, at: refusal.clock.wall))
  }

  /// Something came.
  public func received(
    _ packet: EvidencePacket, _ meaning: EvidenceWriter.Meaning, at arrival: Arrival
  ) {
    guard failure == nil else { return }
    add(writer.received(packet, meaning, at: arrival))
  }

  private func add(_ octets: [UInt8]) {
    waiting += octets
    if waiting.count >= Self.limit { flush() }
  }

  /// Writes what waits; says once when that cannot be done.
  public func flush() {
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
    if let failure { Tool.printDiagnostic("\(toolName): \(failure)") }
  }

  /// The session is over.
  public func finish(names: [IPAddress: String] = [:], ending: EvidenceEnding? = nil) {
    add(writer.finish(at: WallClock.now(), names: names, ending: ending))
    flush()
  }
}
