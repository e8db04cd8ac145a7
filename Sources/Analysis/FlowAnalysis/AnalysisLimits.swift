/// How much an analysis may remember. Whatever is over a limit is forgotten, oldest first, and
/// counted in `AnalysisCounts`.
public struct AnalysisLimits: Hashable, Sendable {
  /// TCP connections at one time.
  public var connections = 16_384
  /// UDP conversations at one time.
  public var conversations = 16_384
  /// Flows of all other kinds at one time.
  public var otherFlows = 4_096
  /// DNS queries, echo requests and neighbour requests that wait for an answer, each.
  public var pendingRequests = 4_096
  /// Addresses whose names are known; with 0 nobody learns or looks for any.
  public var names = 4_096
  /// Octets of all streams that are held back until they are in order or a message is whole.
  public var heldOctets = 64 << 20
  /// The same for one direction of one connection.
  public var heldOctetsPerStream = 1 << 20
  /// Segments of all connections that are remembered by number until they are acknowledged.
  public var rememberedSegments = 262_144
  /// The same for one direction of one connection.
  public var rememberedSegmentsPerStream = 4_096
  /// Octets in the head of an HTTP message.
  public var messageHead = 65_536
  /// HTTP requests of one connection that wait for their responses.
  public var outstandingRequests = 1_024

  /// The limits above: some 200 MiB when all of them are reached.
  public init() {}
}

/// What an analysis had to give up, and what it found missing.
public struct AnalysisCounts: Hashable, Sendable {
  /// Flows of any kind that were forgotten to make room for new ones.
  public var evictedFlows = 0
  /// Requests that were forgotten before an answer was seen.
  public var evictedRequests = 0
  /// Names of addresses that were forgotten.
  public var evictedNames = 0
  /// Streams that are no longer read because too much of them would have to be held.
  public var abandonedStreams = 0
  /// Places in streams where segments are missing from the capture; what it cut of others counts elsewhere
  /// (`PacketFacts.cutOctets`).
  public var gaps = 0
  /// How many octets are missing there.
  public var gapOctets: Int64 = 0

  /// Nothing yet.
  public init() {}
}
