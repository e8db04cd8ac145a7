public import PacketWire

/// How paths to many targets are traced.
public struct ManyConfiguration: Hashable, Sendable {
  /// Probes a second that can be asked for. A list goes to hosts of strangers, and their routers answer all
  /// of it.
  public static let rates = 1...10_000
  /// How many traces can be under way at once.
  public static let traces = 1...4_096

  /// The first TTL probed.
  public var firstTTL = 1
  /// The last one.
  public var maximumTTL = 30
  /// Probes a hop. A hop that answers none of them is asked again, so that it has had two at the least.
  public var queries = 1
  /// A trace goes no farther behind so many silent hops in a row.
  public var gapLimit = 5
  /// Probes a second, over all targets.
  public var rate = 100
  /// How many traces are under way at once.
  public var parallel = 256
  /// How long an answer is waited for at the most.
  public var longestWait = Nanoseconds.seconds(5)
  /// What one trace has found spares the others probes; if not, each is made whole.
  public var usesStopSets = true
  /// Targets with so many leading bits alike are of one network, for which a way is looked for only
  /// once; nil for no such networks.
  public var networkLengths = NetworkLengths()
  /// How many entries each of the stop sets has at the most.
  public var stopSetLimit = 262_144
  /// How many probes may be waited for, or have been sent after one that is: no more than there are
  /// numbers on the wire (`TraceLedger.wireNumber`).
  public var wireLimit = 65_000

  /// For each family, how long the prefixes of networks are.
  public struct NetworkLengths: Hashable, Sendable {
    /// Of IPv4 networks.
    public var v4: Int?
    /// Of IPv6 networks.
    public var v6: Int?

    /// No networks.
    public init() {}
  }

  /// Defaults for everything.
  public init() {}

  /// A hop that answers none of its probes has had so many.
  var attempts: Int { max(queries, 2) }
}
