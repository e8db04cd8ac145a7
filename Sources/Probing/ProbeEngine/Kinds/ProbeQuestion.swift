public import PacketWire

/// What a probe asks that is no echo request.
public enum ProbeQuestion: Hashable, Sendable {
  /// What time is it there? (RFC 792, IPv4)
  case timestamp
  /// Which mask has your network? (RFC 950, IPv4)
  case addressMask
  /// Which network is this? (RFC 792, IPv4) Only that there is an answer tells something.
  case information
  /// What are your names or addresses? (RFC 4620, IPv6)
  case nodeInformation(NodeQuestion)
  /// What is the state of that interface of yours? (RFC 8335)
  case interface(InterfaceQuestion)

  /// The only family that it can be asked in; `nil` where both will do.
  public var family: IPFamily? {
    switch self {
    case .timestamp, .addressMask, .information: .v4
    case .nodeInformation: .v6
    case .interface: nil
    }
  }

  /// The ICMP or ICMPv6 type of a request.
  public func requestType(_ family: IPFamily) -> UInt8 {
    switch self {
    case .timestamp: ICMPv4Header.MessageType.timestampRequest.rawValue
    case .addressMask: ICMPv4Header.MessageType.addressMaskRequest.rawValue
    case .information: ICMPv4Header.MessageType.informationRequest.rawValue
    case .nodeInformation: ICMPv6Header.MessageType.nodeInformationQuery.rawValue
    case .interface where family == .v4: ICMPv4Header.MessageType.extendedEchoRequest.rawValue
    case .interface: ICMPv6Header.MessageType.extendedEchoRequest.rawValue
    }
  }

  /// How many low bits of a probe's sequence number the answer gives back.
  public var sequenceBits: Int {
    if case .interface = self { 8 } else { 16 }
  }

  /// The bits that are these.
  var sequenceMask: UInt16 { .max >> UInt16(16 - sequenceBits) }
}

/// A question of RFC 4620.
public struct NodeQuestion: Hashable, Sendable {
  /// What is asked for.
  public var type: NodeInformation.QueryType
  /// Which addresses, where addresses are asked for.
  public var flags: NodeInformation.Flags
  /// Whom it is about; `nil`: about the target's own address.
  public var subject: NodeInformation.Subject?

  /// A question from its parts.
  public init(
    _ type: NodeInformation.QueryType, flags: NodeInformation.Flags = [],
    subject: NodeInformation.Subject? = nil
  ) {
    (self.type, self.flags, self.subject) = (type, flags, subject)
  }
}

/// A question of RFC 8335.
public struct InterfaceQuestion: Hashable, Sendable {
  /// Which interface.
  public var subject: ICMPInterfaceIdentification.Subject
  /// It is not the target's own, but that of one of its neighbours, by address (the L bit is clear).
  public var isNeighbor: Bool

  /// A question from its parts.
  public init(_ subject: ICMPInterfaceIdentification.Subject, isNeighbor: Bool = false) {
    (self.subject, self.isNeighbor) = (subject, isNeighbor)
  }
}
