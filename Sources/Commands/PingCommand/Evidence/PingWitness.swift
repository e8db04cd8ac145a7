import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// What is made of the packets themselves, for those who asked for more than what they mean.
struct PingWitness {
  /// How a probe was sent.
  typealias Memory = (PingProbe) -> SentDatagram?

  private let tellsFacts: Bool
  private let readsOptions: Bool
  private var lastOptions: AnswerOptions?
  private let memory: Memory
  private var explainer: PacketExplainer?
  private let recorder: EvidenceRecorder?

  /// - Parameters:
  ///   - options: what is wanted.
  ///   - targets: whom probes go to.
  ///   - recorder: writes the packets to a file, if that is wanted.
  ///   - memory: asked for the probes that something is to be made of.
  init(
    _ options: PingOptions, targets: PingTargets, recorder: EvidenceRecorder?,
    memory: @escaping Memory
  ) {
    tellsFacts = options.printsJSON || options.isVerbose
    readsOptions = options.header.readsAnswers
    if options.evidence.explains { explainer = PacketExplainer(targets) }
    (self.recorder, self.memory) = (recorder, memory)
  }

  /// Wants to see every packet, and not only errors.
  var isWatching: Bool { explainer != nil || recorder != nil }

  /// A probe was handed to the kernel; gives what is to be shown of it.
  mutating func sent(_ probe: PingProbe, at clock: ClockSample) -> ExplainedPacket? {
    guard isWatching else { return nil }
    let datagram = memory(probe)
    recorder?.sent(probe.evidence, datagram, at: clock)
    return explainer?.sent(probe, datagram)
  }

  /// The kernel has told when a probe left.
  func transmitted(_ probe: PingProbe?, at stamp: WallInstant) {
    if let recorder, let probe { recorder.transmitted(probe.evidence, at: stamp) }
  }

  /// Something was made of what came.
  ///
  /// - Parameters:
  ///   - report: what.
  ///   - packet: of which packet, if that was kept.
  ///   - arrival: when that came; `nil` when nothing came.
  /// - Returns: what is to be told besides, if there is something.
  mutating func note(
    _ report: PingReport, _ packet: EvidencePacket?, at arrival: Arrival?
  ) -> ReportNote? {
    if let recorder, let arrival, let meaning = report.meaning,
      let packet = packet ?? queued(report)
    {
      recorder.received(packet, meaning, at: arrival)
    }
    let shown = packet.flatMap { explainer?.received(report, $0) }
    var facts: ErrorFacts?
    if tellsFacts, case .error(let probe, let error) = report {
      facts = ErrorFacts(error, packet: packet, sent: memory(probe))
    }
    return ReportNote(facts: facts, packet: shown, options: options(report, packet))
  }

  private mutating func options(
    _ report: PingReport, _ packet: EvidencePacket?
  ) -> AnswerOptions? {
    guard readsOptions, case .reply = report, let packet, var options = AnswerOptions(packet)
    else { return nil }
    options.compare(with: lastOptions)
    lastOptions = options
    return options
  }

  /// An error that only the kernel's error queue told of, as it must have looked like.
  private func queued(_ report: PingReport) -> EvidencePacket? {
    guard case .error(let probe, let error) = report, let source = error.source,
      let sent = memory(probe),
      let addresses = Frame(decoding: sent.octets.span, linkType: .raw).addresses
    else { return nil }
    return try? EvidencePacket(
      errorOfType: error.type, code: error.code, rest: error.detail, about: sent, from: source,
      to: addresses.source)
  }

  /// What waits to be written is.
  func flush() { recorder?.flush() }

  /// The session is over; gives what kept its packets from being written.
  func finish() -> SystemError? {
    recorder?.finish()
    return recorder?.failure
  }
}
