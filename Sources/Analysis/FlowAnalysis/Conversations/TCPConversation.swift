import PacketWire

/// One direction of a connection as the analysis of segments knows it.
struct TCPSender: Sendable {
  /// Behind the highest number sent, once one was seen.
  var next: UInt32?
  /// The last number that the peer can acknowledge without the capture having lost something.
  var acknowledgeable: UInt32?
  /// The highest number sent was seen then.
  var advancedAt = WallInstant(nanoseconds: 0)
  /// The last acknowledgment number, and window, that it sent.
  var acknowledged: UInt32?
  var window: UInt16?
  /// When it sent its last segment.
  var lastAt = WallInstant(nanoseconds: 0)
  /// What was found of that one.
  var lastFindings: TCPSegmentFindings = []
  /// How often it repeated an acknowledgment, or `lossIsTold`, and the packet that said it first.
  var duplicates = 0
  var originalAcknowledgment = 0
  /// The number of its SYN, if it is known.
  var firstNumber: UInt32?
  /// It is the one that opened the connection.
  var hasSentSYN = false
  /// It has said all that it had to say.
  var hasSentFIN = false
  /// It broke the connection off.
  var hasSentReset = false
  /// What its SYN said of scaling.
  var scale = WindowScale.unknown
  /// Nothing of what it sent since its peer's last acknowledgment is missing from the capture.
  var isFlightKnown = true
  var waiting = UnacknowledgedSegments.Queue()

  /// Stands for no duplicate, and that the peer acknowledged more than the capture holds.
  static let lossIsTold = -1

  enum WindowScale: Sendable, Equatable {
    case unknown, absent
    case shift(UInt8)
  }
}

/// A connection as the analysis of segments knows it: tshark's judgement, which needs a few numbers
/// of each direction and no data.
struct TCPConversation: Sendable {
  /// The sender whose address and port are the lower ones, and the other one.
  private var low = TCPSender()
  private var high = TCPSender()
  private(set) var completeness: TCPCompleteness = []
  /// Something of it was seen.
  private var hasBegun = false
  private var syn: WallInstant?
  private(set) var initialRTT: Nanoseconds?

  /// The end with the lower address sent the SYN; nil when no SYN tells.
  var lowIsClient: Bool? {
    if low.hasSentSYN != high.hasSentSYN { return low.hasSentSYN }
    return nil
  }

  /// How it stands.
  var state: ConnectionState {
    let hasHandshake = completeness.isSuperset(of: [.syn, .synAcknowledgment])
    if low.hasSentReset || high.hasSentReset {
      let isRefusal = lowIsClient.map { $0 ? high.hasSentReset : low.hasSentReset } ?? false
      return isRefusal && !hasHandshake && !completeness.contains(.data) ? .refused : .reset
    }
    if low.hasSentFIN && high.hasSentFIN { return .closed }
    if low.hasSentFIN || high.hasSentFIN { return .closing }
    guard completeness.isDisjoint(with: [.acknowledgment, .data]) else { return .open }
    if completeness == .syn { return .unanswered }
    return hasHandshake ? .halfOpen : .open
  }

  /// What one end sent and the other has not acknowledged.
  func waiting(fromLow: Bool) -> UnacknowledgedSegments.Queue {
    fromLow ? low.waiting : high.waiting
  }

  /// The connection ends when a SYN with another number begins another one.
  func isReplaced(by segment: TCPSegment, fromLow: Bool) -> Bool {
    guard segment.flags.intersection([.syn, .ack]) == .syn,
      let first = fromLow ? low.firstNumber : high.firstNumber
    else { return false }
    return first != segment.sequenceNumber
  }

  /// Gives back what it holds of the shared memory.
  mutating func release(_ waiting: inout UnacknowledgedSegments) {
    waiting.removeAll(of: &low.waiting)
    waiting.removeAll(of: &high.waiting)
  }

  /// What is to be said of the next segment.
  mutating func add(
    _ segment: TCPSegment, fromLow: Bool, at mark: PacketMark,
    _ waiting: inout UnacknowledgedSegments
  ) -> TCPSegmentAnalysis {
    var analysis = TCPSegmentAnalysis()
    analysis.completeness = completeness
    defer { hasBegun = true }
    let isFirstOfSender = fromLow ? low.firstNumber == nil : high.firstNumber == nil
    if fromLow {
      Self.analyze(segment, mark, &low, &high, initialRTT, &waiting, &analysis)
    } else {
      Self.analyze(segment, mark, &high, &low, initialRTT, &waiting, &analysis)
    }
    if initialRTT == nil, let syn, mark.time > syn,
      segment.flags.intersection([.syn, .ack]) == .ack
    {
      initialRTT = mark.time - syn
    }
    if segment.flags.intersection([.syn, .ack]) == .syn {
      // A SYN of a sender whose number an acknowledgment has told before begins nothing.
      if isFirstOfSender { completeness.insert(.syn) }
      syn = mark.time
    }
    noteProgress(of: segment)
    if !segment.flags.isDisjoint(with: [.fin, .rst]) { noteEnd(segment.flags, fromLow: fromLow) }
    analysis.initialRTT = initialRTT
    return analysis
  }

  /// What is known of a segment that an error quotes, or of one that cannot be followed.
  mutating func quoted(_ segment: TCPSegment, fromLow: Bool) -> TCPSegmentAnalysis {
    defer { hasBegun = true }
    var analysis = TCPSegmentAnalysis()
    analysis.completeness = completeness
    noteProgress(of: segment)
    analysis.window = Self.scaledWindow(segment, fromLow ? low : high)
    return analysis
  }

  private mutating func noteEnd(_ flags: TCPHeader.Flags, fromLow: Bool) {
    if flags.contains(.fin) {
      if fromLow { low.hasSentFIN = true } else { high.hasSentFIN = true }
    }
    guard flags.contains(.rst) else { return }
    if fromLow { low.hasSentReset = true } else { high.hasSentReset = true }
  }

  /// Keeps what was seen of the connection's life, as tshark does: the first segment counts only if it is
  /// a SYN, which ends nothing, and one with data is none that acknowledges.
  private mutating func noteProgress(of segment: TCPSegment) {
    let flags = segment.flags
    guard hasBegun else {
      let isSYN = flags.intersection([.syn, .ack]) == .syn
      if isSYN, segment.length > 0 { completeness.insert(.data) }
      return
    }
    if flags.isSuperset(of: [.syn, .ack]) { completeness.insert(.synAcknowledgment) }
    if segment.length > 0 {
      completeness.insert(.data)
    } else if flags.intersection([.syn, .ack]) == .ack {
      completeness.insert(.acknowledgment)
    }
    if flags.contains(.fin) { completeness.insert(.fin) }
    if flags.contains(.rst) { completeness.insert(.reset) }
  }
}
