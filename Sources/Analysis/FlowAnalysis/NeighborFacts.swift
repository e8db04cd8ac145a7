public import PacketWire

/// An address resolution packet and how it belongs to others (RFC 826).
public struct ARPFacts: Hashable, Sendable {
  /// What it is for.
  public enum Role: Hashable, Sendable {
    /// Who has the target address? `repeats` is the same question, still unanswered.
    case request(repeats: PacketMark?)
    /// The sender has it; `to` is the request, if the capture holds it.
    case reply(to: PacketMark?)
    /// The sender asks whether an address that it wants is taken (RFC 5227 §2.1.1).
    case probe
    /// The sender tells everyone its own address (RFC 5227 §2.3).
    case announcement
    /// Another operation.
    case other
  }

  /// The packet.
  public var packet: ARPPacket
  /// What it is for.
  public var role: Role
}

/// A neighbour discovery message and how it belongs to others (RFC 4861).
public struct NeighborFacts: Hashable, Sendable {
  /// What it is.
  public enum Role: Hashable, Sendable {
    /// Who has the target address? `repeats` is the same question, still unanswered.
    case solicitation(target: IPv6Address, repeats: PacketMark?)
    /// The sender asks whether an address that it wants is taken (RFC 4862 §5.4).
    case duplicateAddressDetection(target: IPv6Address)
    /// The target is here; `to` is the solicitation, if the capture holds it.
    case advertisement(target: IPv6Address, to: PacketMark?)
    /// Which routers are there?
    case routerSolicitation
    /// Here is a router; `to` is the solicitation, if the capture holds it.
    case routerAdvertisement(lifetime: UInt16, to: PacketMark?)
  }

  /// What it is.
  public var role: Role
  /// The link address in its option: of an advertisement where to send frames for the target.
  public var linkAddress: MACAddress?
}
