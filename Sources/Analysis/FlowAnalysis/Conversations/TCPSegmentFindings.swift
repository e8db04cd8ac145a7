public import PacketWire

/// What is to be said of a segment from those before it, in the terms that tshark made common. A
/// segment can have several.
public struct TCPSegmentFindings: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt16

  /// The findings of these bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// It was sent before, and its time was up, or nothing else can be told of it.
  public static let retransmission = Self(rawValue: 0x0001)
  /// It was sent before, and duplicate acknowledgments asked for it (RFC 5681 §3.2).
  public static let fastRetransmission = Self(rawValue: 0x0002)
  /// It was sent before, and all of it had been acknowledged.
  public static let spuriousRetransmission = Self(rawValue: 0x0004)
  /// It comes so soon behind a later one that it was overtaken rather than sent again.
  public static let outOfOrder = Self(rawValue: 0x0008)
  /// It acknowledges the same as the one before, and carries nothing.
  public static let duplicateAcknowledgment = Self(rawValue: 0x0010)
  /// Octets before it were not captured.
  public static let lostSegment = Self(rawValue: 0x0020)
  /// It acknowledges octets that were not captured.
  public static let acknowledgesLostSegment = Self(rawValue: 0x0040)
  /// It asks whether the peer still lives (RFC 9293 §3.8.4).
  public static let keepAlive = Self(rawValue: 0x0080)
  /// It says that the peer still lives.
  public static let keepAliveAcknowledgment = Self(rawValue: 0x0100)
  /// Its sender can take nothing more.
  public static let zeroWindow = Self(rawValue: 0x0200)
  /// One octet into a closed window, to hear whether it has opened (RFC 9293 §3.8.6.1).
  public static let zeroWindowProbe = Self(rawValue: 0x0400)
  /// It answers such an octet, and the window is closed still.
  public static let zeroWindowProbeAcknowledgment = Self(rawValue: 0x0800)
  /// It uses up the receiver's window.
  public static let windowFull = Self(rawValue: 0x1000)
  /// It only says that its sender's window has changed.
  public static let windowUpdate = Self(rawValue: 0x2000)
  /// It begins another connection between the same ports.
  public static let portsReused = Self(rawValue: 0x4000)
}

/// What had been seen of a connection, as tshark's `tcp.completeness` counts it.
public struct TCPCompleteness: OptionSet, Hashable, Sendable {
  /// The bits.
  public var rawValue: UInt8

  /// What these bits say.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A SYN, with which a connection begins.
  public static let syn = Self(rawValue: 0x01)
  /// A SYN with an ACK.
  public static let synAcknowledgment = Self(rawValue: 0x02)
  /// The third packet of the handshake, or a later acknowledgment.
  public static let acknowledgment = Self(rawValue: 0x04)
  /// Data.
  public static let data = Self(rawValue: 0x08)
  /// A FIN.
  public static let fin = Self(rawValue: 0x10)
  /// A RST.
  public static let reset = Self(rawValue: 0x20)
}

/// What is known of a segment from its conversation.
public struct TCPSegmentAnalysis: Sendable {
  /// Its connection's number among those of the capture, from 0.
  public var stream: Int
  /// Which of the remembered connections it is: below `AnalysisLimits.connections`. Another connection
  /// can have the place later.
  public var slot = 0
  /// Its sender is the one whose address and port are the lower ones.
  public var isFromLow = false
  /// What had been seen of the connection before it.
  public var completeness: TCPCompleteness = []
  /// What is to be said of it.
  public var findings: TCPSegmentFindings = []
  /// Its window in octets: scaled when the scale is known.
  public var window = 0
  /// The packet whose segment ends where it acknowledges, and how long ago that was.
  public var acknowledges: (packet: Int, after: Nanoseconds)?
  /// Octets that its sender has sent and not heard of, with it; 0 where that cannot be known.
  public var octetsInFlight = 0
  /// How often it repeats an acknowledgment, and the packet that said it first.
  public var duplicate: (count: Int, of: Int)?
  /// It acknowledges more than the capture holds, be that said again or not.
  public var acknowledgesMissing = false
  /// From the SYN to the handshake's last packet, once that was seen.
  public var initialRTT: Nanoseconds?

  /// Nothing is known but the number of the connection.
  public init(stream: Int = 0) { self.stream = stream }

  /// tshark has something to tell of how it belongs to others.
  public var isTold: Bool {
    !findings.isEmpty || acknowledges != nil || octetsInFlight > 0 || acknowledgesMissing
  }
}
