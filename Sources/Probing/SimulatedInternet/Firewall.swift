public import PacketWire

/// What a router does not let through, in each direction. Packets to the router itself are not asked.
public struct Firewall: Hashable, Sendable {
  /// What becomes of a packet that a rule is about.
  public enum Action: Hashable, Sendable, CaseIterable {
    /// It is gone, and nobody is told.
    case drop
    /// The sender is told what a closed port would tell: TCP is reset in the destination's name, for all
    /// else there is a port unreachable.
    case reject
    /// The sender is told that this is forbidden (RFC 1812 §5.2.7.1 code 13, RFC 4443 §3.1 code 1).
    case prohibit
  }

  /// What rules are about.
  public struct Match: Hashable, Sendable {
    /// The protocol; `nil` is any.
    public var protocolNumber: IPProtocol?
    /// Destination ports of TCP and UDP, or types of ICMP; `nil` is any. Fragments but the first have none.
    public var numbers: ClosedRange<UInt16>?

    /// A protocol, and of it what has these ports or types.
    public init(_ protocolNumber: IPProtocol? = nil, numbers: ClosedRange<UInt16>? = nil) {
      (self.protocolNumber, self.numbers) = (protocolNumber, numbers)
    }
  }

  /// An action for what one of some matches is about.
  public struct Rule: Hashable, Sendable {
    /// What is done.
    public var action: Action
    /// About these.
    public var matches: [Match]

    /// A rule from its parts.
    public init(_ action: Action, _ matches: [Match]) {
      (self.action, self.matches) = (action, matches)
    }
  }

  /// Of packets that go away from the client; the first rule that is about a packet counts.
  public var outward: [Rule] = []
  /// Of packets that come towards the client.
  public var homeward: [Rule] = []

  /// Everything passes.
  public init() {}

  /// What is to be done with a packet, if it does not pass.
  func action(on packet: ReceivedPacket, going direction: Topology.Direction) -> Action? {
    let rules = direction == .outward ? outward : homeward
    guard !rules.isEmpty else { return nil }
    let frame = Frame(decoding: packet.octets.span, linkType: .raw)
    return rules.first { rule in rule.matches.contains { $0.holds(for: frame) } }?.action
  }
}

extension Firewall.Match {
  fileprivate func holds(for frame: Frame) -> Bool {
    if let protocolNumber, frame.protocolNumber != protocolNumber { return false }
    guard let numbers else { return true }
    let number: UInt16? =
      switch frame.transport {
      case .tcp(let header): header.destinationPort
      case .udp(let header): header.destinationPort
      case .icmpv4(let header): UInt16(header.type.rawValue)
      case .icmpv6(let header): UInt16(header.type.rawValue)
      default: nil
      }
    return number.map { numbers.contains($0) } ?? false
  }
}
