import PacketWire

extension TCPConnection {
  /// Finds where a segment's data and FIN belong in its sender's sequence space.
  mutating func place(
    _ header: TCPHeader, _ wireLength: Int, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout TCPFacts
  ) {
    let isSYN = header.flags.contains(.syn)
    let first = own.position(of: header.sequenceNumber)
    let start = isSYN ? first + 1 : first
    let positions = start..<start + Int64(wireLength)
    facts.positions = positions
    let hasFIN = header.flags.contains(.fin)
    guard !positions.isEmpty || hasFIN else {
      if !isSYN { placeEmpty(start, mark, &facts) }
      return
    }
    let end = positions.upperBound + (hasFIN ? 1 : 0)
    guard abs(start - own.highest) <= SequenceSpace.largestWindow else {
      facts.data = .outsideWindow
      return
    }
    if !hasFIN, positions.count == 1, isKeepAlive(positions) {
      return noteProbe(.keepAlive, mark, &facts)
    }
    let before = own.highest
    if !positions.isEmpty || start > before {
      facts.data = verdict(positions, upTo: end, mark)
    }
    if hasFIN { noteFIN(at: positions.upperBound, mark, &facts) }
    own.highest = max(before, end)
    remember(start..<end, before, facts.data, mark, &shared.segments)
  }

  /// A segment without data is a keep-alive when it stands too low, and shows a gap when too high.
  private mutating func placeEmpty(
    _ start: Int64, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    let highest = max(own.highest, own.acknowledged)
    if isKeepAlive(start..<start) { return noteProbe(.keepAlive, mark, &facts) }
    guard start > highest else { return }
    guard start - highest <= SequenceSpace.largestWindow else {
      facts.data = .outsideWindow
      return
    }
    own.holes.open(highest..<start, mark)
    own.highest = start
    facts.data = .afterGap(missing: highest..<start)
  }

  /// Keeps the positions that no segment before has carried.
  private mutating func remember(
    _ positions: Range<Int64>, _ highest: Int64, _ verdict: TCPDataVerdict, _ mark: PacketMark,
    _ memory: inout SegmentMemory
  ) {
    switch verdict {
    case .outOfOrder, .fillsGap: own.sent.append(positions, mark, &memory)
    default:
      let start = max(positions.lowerBound, highest)
      guard start < positions.upperBound else { return }
      own.sent.append(start..<positions.upperBound, mark, &memory)
    }
  }

  private mutating func verdict(
    _ positions: Range<Int64>, upTo end: Int64, _ mark: PacketMark
  ) -> TCPDataVerdict {
    let (start, highest) = (positions.lowerBound, own.highest)
    // What the peer has acknowledged is missing from the capture only, as its ACK has told.
    let known = max(highest, own.acknowledged)
    if start > known {
      own.holes.open(known..<start, mark)
      return .afterGap(missing: known..<start)
    }
    if start >= highest || start == own.probePosition {
      own.probePosition = nil
      guard positions.count == 1, peer.window == 0 else { return .inOrder }
      (own.probe, own.probePosition) = (mark, start)
      return .zeroWindowProbe
    }
    if let gap = own.holes.fill(positions) {
      return mark.time - gap.time <= reorderingTime ? .outOfOrder(gap: gap) : .fillsGap(gap: gap)
    }
    let isAcknowledged = own.acknowledged >= end
    return .retransmission(
      TCPRetransmission(
        original: own.sent.original(of: start),
        duplicateAcknowledgments: own.duplicates,
        acknowledgedBy: isAcknowledged ? own.acknowledgedBy : nil,
        hasNewOctets: end > highest))
  }

  /// A segment that was sent again is at least a round trip late; what comes within half of one
  /// was overtaken. Without a handshake, 3 ms stand for it.
  private var reorderingTime: Nanoseconds {
    guard let handshake else { return .milliseconds(3) }
    return Nanoseconds(handshake.duration.count / 2)
  }

  /// Nothing, or one octet, just below a place up to which all is acknowledged.
  private func isKeepAlive(_ positions: Range<Int64>) -> Bool {
    let highest = own.highest
    return positions.lowerBound == highest - 1 && own.acknowledged >= highest
  }

  private mutating func noteProbe(
    _ verdict: TCPDataVerdict, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    own.probe = mark
    facts.data = verdict
  }

  private mutating func noteFIN(
    at position: Int64, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    if let before = own.fin {
      facts.noteClosing { $0.fin = .repeated(before.mark) }
      return
    }
    own.fin = TCPHalf.FIN(position: position, mark: mark)
    let other = peer.fin
    facts.noteClosing { $0.fin = other.map { .second(after: $0.mark) } ?? .first }
  }
}
