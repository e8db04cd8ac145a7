import AddressOrigins
import HostNaming
import LinuxSystem
import OriginLookUp
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// A trace hop by hop, as text or as events.
struct HopReporter<Engine: HopTracer>: TraceReporter, ~Copyable {
  private let options: TracerouteOptions
  private let kind: String
  private let probe: TraceProbe
  private let clock: TraceClock
  private let explainer: TraceExplainer?
  private let text: TracerouteText
  private let events: TracerouteEvents
  private let table: TraceCSV?
  private let names: HostNames
  private let origins: HostOrigins?
  private var gate: NameGate<(TraceReport, WallInstant)>
  private var hops: [TraceHop] = []
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)

  /// Whoever asks for origins waits for them a little longer than for names.
  private static var patienceForOrigins: Nanoseconds { .seconds(2) }

  init(_ scene: TraceScene) {
    let (options, host, probe) = (scene.options, scene.host, scene.probe)
    (self.options, self.probe, clock, explainer) = (options, probe, scene.clock, scene.explainer)
    kind = options.kind.rawValue
    let (names, origins) = (scene.names, scene.origins)
    (self.names, self.origins) = (names, origins)
    gate = NameGate(
      patience: options.origins.asks
        ? Self.patienceForOrigins : NameGate<(TraceReport, WallInstant)>.patience)
    let origin: (IPAddress) -> AddressOrigin? = { origins?.origin(of: $0) }
    text = TracerouteText(
      host: host, target: probe.target, options: options.output, name: { names.name(of: $0) },
      origin: options.origins.namesSystems ? origin : nil,
      country: options.origins.countryFile == nil ? nil : { origins?.country(of: $0) })
    events = TracerouteEvents(
      host: host, probe: probe, name: { names.name(of: $0) }, origin: origin,
      country: { origins?.country(of: $0) })
    table =
      options.monitor.printsCSV
      ? TraceCSV(
        host: host, target: probe.target, name: { names.name(of: $0) }, origin: origin,
        country: { origins?.country(of: $0) }) : nil
  }

  var wakeAt: MonotonicInstant? {
    guard let due = gate.wakeAt else { return origins?.requestsAt }
    return min(due, origins?.wakeAt ?? due)
  }
  var isOpen: Bool { output.isOpen }

  mutating func begin(_ engine: Engine, _ poller: inout Poller) {
    names.watch(with: &poller)
    origins?.watch(with: &poller)
    let configuration = engine.configuration
    if table != nil {
      TraceCSV.start(&output.text)
      return output.flush()
    }
    if options.output.printsJSON {
      events.start(
        hops: configuration.firstTTL...configuration.maximumTTL, queries: configuration.queries,
        method: kind, at: clock.wall, &output.text)
    } else {
      text.start(
        maximumTTL: configuration.maximumTTL, packetLength: probe.packetLength, &output.text)
    }
    output.endLine()
  }

  mutating func take(_ report: TraceReport, of engine: Engine, at now: MonotonicInstant) {
    var mentioned: [IPAddress] = []
    switch report {
    case .answer(_, _, let outcome):
      // Asked for as soon as it is known, so that the name is there when its hop's turn comes.
      if let source = outcome.source {
        names.request(source)
        origins?.request(source)
      }
      guard options.output.printsJSON else { return }
    case .hop(let hop): mentioned = hop.outcomes.compactMap(\.source)
    }
    gate.add((report, clock.wall), mentioning: mentioned, at: now)
  }

  mutating func turn(_ engine: Engine, at now: MonotonicInstant) -> Bool {
    names.update()
    origins?.update()
    let ready = gate.release(at: now) { address in
      names.isSettled(address) && origins?.isSettled(address) ?? true
    }
    for (report, time) in ready { print(report, time) }
    return false
  }

  private mutating func print(_ report: TraceReport, _ time: WallInstant) {
    if case .hop(let hop) = report { hops.append(hop) }
    if let table {
      guard case .hop(let hop) = report else { return }
      table.append(hop, at: time, to: &output.text)
      return output.flush()
    }
    switch (report, options.output.printsJSON) {
    case (.answer(let timeToLive, let query, let outcome), _):
      events.reply(timeToLive: timeToLive, query: query, outcome, at: time, &output.text)
    case (.hop(let hop), true): events.hop(hop, at: time, &output.text)
    case (.hop(let hop), false): text.hop(hop, &output.text)
    }
    output.endLine()
  }

  /// What is to be said when all hops are there.
  private mutating func printFindings() {
    let findings = TraceFinding.findings(
      in: hops, target: probe.target, isSingleFlow: probe.method.isFlowStable)
    let changes = PathChanges(hops)
    let limits = HopLimits(hops)
    for line in options.output.printsJSON
      ? eventLines(findings, limits, changes) : textLines(findings, limits, changes)
    {
      output.text.append(line)
      output.endLine()
    }
  }

  private func eventLines(
    _ findings: [TraceFinding], _ limits: HopLimits, _ changes: PathChanges
  ) -> [String] {
    let now = clock.wall
    var lines = findings.map { finding in line { events.note(finding, at: now, &$0) } }
    limits.forEachEvent { fields in lines.append(line { events.mtu(fields, at: now, &$0) }) }
    changes.forEachEvent { fields in lines.append(line { events.change(fields, at: now, &$0) }) }
    return lines
  }

  private func textLines(
    _ findings: [TraceFinding], _ limits: HopLimits, _ changes: PathChanges
  ) -> [String] {
    let notes =
      limits.sentences(all: options.output.saysNotes)
      + (options.output.saysNotes ? findings.map { finding in line { $0.append(finding) } } : [])
    if options.output.showsChanges { return notes + changes.table() }
    return options.output.saysNotes ? notes + changes.notes() : notes
  }

  private func line(_ write: (inout TextBuffer) -> Void) -> String {
    var text = TextBuffer()
    write(&text)
    return text.string
  }

  mutating func end(_ engine: Engine) -> CInt {
    for (report, time) in gate.releaseAll() { print(report, time) }
    if table == nil { printFindings() }
    if options.output.printsJSON {
      events.end(engine, at: clock.wall, &output.text)
      output.endLine()
    }
    explainer?.append(
      to: &output.text, TerminalSettings.current(of: StandardStream.output))
    output.flush()
    guard let failure = output.failure else { return 0 }
    TracerouteCommand.printDiagnostic("\(failure)")
    return 1
  }
}
