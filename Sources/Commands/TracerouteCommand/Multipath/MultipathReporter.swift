import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// All ways to a target: as text, for Graphviz or as events, when all are found.
struct MultipathReporter: TraceReporter, ~Copyable {
  typealias Engine = MultipathSession

  /// So many ways are told one by one.
  private static let pathLimit = 1_024

  private let options: TracerouteOptions
  private let host: String
  private let probe: TraceProbe
  private let names: HostNames
  private let clock: TraceClock
  private var output = LineOutput(to: StandardStream.output, flushing: .whenFull)

  init(_ scene: TraceScene) {
    (options, host, probe) = (scene.options, scene.host, scene.probe)
    (names, clock) = (scene.names, scene.clock)
  }

  /// Names are waited for at the end.
  var wakeAt: MonotonicInstant? { nil }
  var isOpen: Bool { output.isOpen }

  mutating func begin(_ engine: MultipathSession, _ poller: inout Poller) {
    names.watch(with: &poller)
    if options.output.printsJSON {
      let events = TracerouteEvents(
        host: host, probe: probe, name: { _ in nil }, origin: { _ in nil }, country: { _ in nil })
      events.start(
        hops: engine.configuration.firstTTL...engine.configuration.maximumTTL, queries: nil,
        method: options.kind.rawValue, at: clock.wall, &output.text)
      output.endLine()
    } else if !options.multipath.printsDot {
      printStart(engine.configuration)
    }
    output.flush()
  }

  /// `ways to host (addr), 30 hops max, 60 byte packets`
  private mutating func printStart(_ configuration: MultipathConfiguration) {
    output.text.append("ways to ")
    output.text.append(SafeText.escaped(host))
    output.text.append(" (")
    output.text.append(probe.target)
    output.text.append("), ")
    output.text.append(decimal: configuration.maximumTTL)
    output.text.append(" hops max, ")
    output.text.append(decimal: probe.packetLength)
    output.text.append(" byte packets")
    output.endLine()
  }

  mutating func take(
    _ report: MultipathSession.Report, of engine: MultipathSession, at now: MonotonicInstant
  ) {
    if case .answer(_, let outcome) = report, let source = outcome.source { names.request(source) }
  }

  mutating func turn(_ engine: MultipathSession, at now: MonotonicInstant) -> Bool {
    names.update()
    return false
  }

  mutating func end(_ engine: MultipathSession) -> CInt {
    let graph = engine.graph
    for vertex in graph.vertices { if let address = vertex.address { names.wait(for: address) } }
    if options.output.printsJSON {
      printEvents(graph)
    } else if options.multipath.printsDot {
      let names = names
      MultipathDot(host: host, target: probe.target, name: { names.name(of: $0) })
        .graph(graph, &output.text)
    } else {
      text.graph(graph, engine.configuration, &output.text)
    }
    output.flush()
    guard let failure = output.failure else { return 0 }
    TracerouteCommand.printDiagnostic("\(failure)")
    return 1
  }

  private mutating func printEvents(_ graph: MultipathGraph) {
    let (events, now) = (events, clock.wall)
    events.graph(graph, at: now, &output.text)
    output.endLine()
    for diamond in graph.diamonds {
      events.diamond(diamond, of: graph, at: now, &output.text)
      output.endLine()
    }
    for (index, path) in graph.paths(limit: Self.pathLimit).enumerated() {
      events.path(path, of: graph, number: index + 1, at: now, &output.text)
      output.endLine()
    }
  }

  private var text: MultipathText {
    let names = names
    return MultipathText(
      host: host, target: probe.target, name: { names.name(of: $0) },
      width: TerminalSettings.current(of: StandardStream.output).columns)
  }

  private var events: MultipathEvents {
    let names = names
    return MultipathEvents(host: host, target: probe.target, name: { names.name(of: $0) })
  }
}
