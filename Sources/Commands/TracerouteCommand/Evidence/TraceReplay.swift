import CommandLineKit
import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// Reports on a recorded trace as on one that is going on.
enum TraceReplay {
  /// Replays a file.
  ///
  /// - Returns: what the trace ended with; 2 when not all of the file could be read.
  static func run(_ path: String, arguments: [String], operands: [String]) throws -> CInt {
    guard operands.isEmpty else {
      throw UsageError("option '--replay': the target is that of the file; name none")
    }
    try Privileges.keepOnlyTheUsers()
    let recorded = try RecordedTrace(path)
    let options = try recorded.options(arguments)
    let scene = TraceScene(
      options: options, host: recorded.host, source: SafeText.escaped(recorded.source),
      probe: recorded.probe,
      names: HostNames(known: options.output.isNumeric ? [:] : recorded.names),
      origins: try options.origins.lookUp(), clock: TraceClock(),
      explainer: options.evidence.explains ? TraceExplainer() : nil)
    let code = try TracerouteCommand.trace(scene, on: ReplayStage(recorded, scene))
    guard let problem = recorded.problem else { return code }
    return Tool.printFailure(
      tool: TracerouteCommand.toolName, "\(path) could not be read to its end: \(problem)")
  }
}

/// The file of a session.
struct ReplayStage: ~Copyable, TraceStage {
  private let recorded: RecordedTrace
  private let scene: TraceScene
  private let witness: TraceWitness

  init(_ recorded: RecordedTrace, _ scene: TraceScene) {
    (self.recorded, self.scene) = (recorded, scene)
    witness = TraceWitness(scene, recorder: nil)
  }

  consuming func perform<Reporter: TraceReporter & ~Copyable>(
    _ engine: Reporter.Engine, _ reporter: consuming Reporter
  ) throws -> CInt where Reporter.Engine: ReplayableTraceEngine {
    var replayer = TraceReplayer(engine)
    var poller = Poller()
    var reporter = reporter
    scene.clock.replayed = recorded.start
    reporter.begin(engine, &poller)
    perform(&replayer, &reporter) { [recorded] in $0.start(at: recorded.start.monotonic, $1) }
    var feed = try EvidenceFeed(recorded.path)
    var isEmpty = true
    while reporter.isOpen, !replayer.engine.isFinished, let next = try feed.nextStep() {
      guard let step = ReplayedStep(next) else { continue }
      isEmpty = false
      scene.clock.replayed = step.clock
      replay(step, &replayer, &reporter)
      _ = try reporter.turn(replayer.engine, at: MonotonicClock.now())
    }
    if isEmpty {
      throw ReplayFailure(
        readable: RecordedTrace.readable, path: recorded.path,
        reason: "it cannot be read twice: give a file, no pipe")
    }
    if let clock = recorded.ending?.clock { scene.clock.replayed = clock }
    // Without its end the file was cut, or whoever wrote it was.
    let isInterrupted = recorded.ending?.isInterrupted ?? true
    perform(&replayer, &reporter) { [recorded] replayer, tell in
      replayer.end(
        at: recorded.ending?.clock.monotonic, isInterrupted: isInterrupted, tell)
    }
    // Who runs the routers may still be asked.
    while reporter.isOpen, let wake = reporter.wakeAt {
      try poller.wait(until: wake)
      _ = try reporter.turn(replayer.engine, at: MonotonicClock.now())
    }
    return reporter.end(replayer.engine)
  }

  /// Lets the replayer do something, and the reporter hear of it. The reporter's own patience is in the
  /// present, whatever the time of the session is.
  private func perform<Reporter: TraceReporter & ~Copyable>(
    _ replayer: inout TraceReplayer<Reporter.Engine>, _ reporter: inout Reporter,
    _ body: (
      inout TraceReplayer<Reporter.Engine>, TraceReplayer<Reporter.Engine>.Teller
    ) -> Void
  ) where Reporter.Engine: ReplayableTraceEngine {
    let then = scene.clock.replayed
    body(&replayer) { report, engine, time in
      scene.clock.replayed = then?.moved(to: time)
      reporter.take(report, of: engine, at: MonotonicClock.now())
    }
    scene.clock.replayed = then
  }

  private func replay<Reporter: TraceReporter & ~Copyable>(
    _ step: ReplayedStep, _ replayer: inout TraceReplayer<Reporter.Engine>,
    _ reporter: inout Reporter
  ) where Reporter.Engine: ReplayableTraceEngine {
    switch step {
    case .sent(let request, let event):
      witness.sent(request, [SentDatagram(event.packet)], at: event.clock)
      guard replayer.engine.ledger.count > request.number else {
        return perform(&replayer, &reporter) { $0.sent(request, event.timing, $1) }
      }
      // A further piece of a long probe.
      guard let stamp = event.kernelStamp else { return }
      perform(&replayer, &reporter) { $0.transmitted(request.number, at: stamp, $1) }
    case .refused(let request, let refusal):
      perform(&replayer, &reporter) {
        $0.refused(
          request, ProbeTiming(clock: refusal.clock), errorNumber: refusal.errorNumber, $1)
      }
    case .received(let event):
      guard let arrival = scene.probe.arrival(event.packet, replayer.engine.ledger) else { return }
      witness.note(
        ChannelEvent(arrival, event.arrival, event.packet), of: replayer.engine.ledger)
      perform(&replayer, &reporter) { $0.arrived(arrival, event.arrival, $1) }
    }
  }
}

/// Something that happened, as an engine wants to hear it.
enum ReplayedStep {
  case sent(TraceRequest, EvidenceEvent)
  case refused(TraceRequest, EvidenceRefusal)
  case received(EvidenceEvent)

  var clock: ClockSample {
    switch self {
    case .sent(_, let event), .received(let event): event.clock
    case .refused(_, let refusal): refusal.clock
    }
  }

  /// Nil for what is no part of a trace.
  init?(_ step: EvidenceReader.Step) {
    switch step {
    case .event(let event) where event.direction == .received: self = .received(event)
    case .event(let event):
      guard let request = TraceRequest(event) else { return nil }
      self = .sent(request, event)
    case .refused(let refusal):
      guard let number = Int(exactly: refusal.probe.number), number > 0 else { return nil }
      let request = TraceRequest(
        number: number - 1, timeToLive: refusal.timeToLive, flow: refusal.probe.flow,
        length: refusal.length)
      self = .refused(request, refusal)
    case .needMoreOctets, .end: return nil
    }
  }
}
