public import PacketWire

/// The longest packets that come as far as a hop.
public struct HopMTU: Hashable, Sendable {
  /// The whole packet, in octets.
  public var octets: Int
  /// Where it is less than before, and at the first hop that tells; nil elsewhere.
  public var change: Change?

  /// A link that takes less than those before it.
  public struct Change: Hashable, Sendable {
    /// Why longer packets do not pass.
    public var limit: MTUResult.Limit
    /// The router that said so.
    public var router: IPAddress?
    /// The longest that come to the hop before, in octets; nil for the first hop that tells.
    public var previous: Int?
    /// The last hop that those have come to; one less than the first hop probed for none.
    public var after: Int

    /// A change from its fields.
    public init(
      _ limit: MTUResult.Limit, router: IPAddress? = nil, previous: Int?, after: Int
    ) {
      (self.limit, self.router) = (limit, router)
      (self.previous, self.after) = (previous, after)
    }
  }

  /// An MTU from its fields.
  public init(_ octets: Int, _ change: Change? = nil) {
    (self.octets, self.change) = (octets, change)
  }
}
