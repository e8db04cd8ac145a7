/// What kind of conversation a flow is.
public enum FlowKind: UInt8, Hashable, Sendable, CaseIterable {
  /// ARP about one pair of IPv4 addresses.
  case arp
  /// Neighbour discovery about one pair of IPv6 addresses.
  case neighborDiscovery
  /// ICMP of either version between two addresses; echoes are told apart by their identifier.
  case icmp
  /// UDP between two address and port pairs.
  case udp
  /// One TCP connection: a new SYN after its end begins another one.
  case tcp
  /// Any other protocol, and fragments, between two addresses.
  case ip

  /// The word before the colon of a flow's name.
  public var name: String {
    switch self {
    case .arp: "arp"
    case .neighborDiscovery: "ndp"
    case .icmp: "icmp"
    case .udp: "udp"
    case .tcp: "tcp"
    case .ip: "ip"
    }
  }
}

/// The name of a flow, such as `tcp:2`: the second TCP connection of the capture.
public struct FlowID: Hashable, Sendable, CustomStringConvertible {
  /// What kind of flow it is.
  public var kind: FlowKind
  /// Its place among the flows of its kind by first appearance, from 1.
  public var ordinal: Int

  /// The flow `kind:ordinal`.
  public init(_ kind: FlowKind, _ ordinal: Int) { (self.kind, self.ordinal) = (kind, ordinal) }

  /// The kind's name, a colon and the ordinal.
  public var description: String { "\(kind.name):\(ordinal)" }
}
