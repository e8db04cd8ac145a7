import PacketWire

extension TCPConversation {
  /// Says what `segment` is, which `own` sent to `peer`, and remembers it.
  static func analyze(
    _ segment: TCPSegment, _ mark: PacketMark, _ own: inout TCPSender, _ peer: inout TCPSender,
    _ initialRTT: Nanoseconds?, _ waiting: inout UnacknowledgedSegments,
    _ analysis: inout TCPSegmentAnalysis
  ) {
    noteNumbers(segment, &own, &peer)
    analysis.window = scaledWindow(segment, own)
    var findings = reuse(segment, own)
    if isWindowProbe(segment, own, peer) {
      findings.insert(.zeroWindowProbe)
    } else {
      findings.formUnion(place(segment, &own, peer))
      findings.formUnion(acknowledgment(segment, mark, &own, &peer, &analysis))
    }
    if segment.acknowledgmentNumber != own.acknowledged ?? 0 {
      (own.duplicates, own.originalAcknowledgment) = (0, mark.number)
    }
    if let limit = peer.acknowledgeable, segment.flags.contains(.ack),
      segment.acknowledgmentNumber.isBehind(limit)
    {
      analysis.acknowledgesMissing = true
      if noteLoss(limit, &peer) { findings.insert(.acknowledgesLostSegment) }
    }
    if segment.isNumbered, !findings.contains(.keepAlive) {
      findings.formUnion(repetition(segment, mark, own, peer, initialRTT))
    }
    advance(segment, mark, findings, &own, &waiting)
    // tshark reads the number also where the flag is missing, as in some RSTs.
    if let acknowledged = waiting.acknowledge(segment.acknowledgmentNumber, in: &peer.waiting) {
      analysis.acknowledges = (acknowledged.packet, mark.time - acknowledged.time)
    }
    if segment.length > 0, own.isFlightKnown {
      analysis.octetsInFlight = waiting.extent(of: own.waiting, from: own.firstNumber ?? 0)
    }
    analysis.findings = findings
  }

  /// A SYN-ACK with another number belongs to another connection than the one that is known.
  private static func reuse(_ segment: TCPSegment, _ own: TCPSender) -> TCPSegmentFindings {
    guard segment.flags.isSuperset(of: [.syn, .ack]), let first = own.firstNumber,
      first != segment.sequenceNumber
    else { return [] }
    return .portsReused
  }

  /// Takes the first numbers, and what SYNs say of scaling.
  private static func noteNumbers(
    _ segment: TCPSegment, _ own: inout TCPSender, _ peer: inout TCPSender
  ) {
    let isSYN = segment.flags.contains(.syn)
    if own.firstNumber == nil {
      own.firstNumber = isSYN ? segment.sequenceNumber : segment.sequenceNumber &- 1
    }
    if segment.flags.contains(.ack) {
      // A SYN's acknowledgment number need not be zero, so that only an ACK tells.
      if peer.firstNumber == nil { peer.firstNumber = segment.acknowledgmentNumber &- 1 }
      peer.isFlightKnown = true
    }
    guard isSYN else { return }
    if !segment.flags.contains(.ack) { own.hasSentSYN = true }
    own.scale =
      segment.windowScale.map { .shift($0) } ?? (segment.lacksOptions ? .unknown : .absent)
    // RFC 7323 §2.2: both SYNs have the option, or neither side scales.
    guard segment.flags.contains(.ack) else { return }
    if own.scale == .absent { peer.scale = .absent }
    if peer.scale == .absent { own.scale = .absent }
  }

  static func scaledWindow(_ segment: TCPSegment, _ own: TCPSender) -> Int {
    guard case .shift(let shift) = own.scale, !segment.flags.contains(.syn) else {
      return Int(segment.window)
    }
    return Int(segment.window) << Int(shift)
  }

  /// One octet, the next one, into a closed window.
  private static func isWindowProbe(
    _ segment: TCPSegment, _ own: TCPSender, _ peer: TCPSender
  ) -> Bool {
    segment.length == 1 && segment.sequenceNumber == own.next ?? 0 && peer.window == 0
  }

  /// What its place in the sequence, and the windows, say.
  private static func place(
    _ segment: TCPSegment, _ own: inout TCPSender, _ peer: TCPSender
  ) -> TCPSegmentFindings {
    var findings = TCPSegmentFindings()
    let isPlain = segment.flags.isDisjoint(with: [.syn, .fin, .rst])
    if segment.window == 0, isPlain { findings.insert(.zeroWindow) }
    if let next = own.next {
      if segment.sequenceNumber.isBehind(next), !segment.flags.contains(.rst) {
        findings.insert(.lostSegment)
        // What is in flight is unknown until the peer says what it has.
        own.isFlightKnown = false
        if segment.length == 0, isPlain { own.duplicates = 0 }
      }
      if segment.length <= 1, segment.sequenceNumber == next &- 1, isPlain {
        findings.insert(.keepAlive)
      }
    }
    if segment.length > 0, isPlain, let edge = windowEdge(of: peer),
      segment.sequenceNumber &+ UInt32(truncatingIfNeeded: segment.length) == edge
    {
      findings.insert(.windowFull)
    }
    return findings
  }

  /// The number behind the last octet for which `receiver` has room, where its scale is known.
  private static func windowEdge(of receiver: TCPSender) -> UInt32? {
    guard let window = receiver.window, let acknowledged = receiver.acknowledged else { return nil }
    switch receiver.scale {
    case .unknown: return nil
    case .absent: return acknowledged &+ UInt32(window)
    case .shift(let shift): return acknowledged &+ UInt32(window) << UInt32(shift)
    }
  }

  /// What a segment says that carries nothing and stands where the last one of its sender ended.
  private static func acknowledgment(
    _ segment: TCPSegment, _ mark: PacketMark, _ own: inout TCPSender, _ peer: inout TCPSender,
    _ analysis: inout TCPSegmentAnalysis
  ) -> TCPSegmentFindings {
    guard segment.length == 0, segment.flags.isDisjoint(with: [.syn, .fin, .rst]),
      segment.sequenceNumber == own.next ?? 0
    else { return [] }
    let isRepeated = segment.acknowledgmentNumber == own.acknowledged ?? 0
    let isSameWindow = segment.window == own.window
    if segment.window == 0 {
      guard isSameWindow, peer.lastFindings.contains(.zeroWindowProbe) else { return [] }
      guard isRepeated else { return [] }
      return .zeroWindowProbeAcknowledgment
    }
    guard isRepeated else { return [] }
    guard isSameWindow else { return .windowUpdate }
    if peer.lastFindings.contains(.keepAlive) { return .keepAliveAcknowledgment }
    own.duplicates = max(own.duplicates, 0) &+ 1
    analysis.duplicate = (own.duplicates, own.originalAcknowledgment)
    return .duplicateAcknowledgment
  }

  /// Remembers that octets behind `limit` were acknowledged and not captured; whether that is to be told.
  ///
  /// Of a sender that has only data it is told once, until the sender acknowledges something itself.
  private static func noteLoss(_ limit: UInt32, _ sender: inout TCPSender) -> Bool {
    if let next = sender.next, next.isBehind(limit) {
      sender.acknowledgeable = next
      return true
    }
    defer { sender.duplicates = TCPSender.lossIsTold }
    return sender.duplicates == 0
  }

  /// How a segment belongs to later ones that were seen before it.
  private static func repetition(
    _ segment: TCPSegment, _ mark: PacketMark, _ own: TCPSender, _ peer: TCPSender,
    _ initialRTT: Nanoseconds?
  ) -> TCPSegmentFindings {
    let dataEnd = segment.sequenceNumber &+ UInt32(truncatingIfNeeded: segment.length)
    if segment.length > 0, let acknowledged = peer.acknowledged, acknowledged != 0,
      !dataEnd.isBehind(acknowledged)
    {
      return .spuriousRetransmission
    }
    guard let next = own.next, next.isBehind(segment.sequenceNumber) else { return [] }
    // Data behind a window probe, whose octet it sends again.
    if segment.length > 1, next &- 1 == segment.sequenceNumber { return [] }
    // To tshark a peer that acknowledged what was not captured has repeated itself often enough.
    let isAskedFor = peer.duplicates >= 2 || peer.duplicates == TCPSender.lossIsTold
    if isAskedFor, peer.acknowledged == segment.sequenceNumber,
      mark.time - peer.lastAt < fastRetransmissionTime
    {
      return .fastRetransmission
    }
    let elapsed = mark.time - own.advancedAt
    if elapsed >= .zero, elapsed < initialRTT ?? overtakingTime, next != segment.end {
      return .outOfOrder
    }
    return .retransmission
  }

  /// So soon behind a duplicate acknowledgment a segment is the answer to it.
  private static let fastRetransmissionTime = Nanoseconds.milliseconds(20)
  /// What comes later than that was sent again, unless the handshake took longer.
  private static let overtakingTime = Nanoseconds.milliseconds(3)

  private static func advance(
    _ segment: TCPSegment, _ mark: PacketMark, _ findings: TCPSegmentFindings,
    _ own: inout TCPSender, _ waiting: inout UnacknowledgedSegments
  ) {
    let end = segment.end
    if segment.isNumbered {
      let sent = UnacknowledgedSegments.Segment(
        start: segment.sequenceNumber, end: end, packet: mark.number, time: mark.time)
      waiting.append(sent, to: &own.waiting)
    }
    if !findings.contains(.zeroWindowProbe) {
      if own.next.map({ end.isBehind($0) }) ?? true {
        (own.next, own.advancedAt) = (end, mark.time)
      }
      if own.acknowledgeable.map({ $0 == segment.sequenceNumber }) ?? true {
        own.acknowledgeable = own.next
      }
    }
    own.window = segment.window
    own.acknowledged = segment.acknowledgmentNumber
    own.lastAt = mark.time
    own.lastFindings = findings
  }
}

extension TCPSegment {
  /// It takes sequence numbers.
  var isNumbered: Bool { length > 0 || !flags.isDisjoint(with: [.syn, .fin]) }

  /// Behind its last sequence number: SYN and FIN have one too (RFC 9293 §3.4).
  public var end: UInt32 {
    let end = sequenceNumber &+ UInt32(truncatingIfNeeded: length)
    return flags.isDisjoint(with: [.syn, .fin]) ? end : end &+ 1
  }
}
