public import FlowAnalysis
public import PacketWire

/// What is wrong in a capture, or worth a look, the worst first.
public struct ExpertReport: Sendable {
  /// How bad something is.
  public enum Severity: Int, Hashable, Sendable, Comparable {
    /// Happens wherever networks are used.
    case note
    /// Costs time, or will.
    case warning
    /// Something did not work.
    case error

    /// Less bad than another one.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// One kind of thing, and how often it was seen.
  public struct Finding: Sendable {
    /// What it is, in a few words.
    public var kind: ExpertKind
    /// How often it was seen.
    public var count = 0
    /// The first packets that show it.
    public var packets: [Int] = []
    private static let packetsKept = 8

    fileprivate mutating func add(_ packet: Int?, _ count: Int) {
      self.count += count
      if let packet, packets.count < Self.packetsKept { packets.append(packet) }
    }
  }

  private var findings: [ExpertKind: Finding] = [:]

  /// Nothing was seen.
  public init() {}

  mutating func note(_ kind: ExpertKind, packet: Int?, count: Int = 1) {
    findings[kind, default: Finding(kind: kind)].add(packet, count)
  }

  /// All of them, the worst first, and of as bad ones the more frequent first.
  public var all: [Finding] {
    findings.values.sorted {
      let (left, right) = ($0.kind.severity, $1.kind.severity)
      if left != right { return left > right }
      return $0.count != $1.count ? $0.count > $1.count : $0.kind.text < $1.kind.text
    }
  }

  mutating func add(_ findings: TCPSegmentFindings, packet: Int) {
    for finding in TCPSegmentFindings.named where findings.contains(finding) {
      note(.segment(finding), packet: packet)
    }
  }

  mutating func addCut(_ facts: PacketFacts) { note(.cutByCapture, packet: facts.mark.number) }

  mutating func add(_ facts: PacketFacts) {
    let packet = facts.mark.number
    switch facts.content {
    case .unreadable(let problem): note(.unreadable(problem.layer), packet: packet)
    case .dns(let dns): add(dns, packet)
    case .icmp(let icmp):
      if case .error = icmp.role { note(.icmpError(icmp.kindOfError), packet: packet) }
    case .tcp(let tcp):
      if case .refusal = tcp.closing?.reset { note(.refused, packet: packet) }
      if case .abort = tcp.closing?.reset { note(.reset, packet: packet) }
      for event in tcp.stream?.events ?? [] { add(event, packet) }
      for message in tcp.stream?.dns ?? [] { add(message, packet) }
      if let web = tcp.stream?.webSocket { add(web, packet) }
    default: break
    }
  }

  private mutating func add(_ dns: DNSFacts, _ packet: Int) {
    if case .query(.some) = dns.role { note(.dnsRepeated, packet: packet) }
    switch dns.outcome {
    case .noName?: note(.dnsNoName, packet: packet)
    case .failed(let code)?: note(.dnsFailed(code), packet: packet)
    case .truncated?: note(.dnsTruncated, packet: packet)
    default: break
    }
  }

  private mutating func add(_ event: HTTPEvent, _ packet: Int) {
    switch event {
    case .request(let request):
      for problem in request.webSocket?.problems ?? [] {
        note(.webSocketHandshake(problem), packet: packet)
      }
    case .response(let response):
      if response.status >= 400 { note(.httpStatus(response.status), packet: packet) }
      for problem in response.webSocket?.problems ?? [] {
        note(.webSocketHandshake(problem), packet: packet)
      }
    case .responseEnd(let end):
      if case .cutShort = end.cause { note(.httpCutShort, packet: packet) }
    default: break
    }
  }

  private mutating func add(_ web: WebSocketFacts, _ packet: Int) {
    for frame in web.frames {
      for violation in frame.violations { note(.webSocketFrame(violation), packet: packet) }
      if case .close(let closing) = frame.content, let code = closing.code, code.isFailure {
        note(.webSocketClose(code), packet: packet)
      }
    }
    if web.cutOff != nil { note(.webSocketCutOff, packet: packet) }
  }

  /// Adds what is only known at the end: connections that nobody answered, packets that lack pieces.
  mutating func finish(
    _ conversations: Conversations, incomplete: (first: [PacketMark], count: Int)
  ) {
    for (index, first) in incomplete.first.enumerated() {
      let forgotten = index == 0 ? incomplete.count - incomplete.first.count : 0
      note(.incomplete, packet: first.number, count: 1 + forgotten)
    }
    var (unanswered, halfOpen) = (0, 0)
    conversations.forEach { conversation in
      switch conversation.connection?.state {
      case .unanswered?: unanswered += 1
      case .halfOpen?: halfOpen += 1
      default: break
      }
    }
    if unanswered > 0 { note(.unanswered, packet: nil, count: unanswered) }
    if halfOpen > 0 { note(.halfOpen, packet: nil, count: halfOpen) }
  }
}

/// A kind of thing that is worth a look.
public enum ExpertKind: Hashable, Sendable {
  case unreadable(Layer), cutByCapture, incomplete
  case segment(TCPSegmentFindings), unanswered, refused, reset, halfOpen
  case dnsRepeated, dnsNoName, dnsFailed(UInt8), dnsTruncated
  case httpStatus(UInt16), httpCutShort
  case webSocketHandshake(WebSocketHandshakeProblem), webSocketFrame(WebSocketViolation)
  case webSocketClose(WebSocketCloseCode), webSocketCutOff
  case icmpError(ICMPErrorKind)

  /// How bad it is.
  public var severity: ExpertReport.Severity {
    switch self {
    case .unreadable, .unanswered, .refused, .dnsFailed, .httpCutShort: .error
    case .webSocketHandshake, .webSocketFrame: .error
    case .httpStatus(let status): status >= 500 ? .error : .warning
    case .icmpError, .reset, .halfOpen, .dnsRepeated, .incomplete: .warning
    case .webSocketClose, .webSocketCutOff: .warning
    case .segment(let finding): Self.severity(of: finding)
    case .dnsNoName, .dnsTruncated, .cutByCapture: .note
    }
  }

  private static func severity(of finding: TCPSegmentFindings) -> ExpertReport.Severity {
    let costly: TCPSegmentFindings = [
      .retransmission, .fastRetransmission, .lostSegment, .acknowledgesLostSegment, .outOfOrder,
      .zeroWindow, .windowFull,
    ]
    return costly.isDisjoint(with: finding) ? .note : .warning
  }

  /// Which protocol it is of.
  public var protocolWord: String {
    switch self {
    case .unreadable(let layer): layer.name
    case .cutByCapture: "frame"
    case .incomplete: "IP"
    case .segment, .unanswered, .refused, .reset, .halfOpen: "TCP"
    case .dnsRepeated, .dnsNoName, .dnsFailed, .dnsTruncated: "DNS"
    case .httpStatus, .httpCutShort: "HTTP"
    case .webSocketHandshake, .webSocketFrame, .webSocketClose, .webSocketCutOff: "WebSocket"
    case .icmpError: "ICMP"
    }
  }

  /// What it is, in a few words.
  public var text: String {
    switch self {
    case .unreadable: "a packet that is not as it has to be"
    case .cutByCapture: "a frame of which the capture holds only the beginning"
    case .incomplete: "a packet of which not all pieces came"
    case .segment(let finding): finding.name
    case .unanswered: "a SYN that nobody answered"
    case .refused: "a connection that was refused"
    case .reset: "a connection that was broken off"
    case .halfOpen: "a connection that stayed half open"
    case .dnsRepeated: "a question that was asked again before an answer came"
    case .dnsNoName: "there is no such name (NXDOMAIN)"
    case .dnsFailed(let code): "an answer with response code \(code)"
    case .dnsTruncated: "an answer that was cut, to be asked for over TCP"
    case .httpStatus(let status): "status \(status)"
    case .httpCutShort: "a body that ended too early"
    case .webSocketHandshake(let problem): problem.words
    case .webSocketFrame(let violation): violation.words
    case .webSocketClose(let code):
      "closed with \(code.rawValue)" + (code.name.map { ", \($0)" } ?? "")
    case .webSocketCutOff: "an end without a close frame (1006)"
    case .icmpError(let kind): kind.rawValue
    }
  }
}

/// The errors of ICMP, whichever version.
public enum ICMPErrorKind: String, Hashable, Sendable {
  case unreachable = "destination unreachable"
  case tooBig = "packet too big"
  case timeExceeded = "time exceeded"
  case parameter = "parameter problem"
  case other = "another error"
}

extension ICMPFacts {
  fileprivate var kindOfError: ICMPErrorKind {
    switch header {
    case .v4(let header):
      switch (header.type, header.code) {
      // RFC 1191 §4: fragmentation needed and DF set.
      case (.destinationUnreachable, 4): .tooBig
      case (.destinationUnreachable, _): .unreachable
      case (.timeExceeded, _): .timeExceeded
      case (.parameterProblem, _): .parameter
      default: .other
      }
    case .v6(let header):
      switch header.type {
      case .destinationUnreachable: .unreachable
      case .packetTooBig: .tooBig
      case .timeExceeded: .timeExceeded
      case .parameterProblem: .parameter
      default: .other
      }
    }
  }
}
