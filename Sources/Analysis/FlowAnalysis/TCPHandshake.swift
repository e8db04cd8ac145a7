public import PacketWire

/// What one side of a connection offers in its SYN.
public struct TCPOffer: Hashable, Sendable {
  /// The sequence number of the SYN itself.
  public var initialSequenceNumber: UInt32
  /// The largest segment that the side takes, in octets of data.
  public var maximumSegmentSize: UInt16?
  /// How far its windows will be shifted (RFC 7323 §2.2).
  public var windowScale: UInt8?
  /// It can tell of blocks that it received out of order (RFC 2018).
  public var sackPermitted = false
  /// It stamps its segments (RFC 7323 §3).
  public var timestamps = false
  /// It can tell of congestion without loss (RFC 3168 §6.1.1).
  public var congestionNotification = false
  /// It asks for, or carries, a fast open cookie (RFC 7413).
  public var fastOpen = false
  /// The capture cut the options, so that it may offer more.
  public var isCut = false

  /// Reads a SYN's or SYN-ACK's header.
  init(_ header: TCPHeader) {
    initialSequenceNumber = header.sequenceNumber
    isCut = header.missingOptions > 0
    let echo = header.flags.isSuperset(of: [.ece, .cwr])
    let echoOnly = header.flags.contains(.ece) && !header.flags.contains(.cwr)
    congestionNotification = header.flags.contains(.ack) ? echoOnly : echo
    var offer = self
    // A broken list counts up to where it breaks.
    try? header.forEachOption { offer.note($0) }
    self = offer
  }

  private mutating func note(_ option: TCPOption) {
    switch option {
    case .maximumSegmentSize(let size): maximumSegmentSize = size
    // RFC 7323 §2.3: more than 14 counts as 14.
    case .windowScale(let shift): windowScale = min(shift, 14)
    case .sackPermitted: sackPermitted = true
    case .timestamps: timestamps = true
    case .other(let kind, _) where kind == 34: fastOpen = true
    default: break
    }
  }
}

/// The three packets that opened a connection (RFC 9293 §3.5) and what they agreed on.
public struct TCPHandshake: Hashable, Sendable {
  /// The client asks; the first time, if it had to ask again.
  public var syn: PacketMark
  /// The server agrees; the first time, if it had to say so again.
  public var synAck: PacketMark
  /// The client confirms.
  public var ack: PacketMark
  /// The last SYN before the SYN-ACK, mostly the only one.
  public var lastSYN: PacketMark
  /// The last SYN-ACK before the ACK, mostly the only one.
  public var lastSYNACK: PacketMark
  /// What the client offered.
  public var clientOffer: TCPOffer
  /// What the server offered.
  public var serverOffer: TCPOffer

  /// The capture cut the options of one side, so that more may be agreed.
  public var isCut: Bool { clientOffer.isCut || serverOffer.isCut }
  /// Windows are scaled: both sides offered it (RFC 7323 §2.2).
  public var usesWindowScale: Bool {
    clientOffer.windowScale != nil && serverOffer.windowScale != nil
  }
  /// Blocks received out of order are told: both sides can.
  public var usesSACK: Bool { clientOffer.sackPermitted && serverOffer.sackPermitted }
  /// Segments are stamped: both sides offered it.
  public var usesTimestamps: Bool { clientOffer.timestamps && serverOffer.timestamps }
  /// Congestion is told without loss: both sides can.
  public var usesCongestionNotification: Bool {
    clientOffer.congestionNotification && serverOffer.congestionNotification
  }
  /// From the last SYN to the SYN-ACK: the round trip between the capture point and the server, the
  /// server's own time included. When SYNs were repeated it is not known which one was answered.
  public var serverRoundTrip: Nanoseconds { synAck.time - lastSYN.time }
  /// From the last SYN-ACK to the ACK: the round trip between the capture point and the client.
  public var clientRoundTrip: Nanoseconds { ack.time - lastSYNACK.time }
  /// From the first SYN to the ACK.
  public var duration: Nanoseconds { ack.time - syn.time }
}

/// How a segment opens a connection.
public enum TCPOpening: Sendable {
  /// Step 1 of 3.
  case syn(TCPOffer)
  /// Step 1 once more: `first` had no answer, and `count` SYNs were sent before this one.
  case synAgain(first: PacketMark, count: Int)
  /// Both sides ask at the same time (RFC 9293 §3.5, figure 7); `peer` is the other's SYN.
  case simultaneousSYN(TCPOffer, peer: PacketMark)
  /// Step 2 of 3; `to` is the last SYN, if the capture holds one, and `count` how many there were.
  case synAck(TCPOffer, to: PacketMark?, count: Int)
  /// After SYNs from both sides: one side confirms the other's, `to`, and repeats its own.
  case simultaneousSYNACK(to: PacketMark?)
  /// Step 2 once more.
  case synAckAgain(first: PacketMark)
  /// Step 3 of 3; the facts' `handshake` names all three.
  case complete
}

/// How a segment closes a connection.
public struct TCPClosing: Sendable {
  /// It carries a FIN.
  public var fin: FIN?
  /// It acknowledges the peer's FIN, which was that packet.
  public var acknowledgesFIN: PacketMark?
  /// With `acknowledgesFIN`: its own FIN, sent before, which the peer has yet to acknowledge.
  public var waitingFIN: PacketMark?
  /// It carries a RST.
  public var reset: Reset?
  /// With it both directions are closed, or the connection is reset.
  public var ended: End?

  /// A FIN.
  public enum FIN: Hashable, Sendable {
    /// The first side to close.
    case first
    /// The other side closes too, after the peer's FIN.
    case second(after: PacketMark)
    /// Sent before.
    case repeated(PacketMark)
  }

  /// What a RST says.
  public enum Reset: Hashable, Sendable {
    /// The peer asked to open a connection, and it is refused (RFC 9293 §3.10.7.1).
    case refusal(of: PacketMark)
    /// The connection is broken off.
    case abort
    /// Something came for a connection that the sender had already ended.
    case afterEnd
  }

  /// What a connection was, at its end.
  public struct End: Hashable, Sendable {
    /// From its first packet in the capture to this one.
    public var lifetime: Nanoseconds
    /// Octets of the client's stream.
    public var clientOctets: Int64
    /// Octets of the server's stream.
    public var serverOctets: Int64
  }
}
