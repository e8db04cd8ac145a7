public import FlowAnalysis
public import PacketWire

/// What a story came to.
public struct StorySummary: Sendable {
  /// A stretch of one flow in which it did one thing.
  public struct Span: Hashable, Sendable {
    /// What it did.
    public var phase: StoryPhase
    /// The flow.
    public var flow: FlowID
    /// What for: a name, or a request. Printable ASCII.
    public var label: String
    /// Its first and its last packet.
    public var numbers: ClosedRange<Int>
    /// Since the first packet of the capture.
    public var start: Nanoseconds
    /// Since the first packet of the capture. A request ends when its answer begins, and
    /// acknowledgments do not make a transfer longer.
    public var end: Nanoseconds
    /// How many packets were part of it, acknowledgments counted.
    public var packets: Int
    /// Of these packets, on the wire, in octets.
    public var octets: Int
  }

  /// A connection that was opened.
  public struct Handshake: Hashable, Sendable {
    /// The connection.
    public var flow: FlowID
    /// Who asked.
    public var client: Endpoint
    /// Who agreed.
    public var server: Endpoint
    /// The three packets and what they agreed on.
    public var packets: TCPHandshake
  }

  /// A name that was looked up.
  public struct Lookup: Hashable, Sendable {
    /// The kind of record and the name, in plain words. Printable ASCII.
    public var question: String
    /// The answer in plain words, empty without one. Printable ASCII.
    public var answer: String
    /// The packet that asked; the last one, if it asked again.
    public var query: PacketMark
    /// The packet that answered.
    public var response: PacketMark?
  }

  /// A request and its response.
  public struct Exchange: Hashable, Sendable {
    /// Counted over all connections from 1.
    public var number: Int
    /// The connection.
    public var flow: FlowID?
    /// Who asked.
    public var client: IPAddress?
    /// Method, host and target. Printable ASCII.
    public var request: String
    /// The packet in which the request begins.
    public var requestStart: PacketMark
    /// The packet in which the request ends.
    public var requestEnd: PacketMark
    /// Status and reason, empty without a response. Printable ASCII.
    public var status: String = ""
    /// The packet in which the response begins.
    public var responseStart: PacketMark?
    /// The packet in which the response ends.
    public var responseEnd: PacketMark?
    /// Octets of the response's body.
    public var bodyOctets: Int64 = 0
    /// The response broke off, or its end is not in the capture.
    public var isIncomplete = false
  }

  /// A WebSocket.
  public struct WebSocket: Hashable, Sendable {
    /// The connection.
    public var flow: FlowID
    /// Method, host and target of its request; empty where that is not here. Printable ASCII.
    public var request = ""
    /// The packet with the answer that opened it.
    public var upgrade: PacketMark
    /// What was agreed on.
    public var agreement: WebSocketAgreement
    /// Messages from the client and from the server.
    public var messages = [0, 0]
    /// Octets of these messages, unpacked where they could be.
    public var octets: [Int64] = [0, 0]
    /// Pings of both ends.
    public var pings = 0
    /// Pings that were answered, and the shortest time that took.
    public var pongs = 0
    /// The shortest time from a ping to its pong.
    public var shortestPing: Nanoseconds?
    /// Who sent the first close frame.
    public var closedBy: TCPSide?
    /// What that said.
    public var closing: WebSocketClosing?
    /// The packets with close frames.
    public var closes: [Int] = []
    /// A stream ended without a close frame.
    public var isCutOff = false
  }

  /// A frame, or a message of several, that somebody wants to see in a list.
  public struct Message: Hashable, Sendable {
    /// The connection.
    public var flow: FlowID
    /// The packet with which it was whole.
    public var mark: PacketMark
    /// It went to the server.
    public var isFromClient: Bool
    /// "text", "binary", "ping", "pong" or "close".
    public var kind: String
    /// How long it is, unpacked, in octets; of a frame that cannot be unpacked as it was sent.
    public var octets: Int64
    /// What it says. Printable ASCII.
    public var content: String
  }

  /// A flow and what it carried.
  public struct Flow: Hashable, Sendable {
    /// Its name.
    public var id: FlowID
    /// Who began it.
    public var initiator: Endpoint?
    /// The other side.
    public var responder: Endpoint?
    /// The protocol told of last, such as HTTP.
    public var protocolName: String
    /// Packets from the initiator and to it.
    public var packets = [0, 0]
    /// Octets on the wire, frames whole, from the initiator and to it.
    public var octets = [0, 0]
    /// When its first packet came, since the first packet of the capture.
    public var start: Nanoseconds
    /// When its last packet came, since the first packet of the capture.
    public var end: Nanoseconds
    /// The capture does not hold its beginning.
    public var beginsMidStream = false
  }

  /// Something that a reader should look at.
  public struct Warning: Hashable, Sendable {
    /// What it is.
    public var kind: Kind
    /// How often it happened.
    public var count: Int
    /// The first packets where it happened.
    public var numbers: [Int]

    /// What can go wrong.
    public enum Kind: Int, Hashable, Sendable, CaseIterable, Comparable {
      case refusals, resets, failedLookups, missingNames, networkErrors, repeatedHandshakes
      case retransmissions, zeroWindows, outOfOrder, earlySegments, unseenSegments, outsideWindow
      case webSocketHandshakes, webSocketViolations, webSocketFailures, webSocketCutOffs
      case errorResponses, unreadable

      /// Worse is less.
      public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }
  }

  /// How many packets were told.
  public var packets = 0
  /// Their lengths on the wire, in octets.
  public var octets = 0
  /// From the first packet to the last.
  public var duration = Nanoseconds.zero
  /// What was done, by start; at most the first `SummaryBuilder.maximumLines` of them.
  public var spans: [Span] = []
  /// Connections that were opened.
  public var handshakes: [Handshake] = []
  /// Names that were looked up.
  public var lookups: [Lookup] = []
  /// Requests and responses.
  public var exchanges: [Exchange] = []
  /// Connections that were begun to several addresses of one name at a time.
  public var races: [Race] = []
  /// Connections of TLS.
  public var encryptions: [Encryption] = []
  /// WebSockets.
  public var webSockets: [WebSocket] = []
  /// Their messages, pings, pongs and closes.
  public var messages: [Message] = []
  /// Where the time of each request went, by start.
  public var timings: [RequestTiming] = []
  /// The same of requests that belong together, by start.
  public var pages: [PageTime] = []
  /// Flows, by first appearance.
  public var flows: [Flow] = []
  /// Entries of the lists above that there was no room for.
  public var omitted = 0
  /// What the capture does not show, with why and how to see it.
  public var blindSpots: [BlindSpot] = []
  /// Questions without an answer, and what was given up to save memory; whole sentences of printable
  /// ASCII.
  public var unanswered: [String] = []
  /// What went wrong, worst first.
  public var warnings: [Warning] = []

  /// A summary of nothing.
  init() {}
}

extension StorySummary {
  /// What the capture holds but nobody can read, and why; whole sentences of printable ASCII.
  public var unseen: [String] { blindSpots.filter { !$0.kind.isMissing }.map(\.sentence) }
  /// What the capture lacks; whole sentences of printable ASCII.
  public var missing: [String] {
    blindSpots.filter(\.kind.isMissing).map(\.sentence) + unanswered
  }
}

extension StorySummary.Warning {
  /// What happened, how often and where, as a sentence of printable ASCII.
  public var sentence: String {
    let shown = numbers.map { "#\($0)" }.joined(separator: ", ")
    let rest = count > numbers.count ? " and \(count - numbers.count) more" : ""
    return "\(kind.words(count)) (\(shown)\(rest))."
  }
}

extension StorySummary.Warning.Kind {
  fileprivate func words(_ count: Int) -> String {
    let (one, many) = forms
    return count == 1 ? one : "\(count) \(many)"
  }

  /// What happened once, and what happened so many times.
  private var forms: (one: String, many: String) {
    switch self {
    case .refusals: ("A connection was refused", "connections were refused")
    case .resets: ("A connection was broken off (RST)", "connections were broken off (RST)")
    case .failedLookups: ("A name look-up failed", "name look-ups failed")
    case .missingNames: ("A name does not exist", "answers said that a name does not exist")
    case .networkErrors: ("A router or host reported an error", "errors were reported by ICMP")
    case .repeatedHandshakes:
      ("A SYN or SYN-ACK was sent again", "SYNs or SYN-ACKs were sent again")
    case .retransmissions: ("A segment was sent again", "segments were sent again")
    case .zeroWindows: ("A receiver's buffer was full", "times a receiver's buffer was full")
    case .outOfOrder: ("A segment was overtaken on its way", "segments were overtaken on their way")
    case .earlySegments:
      ("A segment came before what precedes it", "segments came before what precedes them")
    case .unseenSegments:
      ("An ACK is for data that is not here", "ACKs are for data that is not here")
    case .outsideWindow:
      ("A segment was far outside of the window", "segments were far outside of the window")
    case .webSocketHandshakes:
      ("A WebSocket's handshake broke a rule", "handshakes of WebSockets broke a rule")
    case .webSocketViolations:
      (
        "A packet has a WebSocket frame that breaks a rule",
        "packets have WebSocket frames that break a rule"
      )
    case .webSocketFailures:
      ("A WebSocket was closed for a failure", "close frames of WebSockets told of a failure")
    case .webSocketCutOffs:
      ("A WebSocket ended without a close frame", "WebSockets ended without a close frame")
    case .errorResponses: ("An HTTP answer was an error", "HTTP answers were errors")
    case .unreadable: ("A packet could not be read", "packets could not be read")
    }
  }
}
