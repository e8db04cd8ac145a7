public import PacketWire

/// How a multipath discovery probes.
public struct MultipathConfiguration: Hashable, Sendable {
  /// Which of the published algorithms.
  public enum Algorithm: String, Hashable, Sendable, CaseIterable {
    /// MDA-Lite (Vermeulen et al., "Multilevel MDA-Lite Paris traceroute", IMC 2018): ways that are
    /// alike and meet again are probed together, all others as `full` does. Meshing is looked for with
    /// as many flows as the confidence asks, and not with two, since that would miss a nested
    /// diamond of two ways every other time. The first hop is taken to be one router, and a router that
    /// gives one flow to the target to give it all.
    case lite
    /// MDA with node control (Augustin, Friedman and Teixeira, E2EMON 2007): as many flows through each
    /// router as the stopping rule asks.
    case full
  }

  /// Which algorithm.
  public var algorithm = Algorithm.lite
  /// The chance to miss a way behind one router.
  public var rule = StoppingRule(failureBound: 0.05)
  /// The first TTL probed.
  public var firstTTL = 1
  /// The last one.
  public var maximumTTL = 30
  /// So many silent hops in a row end the discovery.
  public var gapLimit = 5
  /// This host has several ways to the target, so that the first hop can be several routers. `full`
  /// looks for them anyway.
  public var isSourceBalanced = false
  /// How long a probe is waited for at most.
  public var maximumWait = Nanoseconds.seconds(2)
  /// Flows; their table takes four octets for each hop.
  public var maximumFlows = 4_096
  /// Routers of one hop.
  public var maximumWidth = 256
  /// Probes in all.
  public var maximumProbes = 10_000
  /// Time in all.
  public var maximumTime = Nanoseconds.seconds(60)
  /// How many probes may be on the way at once.
  public var window = 128

  /// 95 % at each router, by MDA-Lite.
  public init() {}
}

/// What cut a discovery short.
public enum MultipathLimit: String, Hashable, Sendable, CaseIterable {
  /// All flows are used up, or too few of them pass some router.
  case flows
  /// A hop has more routers than are told apart.
  case width
  /// All probes are used up.
  case probes
  /// The time is over.
  case time
  /// The user had enough.
  case interrupted
}
