import AddressOrigins
import CommandLineKit
import HostNaming
import LinuxSystem
import OriginLookUp
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// A path under watch, as mtr's report at the end, or as events while it runs.
struct MonitorReporter: TraceReporter, ~Copyable {
  typealias Engine = RouteMonitor

  private let options: TracerouteOptions
  private let probe: TraceProbe
  private let host: String
  private let source: String
  private let names: HostNames
  private let clock: TraceClock
  private let origins: HostOrigins?
  private let words: RouteWords
  private let events: MonitorEvents
  private var metrics: RouteMetricsFile?
  /// What was told last of each flow.
  private var told: [Int: RouteVerdict.Finding] = [:]
  private var toldHops: [RouteWays.Hop] = []
  private var startedAt = WallInstant(nanoseconds: 0)
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)

  init(_ scene: TraceScene) {
    let (options, host, probe, names) = (scene.options, scene.host, scene.probe, scene.names)
    (self.options, self.probe, self.host, self.names) = (options, probe, host, names)
    (clock, source, origins) = (scene.clock, scene.source, scene.origins)
    words = RouteWords(host: SafeText.escaped(host), name: { names.name(of: $0) })
    events = MonitorEvents(host: host, probe: probe, name: { names.name(of: $0) })
    metrics = options.monitor.metricsPath.map {
      RouteMetricsFile(path: $0, host: host, target: probe.target)
    }
  }

  /// Names and origins are waited for at the end.
  var wakeAt: MonotonicInstant? { nil }
  var isOpen: Bool { output.isOpen }

  private var printsEvents: Bool { options.monitor.mode == .monitor && options.output.printsJSON }
  private var printsText: Bool { !options.output.printsJSON && !options.monitor.printsCSV }

  mutating func begin(_ engine: RouteMonitor, _ poller: inout Poller) {
    names.watch(with: &poller)
    origins?.watch(with: &poller)
    startedAt = clock.wall
    if printsEvents {
      events.start(
        engine.configuration, method: options.kind.rawValue, at: startedAt, &output.text)
      output.endLine()
    } else if printsText {
      output.text.append("Start: ")
      output.text.append(
        dateAndTime: startedAt, secondsEastOfUTC: LocalTime.secondsEastOfUTC(at: startedAt))
      output.endLine()
    }
  }

  mutating func take(_ report: RouteReport, of engine: RouteMonitor, at now: MonotonicInstant) {
    if case .round(let round) = report {
      for source in round.hops.compactMap(\.outcome.source) {
        names.request(source)
        origins?.request(source)
      }
      metrics?.isDue = true
    }
    if printsEvents { return tell(report, of: engine) }
    guard options.monitor.mode == .monitor else { return }
    switch report {
    case .change(let change):
      say(words.change(change, at: wall(change.since), flowCount: engine.flows.count))
    case .verdict(let flow, let verdict):
      let before = told.updateValue(verdict.finding, forKey: flow)
      guard verdict.finding != before ?? .noLoss, let sentence = words.finding(engine.flows[flow])
      else { return }
      let time = clock.wall
      output.text.append(timeOfDay: time, secondsEastOfUTC: LocalTime.secondsEastOfUTC(at: time))
      say(engine.flows.count > 1 ? " flow \(flow + 1): \(sentence)" : " \(sentence)")
    case .update, .round: break
    }
  }

  private mutating func say(_ sentence: String) {
    output.text.append(sentence)
    output.endLine()
  }

  /// When something else is known of them than before.
  private mutating func tellWays(_ engine: RouteMonitor, at time: WallInstant) {
    guard engine.flows.count > 1 else { return }
    let ways = RouteWays(engine.flows)
    guard ways.hops != toldHops else { return }
    toldHops = ways.hops
    output.endLine()
    events.ways(ways, at: time, &output.text)
  }

  private mutating func tell(_ report: RouteReport, of engine: RouteMonitor) {
    let time = clock.wall
    switch report {
    case .update: return
    case .round(let round):
      events.round(round, at: time, &output.text)
      tellWays(engine, at: time)
    case .change(let change):
      events.change(change, since: wall(change.since), at: time, &output.text)
    case .verdict(let flow, _): events.verdict(engine.flows[flow], at: time, &output.text)
    }
    output.endLine()
  }

  private func wall(_ instant: MonotonicInstant) -> WallInstant {
    clock.now.moved(to: instant).wall
  }

  mutating func turn(_ engine: RouteMonitor, at now: MonotonicInstant) -> Bool {
    names.update()
    origins?.update()
    metrics?.write(engine)
    return false
  }
}

// MARK: - The end

extension MonitorReporter {
  mutating func end(_ engine: RouteMonitor) -> CInt {
    metrics?.isDue = true
    metrics?.write(engine)
    waitForNames(engine)
    origins?.wait(for: engine.flows.flatMap { $0.hops.compactMap(\.address) })
    if printsEvents { endEvents(engine) } else { report(engine) }
    output.flush()
    if let failure = output.failure {
      TracerouteCommand.printDiagnostic("\(failure)")
      return 1
    }
    return engine.flows.contains { $0.hops.contains { $0.answered > 0 } } ? 0 : 1
  }

  /// Until one of them takes too long.
  private func waitForNames(_ engine: RouteMonitor) {
    for source in engine.flows.flatMap({ $0.hops.flatMap(\.sources) })
    where !names.isSettled(source.address) {
      names.wait(for: source.address)
      guard names.isSettled(source.address) else { return }
    }
  }

  private mutating func endEvents(_ engine: RouteMonitor) {
    let time = clock.wall
    if engine.flows.count > 1 {
      events.ways(RouteWays(engine.flows), at: time, &output.text)
      output.endLine()
    }
    for flow in engine.flows {
      for (hop, kind) in zip(flow.hops, flow.verdict.hops) {
        events.figures(hop, kind, of: flow, at: time, &output.text)
        output.endLine()
      }
      events.end(flow, at: time, &output.text)
      output.endLine()
    }
  }

  private mutating func report(_ engine: RouteMonitor) {
    var report = MTRReport(
      source: source, host: host, isWide: options.monitor.isWide,
      name: { [names] in names.name(of: $0) ?? "\($0)" })
    if let order = options.monitor.order { report.order = order }
    if let origins {
      report.system = { address in
        let number = address.flatMap { origins.origin(of: $0)?.numbers.first }
        return number.map { "AS\($0)" } ?? "AS???"
      }
    }
    guard let first = engine.flows.first else { return }
    if options.monitor.printsCSV {
      report.appendCSV(
        first, version: SuiteVersion.text, startedAt: startedAt, to: &output.text)
    } else if options.output.printsJSON {
      report.appendJSON(
        first, typeOfService: options.headers.typeOfService, rounds: first.loss.sent,
        packetLength: probe.packetLength, to: &output.text)
      output.text.newline()
    } else {
      let name = report.source
      for flow in engine.flows {
        if engine.flows.count > 1 { report.source = "\(name) flow \(flow.number + 1)" }
        report.append(flow, to: &output.text)
      }
    }
    output.flush()
    if printsText { judge(engine) }
  }

  /// Not on standard output: what reads mtr's reports there takes the last line for the target's.
  private func judge(_ engine: RouteMonitor) {
    for flow in engine.flows {
      let prefix = engine.flows.count > 1 ? "Flow \(flow.number + 1): " : ""
      if options.monitor.mode == .report {
        for change in flow.changes.values() {
          Tool.printDiagnostic(
            words.change(
              change, at: wall(change.since), flowCount: engine.flows.count))
        }
      }
      for line in words.judgement(flow) { Tool.printDiagnostic(prefix + line) }
    }
    for line in words.ways(RouteWays(engine.flows)) { Tool.printDiagnostic(line) }
  }
}
