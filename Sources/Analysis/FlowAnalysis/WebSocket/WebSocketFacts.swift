public import PacketWire

/// What a segment's octets are on a WebSocket (RFC 6455 §5).
public struct WebSocketFacts: Sendable {
  /// The answer with which it became one.
  public var upgrade: PacketMark
  /// Frames that end in these octets, in order; at most `maximumFrames`.
  public var frames: [WebSocketFrame] = []
  /// How many frames there were beyond those.
  public var omittedFrames = 0
  /// The frame that the octets end in, and is not whole yet.
  public var part: WebSocketPart?
  /// Octets are missing, so that the sender's frames can no longer be told apart.
  public var isLost = false
  /// A sender that ends its stream without a close frame.
  public var cutOff: WebSocketCutOff?

  /// A segment can hold thousands of frames; a reader cannot.
  public static let maximumFrames = 64

  init(upgrade: PacketMark) { self.upgrade = upgrade }

  mutating func note(_ frame: WebSocketFrame) {
    if frames.count < Self.maximumFrames {
      frames.append(frame)
    } else {
      omittedFrames += 1
    }
  }
}

/// A whole frame.
public struct WebSocketFrame: Sendable {
  /// Who sent it.
  public var sender: TCPSide
  /// Its header.
  public var header: WebSocketFrameHeader
  /// The packet in which it begins.
  public var first: PacketMark
  /// Octets of the payload that are missing from the capture.
  public var missingOctets: Int64
  /// What it is.
  public var content: Content
  /// The rules that it breaks.
  public var violations: [WebSocketViolation]

  /// What a frame is.
  public enum Content: Sendable {
    /// A message, or a fragment of one.
    case message(WebSocketMessage)
    /// Asks whether the other end is there.
    case ping(UntrustedText)
    /// Answers a ping, or says unasked that its sender is there.
    case pong(UntrustedText, answers: PacketMark?)
    /// The sender says its last.
    case close(WebSocketClosing)
    /// An opcode without a meaning.
    case unknown
  }
}

/// A message as far as it came with a frame.
public struct WebSocketMessage: Sendable {
  /// Its place among the messages of its sender, from 1.
  public var number: Int
  /// It is text, else octets.
  public var isText: Bool
  /// How it is packed.
  public var packing = Packing.none
  /// The packet in which its first frame begins.
  public var first: PacketMark
  /// How many frames it has so far.
  public var frames = 0
  /// Octets of payload so far, as they were sent.
  public var sentOctets: Int64 = 0
  /// Octets of the message so far, unpacked; nil where it cannot be unpacked.
  public var octets: Int64? = 0
  /// The beginning of it, unpacked, of at most `maximumStart` octets.
  public var start = UntrustedText.empty
  /// This was its last frame.
  public var isWhole = false

  /// What is kept of a message.
  public static let maximumStart = 512

  /// How a message is packed.
  public enum Packing: Hashable, Sendable {
    /// It is not.
    case none
    /// With permessage-deflate, and was unpacked.
    case unpacked
    /// With permessage-deflate, and cannot be unpacked: it is damaged, refers to what is not here, or
    /// unpacks to more than is read.
    case packed
  }
}

/// What a close frame says (RFC 6455 §5.5.1).
public struct WebSocketClosing: Hashable, Sendable {
  /// Nil where the frame gives none: 1005 for whoever asks (§7.1.5).
  public var code: WebSocketCloseCode?
  /// For whoever looks for the mistake.
  public var reason: UntrustedText
  /// The other end's close frame, which this one answers.
  public var answers: PacketMark?
}

/// Where in a frame a segment's data ends.
public struct WebSocketPart: Sendable {
  /// Who sends it.
  public var sender: TCPSide
  /// The frame's header; nil while that is not whole.
  public var header: WebSocketFrameHeader?
  /// The packet in which the frame begins.
  public var first: PacketMark
  /// Octets of payload so far.
  public var octets: UInt64
}

/// A stream that ended without a close frame: 1006 for the other end (RFC 6455 §7.1.5).
public struct WebSocketCutOff: Hashable, Sendable {
  /// Whose stream it is.
  public var sender: TCPSide
  /// A frame was not whole.
  public var isInFrame: Bool
  /// The other end had said that it closes.
  public var afterClose: PacketMark?
}
