import HostNaming
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// What is made of the packets of a trace themselves. A class, for a loop and a reporter tell it.
final class TraceWitness {
  /// What was found is written at least so often.
  private static let patience = Nanoseconds.milliseconds(500)
  private static let responderLimit = 65_536

  private let recorder: EvidenceRecorder?
  private let explainer: TraceExplainer?
  private let names: HostNames
  private let clock: TraceClock
  private let probe: TraceProbe
  private var responders: Set<IPAddress> = []
  private var flushedAt = MonotonicInstant(nanoseconds: 0)

  init(_ scene: TraceScene, recorder: EvidenceRecorder?) {
    self.recorder = recorder
    (explainer, names, clock, probe) = (scene.explainer, scene.names, scene.clock, scene.probe)
  }

  /// A probe was handed to the kernel.
  func sent(_ request: TraceRequest, _ datagrams: [SentDatagram], at clock: ClockSample) {
    for datagram in datagrams { recorder?.sent(request.evidence, datagram, at: clock) }
    if let first = datagrams.first { explainer?.sent(request, first.evidence) }
  }

  /// The kernel refused a probe.
  func refused(_ request: TraceRequest, errorNumber: Int32, at clock: ClockSample) {
    recorder?.refused(
      EvidenceRefusal(
        request.evidence, timeToLive: request.timeToLive, length: request.length,
        errorNumber: errorNumber, clock: clock))
  }

  /// The channel has told something; the engine has not heard of it yet.
  func note(_ item: ChannelEvent, of ledger: TraceLedger) {
    switch item.event {
    case .transmitted(let number, let stamp):
      guard let request = ledger[number]?.request else { return }
      recorder?.transmitted(request.evidence, at: stamp)
    case .arrived(let arrival, let time): take(arrival, time, item.packet, ledger)
    case .start, .timer, .sent, .sendFailed, .interrupted: break
    }
  }

  private func take(
    _ arrival: TraceArrival, _ time: Arrival, _ packet: EvidencePacket?, _ ledger: TraceLedger
  ) {
    guard let entry = ledger[arrival.number] else { return }
    if responders.count < Self.responderLimit, let source = arrival.answer.source {
      responders.insert(source)
    }
    if let packet { explainer?.received(arrival, entry.request, packet) }
    guard let recorder, let packet = packet ?? queuedPacket(arrival, entry.request) else { return }
    let outcome = ledger.outcome(of: arrival, at: time)
    recorder.received(packet, arrival.meaning(entry, outcome?.roundTrip?.duration), at: time)
  }

  /// An error that only the kernel's error queue told of, as it must have looked like.
  private func queuedPacket(_ arrival: TraceArrival, _ request: TraceRequest) -> EvidencePacket? {
    guard case .error(let error) = arrival.answer, let source = error.report.source,
      let octets = try? probe.packet(of: request)
    else { return nil }
    return try? EvidencePacket(
      errorOfType: error.report.type, code: error.report.code, rest: error.report.detail,
      about: SentDatagram(octets: octets), from: source, to: probe.source)
  }

  /// What waits is written, now and then.
  func turn(at now: MonotonicInstant) {
    guard now - flushedAt > Self.patience else { return }
    flushedAt = now
    recorder?.flush()
  }

  /// The session is over.
  ///
  /// - Returns: false when not all of it could be written, which was said.
  func finish(isInterrupted: Bool) -> Bool {
    guard let recorder else { return true }
    var found: [IPAddress: String] = [:]
    for address in responders { found[address] = names.foundName(of: address) }
    recorder.finish(
      names: found, ending: EvidenceEnding(at: clock.now, isInterrupted: isInterrupted))
    return recorder.failure == nil
  }
}

extension TraceRequest {
  /// The same as a session's file has it, where probes count from one.
  var evidence: EvidencePacket.Probe { EvidencePacket.Probe(UInt64(number) + 1, flow: flow) }
}

extension TraceArrival {
  /// What it is to the session.
  fileprivate func meaning(
    _ entry: TraceLedger.Entry, _ time: Nanoseconds?
  ) -> EvidenceWriter.Meaning {
    let probe = entry.request.evidence
    switch answer {
    case .error(let error):
      let source = error.report.source.map { " from \($0)" } ?? ""
      return .error(probe, "TTL \(entry.request.timeToLive): \(error.report.iputilsText)\(source)")
    case .reply:
      guard let outcome = entry.outcome else { return .answer(probe, after: time) }
      return outcome == .lost ? .late(probe, after: time) : .duplicate(probe, after: time)
    }
  }
}
