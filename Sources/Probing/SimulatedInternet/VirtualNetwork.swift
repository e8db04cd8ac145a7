public import PacketWire

/// Runs a client against a simulated internet in virtual time: no instant passes in which nothing
/// happens, so that hours take milliseconds.
///
/// The client is a closure, so that an engine of any shape can be put into it. At the other end
/// stands a `SimulatedHost` with the addresses of the sites and the resolver.
public struct VirtualNetwork: Sendable {
  /// What happens to the client.
  public enum ClientEvent: Hashable, Sendable {
    /// Comes once, first.
    case start
    /// An IP packet arrived, without a link header.
    case received([UInt8])
    /// The instant of the last `wake` has come.
    case timer
  }

  /// What the client does.
  public enum ClientEffect: Hashable, Sendable {
    /// Send an IP packet, without a link header.
    case send([UInt8])
    /// Wake the client at an instant; replaces an earlier one.
    case wake(at: MonotonicInstant)
    /// End the run.
    case finish
  }

  /// The internet between client and host.
  public private(set) var internet: SimulatedInternet
  /// The host at the far end.
  public var host: SimulatedHost
  /// The present.
  public private(set) var now: MonotonicInstant

  /// Sent, but not yet handed to the internet.
  private var outgoing: [(octets: [UInt8], from: AttachmentPoint)] = []
  private var internetDue: MonotonicInstant?
  private var clientDue: MonotonicInstant?
  private var isFinished = false

  /// A network at rest; `seed` replaces the topology's own, and `start` is the first present.
  public init(
    topology: Topology, seed: UInt64? = nil,
    startingAt start: MonotonicInstant = MonotonicInstant(nanoseconds: 0)
  ) {
    internet = SimulatedInternet(topology: topology, seed: seed)
    host = SimulatedHost(addresses: Set(topology.serverAddresses))
    now = start
  }

  /// Runs until the client finishes, until nothing is left that could happen, or until `end`. What
  /// is under way then stays so for a next run. Of things due at once, replies come before timers.
  public mutating func run(
    until end: MonotonicInstant = MonotonicInstant(nanoseconds: .max),
    client: (ClientEvent, MonotonicInstant) -> [ClientEffect]
  ) {
    (clientDue, isFinished) = (nil, false)
    tell(client, .start)
    while !isFinished {
      if !outgoing.isEmpty {
        let packet = outgoing.removeFirst()
        step(.packet(packet.octets, from: packet.from), client)
        continue
      }
      guard let due = [internetDue, clientDue].compactMap({ $0 }).min(), due <= end else { return }
      now = max(now, due)
      if let internetDue, internetDue <= now {
        step(.timer, client)
      } else {
        clientDue = nil
        tell(client, .timer)
      }
    }
  }

  private mutating func tell(
    _ client: (ClientEvent, MonotonicInstant) -> [ClientEffect], _ event: ClientEvent
  ) {
    guard !isFinished else { return }
    for effect in client(event, now) {
      switch effect {
      case .send(let octets): outgoing.append((octets, .client))
      case .wake(let instant): clientDue = instant
      case .finish: isFinished = true
      }
    }
  }

  private mutating func step(
    _ event: SimulatedInternet.Event,
    _ client: (ClientEvent, MonotonicInstant) -> [ClientEffect]
  ) {
    internetDue = nil
    for effect in internet.step(event, at: now) {
      switch effect {
      case .wake(let instant): internetDue = instant
      case .deliver(let octets, .client, _): tell(client, .received(octets))
      case .deliver(let octets, _, _):
        if let answer = host.receive(octets) { outgoing.append((answer, .server)) }
      }
    }
  }
}
