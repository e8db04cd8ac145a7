import EventJSON
import HostNaming
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// Traces to many targets, each as a whole when it is complete, as text or as events.
struct ManyReporter: ~Copyable {
  /// A trace that is printed when the names that it mentions are known.
  private struct Line: Sendable {
    var trace: ManyTrace
    var host: String
    var probe: TraceProbe
    var time: WallInstant
  }

  private let options: TracerouteOptions
  private let configuration: ManyConfiguration
  private let targets: TargetList
  private let names: HostNames
  private let began = MonotonicClock.now()
  private var gate = NameGate<Line>()
  /// How targets are probed whose traces are under way.
  private var open: [Int: (host: String, probe: TraceProbe)] = [:]
  private var failures = 0
  private var output = LineOutput(to: StandardStream.output, flushing: .whenFull)

  init(_ options: TracerouteOptions, _ targets: TargetList) {
    (self.options, self.targets) = (options, targets)
    configuration = options.many.configuration(options)
    names = HostNames(isEnabled: !options.output.isNumeric)
  }

  var wakeAt: MonotonicInstant? { gate.wakeAt }
  var isOpen: Bool { output.isOpen }

  mutating func begin(_ poller: inout Poller) { names.watch(with: &poller) }

  mutating func open(_ target: Int, host: String, _ probe: TraceProbe) {
    open[target] = (host, probe)
    guard options.output.printsJSON else { return }
    events(target, host, probe).start(
      hops: configuration.firstTTL...configuration.maximumTTL, queries: configuration.queries,
      method: options.kind.rawValue, at: WallClock.now(), &output.text)
    output.endLine()
    output.flush()
  }

  mutating func take(_ trace: ManyTrace, at now: MonotonicInstant) {
    let target = open.removeValue(forKey: trace.target)
    guard let target, trace.ending != .failure else { return failures += 1 }
    let addresses = Set(trace.hops.flatMap(\.addresses))
    for address in addresses { names.request(address) }
    let line = Line(
      trace: trace, host: target.host, probe: target.probe, time: WallClock.now())
    gate.add(line, mentioning: Array(addresses), at: now)
  }

  mutating func turn(at now: MonotonicInstant) {
    names.update()
    let ready = gate.release(at: now) { names.isSettled($0) }
    for line in ready { print(line) }
    if !ready.isEmpty { output.flush() }
  }

  private mutating func print(_ line: Line) {
    if options.output.printsJSON { printEvents(line) } else { printText(line) }
  }

  private mutating func printText(_ line: Line) {
    let names = names
    let text = TracerouteText(
      host: line.host, target: line.probe.target, options: options.output,
      name: { names.name(of: $0) })
    text.start(
      maximumTTL: configuration.maximumTTL, packetLength: line.probe.packetLength, &output.text)
    output.endLine()
    for (index, hop) in line.trace.hops.enumerated() {
      switch hop {
      case .measured(let hop): text.hop(hop, &output.text)
      case .known(let hop): text.hop(hop, &output.text)
      }
      if line.trace.ending == .known, index == line.trace.hops.count - 1 {
        output.text.append(" <known from here>")
      }
      output.endLine()
    }
  }

  private mutating func printEvents(_ line: Line) {
    let events = events(line.trace.target, line.host, line.probe)
    for hop in line.trace.hops {
      switch hop {
      case .measured(let hop): events.hop(hop, at: line.time, &output.text)
      case .known(let hop):
        let origin = targets[hop.target].endpoint.address
        events.hop(hop, foundFor: origin, at: line.time, &output.text)
      }
      output.endLine()
    }
    events.end(line.trace, at: line.time, &output.text)
    output.endLine()
  }

  private func events(_ target: Int, _ host: String, _ probe: TraceProbe) -> TracerouteEvents {
    let names = names
    return TracerouteEvents(
      host: host, probe: probe, name: { names.name(of: $0) }, origin: { _ in nil },
      country: { _ in nil }, index: target)
  }

  /// Says what it came to. Returns the exit code.
  mutating func end(_ engine: ManyTraces) -> CInt {
    for line in gate.releaseAll() { print(line) }
    let summary = ManySummary(
      totals: engine.totals, targets: engine.targetCount, failures: failures,
      duration: MonotonicClock.now() - began)
    if options.output.printsJSON {
      summary.event(at: WallClock.now(), &output.text)
      output.endLine()
    }
    output.flush()
    if !options.output.printsJSON { TracerouteCommand.printDiagnostic(summary.sentence) }
    if let failure = output.failure {
      TracerouteCommand.printDiagnostic("\(failure)")
      return 1
    }
    return failures > 0 ? 1 : 0
  }
}

extension ManyTrace.Hop {
  /// Whose names are printed.
  fileprivate var addresses: [IPAddress] {
    switch self {
    case .measured(let hop): hop.outcomes.compactMap(\.source)
    case .known(let hop): hop.address.map { [$0] } ?? []
    }
  }
}
