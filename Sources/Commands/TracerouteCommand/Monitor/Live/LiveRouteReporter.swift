import CommandLineKit
import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// A path under watch on the whole terminal: drawn anew when something has happened, at most ten times a
/// second; keys change what is shown and how it is probed.
struct LiveRouteReporter: TraceReporter, ~Copyable {
  typealias Engine = RouteMonitor

  private let options: TracerouteOptions
  private let host: String
  private var table: RouteTable
  private var names: HostNames
  private var showsNames: Bool
  /// There is somebody to ask for them.
  private var canName: Bool
  private var metrics: RouteMetricsFile?
  private var lastChange: (change: RouteChange, at: WallInstant)?
  private var pacer = RedrawPacer()
  private var keys: KeyInput?
  private var slot: Poller.Slot?
  private var isOver = false
  private var isOnScreen = false
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)

  init(_ options: TracerouteOptions, host: String, probe: TraceProbe) {
    (self.options, self.host) = (options, host)
    showsNames = !options.output.isNumeric
    canName = showsNames
    names = HostNames(isEnabled: showsNames)
    metrics = options.monitor.metricsPath.map {
      RouteMetricsFile(path: $0, host: host, target: probe.target)
    }
    let settings = TerminalSettings.current(of: StandardStream.output)
    table = RouteTable(
      host: SafeText.escaped(host), columns: settings.columns, rows: 24,
      isASCII: !TerminalSettings.showsUnicode, style: settings.style)
    table.order = options.monitor.order
  }

  var isOpen: Bool { output.isOpen }
  var wakeAt: MonotonicInstant? { isOnScreen ? pacer.dueAt : nil }
  var signals: [Signal] { [.interrupt, .quit, .terminate, .hangUp, .windowChange, .terminalStop] }

  private var name: (IPAddress) -> String {
    let known = showsNames ? names : nil
    return { known?.name(of: $0) ?? "\($0)" }
  }

  // MARK: The screen

  mutating func begin(_ engine: RouteMonitor, _ poller: inout Poller) {
    names.watch(with: &poller)
    if StandardStream.isTerminal(StandardStream.input) {
      keys = try? KeyInput(from: StandardStream.input)
      if keys != nil { slot = poller.add(StandardStream.input, interest: .read) }
    }
    show()
  }

  private mutating func show() {
    FullScreen.enter(&output.text)
    isOnScreen = true
    measure()
  }

  private mutating func hide() {
    guard isOnScreen else { return }
    FullScreen.leave(&output.text)
    output.flush()
    isOnScreen = false
  }

  private mutating func measure() {
    table.columns = Terminal.columns(of: StandardStream.output) ?? table.columns
    table.rows = Terminal.rows(of: StandardStream.output) ?? table.rows
    pacer = RedrawPacer()
  }

  mutating func take(_ report: RouteReport, of engine: RouteMonitor, at now: MonotonicInstant) {
    switch report {
    case .round(let round):
      if showsNames { for hop in round.hops { hop.outcome.source.map { names.request($0) } } }
      metrics?.isDue = true
    case .change(let change): lastChange = (change, ClockSample.now().moved(to: change.since).wall)
    case .update, .verdict: break
    }
    pacer.change()
  }

  mutating func turn(_ engine: RouteMonitor, at now: MonotonicInstant) -> Bool {
    names.update()
    metrics?.write(engine)
    guard isOnScreen else { return false }
    if pacer.isDue(at: now) {
      FullScreen.draw(table.lines(engine.flows, moment(engine, now)), &output.text)
      output.flush()
      pacer.drawn(at: now)
    }
    return isOver
  }

  private func moment(_ engine: RouteMonitor, _ now: MonotonicInstant) -> RouteTable.Moment {
    let name = name
    let words = RouteWords(host: table.host, name: name)
    return RouteTable.Moment(
      running: now - engine.startedAt, interval: engine.interval, isHeld: engine.isPaused,
      change: lastChange.map {
        words.change($0.change, at: $0.at, flowCount: engine.flows.count)
      }, name: name)
  }

  // MARK: Keys and signals

  mutating func steer(
    _ engine: inout RouteMonitor, _ poller: inout Poller, at now: MonotonicInstant
  ) -> Bool {
    guard let slot, !poller.readiness(of: slot).isEmpty else { return false }
    let pressed = (try? keys?.read()) ?? []
    guard !pressed.isEmpty else {
      // Nobody is there any more to press one.
      poller.remove(slot)
      self.slot = nil
      return false
    }
    for key in pressed { take(key: key, &engine, &poller, at: now) }
    pacer.change()
    return true
  }

  private mutating func take(
    key: UInt8, _ engine: inout RouteMonitor, _ poller: inout Poller, at now: MonotonicInstant
  ) {
    if table.prompt != nil { return type(key) }
    let closesHelp = table.showsHelp
    table.showsHelp = false
    switch key {
    case UInt8(ascii: "q"): isOver = true
    case UInt8(ascii: "p"), UInt8(ascii: " "): engine.pause(!engine.isPaused, at: now)
    case UInt8(ascii: "r"):
      engine.reset()
      lastChange = nil
    case UInt8(ascii: "n"): toggleNames(engine, &poller)
    case UInt8(ascii: "d"):
      let all = RouteTable.Display.allCases.filter { $0 != .flows || engine.flows.count > 1 }
      table.display = all[((all.firstIndex(of: table.display) ?? 0) + 1) % all.count]
    case UInt8(ascii: "f"): table.flow = (table.flow + 1) % engine.flows.count
    case UInt8(ascii: "j"):
      table.showsJitter.toggle()
      table.display = .figures
    case UInt8(ascii: "o"): table.prompt = OrderPrompt(table.order)
    case UInt8(ascii: "+"): setInterval(engine.interval.count / 2, &engine)
    case UInt8(ascii: "-"): setInterval(engine.interval.count * 2, &engine)
    case UInt8(ascii: "?"), UInt8(ascii: "h"): table.showsHelp = !closesHelp
    default: break
    }
  }

  private mutating func type(_ key: UInt8) {
    guard let outcome = table.prompt?.take(key), outcome != .typing else { return }
    table.prompt = nil
    guard case .chosen(let order) = outcome else { return }
    table.order = order
    (table.display, table.showsJitter) = (.figures, false)
  }

  /// From a tenth of a second to a minute.
  private func setInterval(_ nanoseconds: Int64, _ engine: inout RouteMonitor) {
    engine.setInterval(Nanoseconds(min(max(nanoseconds, 100_000_000), 60_000_000_000)))
  }

  private mutating func toggleNames(_ engine: RouteMonitor, _ poller: inout Poller) {
    showsNames.toggle()
    guard showsNames, !canName else { return }
    names = HostNames(isEnabled: true)
    canName = true
    names.watch(with: &poller)
    for source in engine.flows.flatMap({ $0.hops.flatMap(\.sources) }) {
      names.request(source.address)
    }
  }

  mutating func take(_ signal: Signal) throws(SystemError) -> Bool {
    switch signal {
    case .windowChange: measure()
    case .quit: pacer.change()
    case .terminalStop:
      hide()
      try keys?.giveBack()
      try Signal.stopThisProcess()
      try keys?.takeOver()
      show()
    default: return false
    }
    return true
  }

  // MARK: The end

  /// Leaves the last figures on the ordinary screen.
  mutating func end(_ engine: RouteMonitor) -> CInt {
    hide()
    keys = nil
    metrics?.isDue = true
    metrics?.write(engine)
    let name = name
    var report = MTRReport(source: HostName.current, host: host, isWide: true, name: name)
    if let order = table.order { report.order = order }
    let words = RouteWords(host: table.host, name: name)
    let source = report.source
    for flow in engine.flows {
      if engine.flows.count > 1 { report.source = "\(source) flow \(flow.number + 1)" }
      report.append(flow, to: &output.text)
      for line in words.judgement(flow) { output.text.append(line + "\n") }
    }
    for line in words.ways(RouteWays(engine.flows)) { output.text.append(line + "\n") }
    output.flush()
    guard let failure = output.failure else {
      return engine.flows.contains { $0.hops.contains { $0.answered > 0 } } ? 0 : 1
    }
    TracerouteCommand.printDiagnostic("\(failure)")
    return 1
  }
}
