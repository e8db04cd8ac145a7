extension SimulatedInternet {
  /// What has become of the packets of a simulated internet.
  public struct Counters: Hashable, Sendable {
    /// Sent by hosts.
    public var entered = 0
    /// Handed to hosts.
    public var delivered = 0
    /// Passed on by a router, once for each router.
    public var forwarded = 0
    /// Lost on a link, as the topology asks.
    public var lost = 0
    /// Dropped because a link's queue was full.
    public var dropped = 0
    /// Copies that a link made.
    public var duplicated = 0
    /// Damaged on a link.
    public var corrupted = 0
    /// Held back by a link for longer than its jitter.
    public var late = 0
    /// Dropped because too much was under way.
    public var overflowed = 0
    /// No IP packet, or cut before the length that its header says.
    public var malformed = 0
    /// Dropped for a wrong checksum: a router checks the IPv4 header (RFC 1812 §5.2.2) and, of what
    /// is meant for itself, the transport's.
    public var badChecksum = 0
    /// Addresses that no router forwards: multicast, broadcast, loopback, link-local, unspecified, or
    /// the router's own as the source (RFC 1812 §5.3.7, RFC 4291 §2.5, §2.7).
    public var unroutable = 0
    /// Sent on in pieces.
    public var fragmented = 0
    /// Longer than the next link takes, and not to be sent in pieces.
    public var tooBig = 0
    /// No route to the destination.
    public var noRoute = 0
    /// A firewall did not let it pass.
    public var firewalled = 0
    /// Got other addresses, in either direction.
    public var translated = 0
    /// Too many had got other addresses for one more.
    public var untranslatable = 0
    /// The time to live or hop limit ran out.
    public var expired = 0
    /// Meant for a router, which has nothing to say to it: a fragment, a reply, an unknown message.
    public var ignored = 0
    /// ICMP errors that a router sent.
    public var errorsSent = 0
    /// Errors that were not sent, because the router is silent or because an error must not be
    /// answered with one.
    public var errorsSuppressed = 0
    /// Errors that were not sent, because the router had sent so many of late.
    public var errorsLimited = 0
    /// Echo replies and TCP resets that a router sent.
    public var answered = 0

    /// Nothing has happened yet.
    public init() {}
  }
}
