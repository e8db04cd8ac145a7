import HostNaming
import LinuxSystem
import OriginLookUp
import PacketWire
import ProbeEngine
import ProbeShell

/// What a reporter knows beside what an engine says: the same whether a trace goes on or is replayed.
struct TraceScene {
  let options: TracerouteOptions
  /// The target as it was typed.
  let host: String
  /// The name of the host that probes.
  let source: String
  let probe: TraceProbe
  let names: HostNames
  let origins: HostOrigins?
  let clock: TraceClock
  /// Chooses what is shown field by field, if that is wanted.
  let explainer: TraceExplainer?
}

/// The time of a trace: that of the clocks, or in a replay that which was. A class, for it stands still in
/// many hands.
final class TraceClock {
  /// In a replay: where it has come.
  var replayed: ClockSample?

  var now: ClockSample { replayed ?? .now() }
  var wall: WallInstant { now.wall }
}

/// What drives an engine and has it reported on: sockets, or the file of a session.
protocol TraceStage: ~Copyable {
  /// - Returns: the exit code.
  consuming func perform<Reporter: TraceReporter & ~Copyable>(
    _ engine: Reporter.Engine, _ reporter: consuming Reporter
  ) throws -> CInt where Reporter.Engine: ReplayableTraceEngine
}

/// Sockets.
struct LiveStage: ~Copyable, TraceStage {
  let channel: TraceChannel
  let witness: TraceWitness?

  init(_ channel: consuming TraceChannel, _ witness: TraceWitness?) {
    self.channel = channel
    self.witness = witness
  }

  consuming func perform<Reporter: TraceReporter & ~Copyable>(
    _ engine: Reporter.Engine, _ reporter: consuming Reporter
  ) throws -> CInt where Reporter.Engine: ReplayableTraceEngine {
    var shell = TraceShell(engine, channel, reporter, witness)
    return try shell.run()
  }
}
