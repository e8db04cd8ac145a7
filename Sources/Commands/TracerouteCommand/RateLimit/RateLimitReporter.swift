import HostNaming
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// The limits of a path's routers, hop by hop, as text or as events.
struct RateLimitReporter: TraceReporter, ~Copyable {
  typealias Engine = RateLimitTrace

  private let options: TracerouteOptions
  private let probe: TraceProbe
  private let names: HostNames
  private let clock: TraceClock
  private let text: RateLimitText
  private let events: RateLimitEvents
  private var gate = NameGate<(HopRateLimit, WallInstant)>()
  private var toldCount = 0
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)

  init(_ scene: TraceScene) {
    let names = scene.names
    (options, probe, self.names, clock) = (scene.options, scene.probe, names, scene.clock)
    text = RateLimitText(host: scene.host, probe: probe, name: { names.name(of: $0) })
    events = RateLimitEvents(host: scene.host, probe: probe, name: { names.name(of: $0) })
  }

  var wakeAt: MonotonicInstant? { gate.wakeAt }
  var isOpen: Bool { output.isOpen }
  private var printsJSON: Bool { options.output.printsJSON }

  mutating func begin(_ engine: RateLimitTrace, _ poller: inout Poller) {
    names.watch(with: &poller)
    if printsJSON {
      events.start(
        engine.configuration, method: options.kind.rawValue, at: clock.wall, &output.text)
    } else {
      text.start(engine.configuration, &output.text)
      output.endLine()
      text.heading(&output.text)
    }
    output.endLine()
  }

  mutating func take(
    _ report: RateLimitReport, of engine: RateLimitTrace, at now: MonotonicInstant
  ) {
    switch report {
    case .heard(let address): names.request(address)
    case .hop(let hop):
      toldCount += 1
      gate.add((hop, clock.wall), mentioning: hop.addresses, at: now)
    }
  }

  mutating func turn(_ engine: RateLimitTrace, at now: MonotonicInstant) -> Bool {
    names.update()
    for (hop, time) in gate.release(at: now, isSettled: { names.isSettled($0) }) {
      print(hop, time)
    }
    return false
  }

  private mutating func print(_ hop: HopRateLimit, _ time: WallInstant) {
    if printsJSON {
      events.hop(hop, at: time, &output.text)
    } else {
      text.hop(hop, &output.text)
    }
    output.endLine()
  }

  mutating func end(_ engine: RateLimitTrace) -> CInt {
    for (hop, time) in gate.releaseAll() { print(hop, time) }
    // What is known when somebody has had enough.
    let hops = engine.results
    for hop in hops.dropFirst(toldCount) { print(hop, clock.wall) }
    let now = clock.wall
    for (kind, timeToLive, sentence) in text.sentences(hops, engine.configuration) {
      if printsJSON {
        events.note(kind, timeToLive, sentence, at: now, &output.text)
      } else {
        output.text.append(sentence)
      }
      output.endLine()
    }
    if printsJSON {
      events.end(engine, at: now, &output.text)
      output.endLine()
    }
    output.flush()
    guard let failure = output.failure else { return 0 }
    TracerouteCommand.printDiagnostic("\(failure)")
    return 1
  }
}
