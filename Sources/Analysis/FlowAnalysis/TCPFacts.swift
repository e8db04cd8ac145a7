public import PacketWire

/// Which end of a connection.
public enum TCPSide: UInt8, Hashable, Sendable {
  /// Sends the first SYN.
  case client
  /// Answers it.
  case server

  /// The other end.
  public var peer: TCPSide { self == .client ? .server : .client }
}

/// How it is known which side is the client.
public enum TCPRoles: UInt8, Hashable, Sendable {
  /// By a SYN or a request.
  case certain
  /// The capture begins in the middle, and one port is a server's (below 1024).
  case likely
  /// The capture begins in the middle: the first sender is called client.
  case unknown
}

/// A TCP segment and what it means for its connection.
///
/// Stream positions count from the side's own SYN, which is 0, so that its first octet is 1; in a
/// connection whose SYN is not in the capture the first position seen is 1. They do not wrap.
public struct TCPFacts: Sendable {
  /// The header's control bits.
  public var flags: TCPHeader.Flags
  /// As on the wire.
  public var sequenceNumber: UInt32
  /// As on the wire.
  public var acknowledgmentNumber: UInt32
  /// Who sent it.
  public var sender: TCPSide
  /// How sure `sender` is.
  public var roles: TCPRoles
  /// Stream positions of its data, empty when it has none.
  public var positions: Range<Int64> = 1..<1
  /// How its data, or its place in the sequence, belongs to segments before it.
  public var data: TCPDataVerdict = .none
  /// What its acknowledgment number says that no earlier one did.
  public var acknowledgment: TCPAcknowledgment = .none
  /// How it opens the connection, if it does.
  public var opening: TCPOpening?
  /// How it closes the connection, if it does.
  public var closing: TCPClosing? {
    get { closingPart.value }
    set { closingPart.value = newValue }
  }
  /// The three packets that opened the connection, from the third one on.
  public var handshake: TCPHandshake? { handshakePart.value }
  /// The receive window that it offers.
  public var window: TCPWindow
  /// What its data is, and what it completes; nil without new data in order.
  public var stream: StreamFacts? {
    get { streamPart.value }
    set { streamPart.value = newValue }
  }
  /// What the connection was recognised to carry so far.
  public var application: StreamProtocol = .undecided
  /// The first segment seen of a connection whose SYN is not in the capture.
  public var beginsMidStream = false

  /// Messages begin or end in it, or it is a RST.
  @inline(__always)
  var hasEvents: Bool {
    if flags.contains(.rst) { return true }
    return streamPart.has { !$0.events.isEmpty || !$0.dns.isEmpty || $0.hasWebSocket }
  }

  private var closingPart = OutOfLine<TCPClosing>()
  /// Set by itself a value is moved there, where a setter of an optional copies it.
  var streamPart = OutOfLine<StreamFacts>()
  /// Shared with the connection.
  var handshakePart = OutOfLine<TCPHandshake>()
}

/// How a segment's data belongs to segments before it.
public enum TCPDataVerdict: Hashable, Sendable {
  /// It has none.
  case none
  /// It follows all that was sent before.
  case inOrder
  /// Octets before it were not seen: lost before the capture point, overtaken, or not captured. The
  /// segment may have no data itself.
  case afterGap(missing: Range<Int64>)
  /// It fills a gap so soon after `gap` that it was overtaken rather than sent again.
  case outOfOrder(gap: PacketMark)
  /// It fills the gap that `gap` showed, later: it was lost before the capture point, or sent again.
  case fillsGap(gap: PacketMark)
  /// All of it was seen before.
  case retransmission(TCPRetransmission)
  /// Less than two octets just below what is acknowledged, to hear whether the peer still lives
  /// (RFC 9293 §3.8.4).
  case keepAlive
  /// One octet into a closed window, to hear whether it has opened (RFC 9293 §3.8.6.1).
  case zeroWindowProbe
  /// No peer could take a sequence number this far away.
  case outsideWindow
}

/// Data that was sent before.
public struct TCPRetransmission: Hashable, Sendable {
  /// The segment that sent its first octet before, if that is remembered.
  public var original: PacketMark?
  /// How many acknowledgments asked for it by repeating themselves (RFC 5681 §3.2: three do).
  public var duplicateAcknowledgments: Int
  /// The acknowledgment that had already covered all of it: the peer did not need it.
  public var acknowledgedBy: PacketMark?
  /// New octets follow the old ones in the same segment.
  public var hasNewOctets: Bool
}

/// What an acknowledgment number says.
public enum TCPAcknowledgment: Hashable, Sendable {
  /// Nothing that was not said before.
  case none
  /// These positions are received; by which packets they were sent, as far as that is remembered,
  /// how many further ones were seen, and the first of them that the capture does not hold.
  case advances(
    over: Range<Int64>, packets: TCPPacketSpan?, outstanding: Int64, unseen: Range<Int64>?)
  /// The same once more while data is on the way: `count` times since the first.
  case duplicate(position: Int64, count: Int)
  /// Only the window has changed.
  case windowUpdate(before: Int)
  /// Answers a keep-alive or a window probe.
  case answersProbe(PacketMark)
  /// The first one seen about a stream that began before the capture.
  case baseline
  /// Less than was acknowledged before: overtaken on the way.
  case outdated
}

/// Packets that an acknowledgment covers.
public struct TCPPacketSpan: Hashable, Sendable {
  /// The first packet.
  public var first: PacketMark
  /// The last packet, perhaps the same.
  public var last: PacketMark
  /// How many they are.
  public var count: Int
}

/// The window of a segment.
public struct TCPWindow: Hashable, Sendable {
  /// In octets, scaled when the scale is known.
  public var octets: Int
  /// The handshake was seen, so that `octets` is right.
  public var isExact: Bool
  /// It was open before and is closed now, or the other way round.
  public var change: Change

  /// What happened to a window.
  public enum Change: Hashable, Sendable {
    case none, closed, opened
  }
}
