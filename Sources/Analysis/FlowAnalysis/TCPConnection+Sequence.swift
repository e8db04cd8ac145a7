import PacketWire

extension TCPConnection {
  /// Finds where a segment's data and FIN belong in its side's sequence space.
  mutating func place(
    _ header: TCPHeader, _ wireLength: Int, _ side: TCPSide, _ mark: PacketMark,
    _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) {
    let isSYN = header.flags.contains(.syn)
    let first = halves[side].position(of: header.sequenceNumber)
    let start = isSYN ? first + 1 : first
    let positions = start..<start + Int64(wireLength)
    facts.positions = positions
    let hasFIN = header.flags.contains(.fin)
    guard !positions.isEmpty || hasFIN else {
      if !isSYN, isKeepAlive(positions, side) { noteProbe(.keepAlive, side, mark, &facts) }
      return
    }
    let end = positions.upperBound + (hasFIN ? 1 : 0)
    guard abs(start - halves[side].highest) <= SequenceSpace.largestWindow else {
      facts.data = .outsideWindow
      return
    }
    if !hasFIN, positions.count == 1, isKeepAlive(positions, side) {
      return noteProbe(.keepAlive, side, mark, &facts)
    }
    let before = halves[side].highest
    if !positions.isEmpty || start > before {
      facts.data = verdict(positions, upTo: end, side, mark)
    }
    if hasFIN { noteFIN(at: positions.upperBound, side, mark, &facts) }
    halves[side].highest = max(before, end)
    remember(start..<end, before, facts.data, side, mark, &shared.segments)
  }

  /// Keeps the positions that no segment before has carried.
  private mutating func remember(
    _ positions: Range<Int64>, _ highest: Int64, _ verdict: TCPDataVerdict, _ side: TCPSide,
    _ mark: PacketMark, _ memory: inout SegmentMemory
  ) {
    switch verdict {
    case .outOfOrder, .fillsGap: halves[side].sent.append(positions, mark, &memory)
    default:
      let start = max(positions.lowerBound, highest)
      guard start < positions.upperBound else { return }
      halves[side].sent.append(start..<positions.upperBound, mark, &memory)
    }
  }

  private mutating func verdict(
    _ positions: Range<Int64>, upTo end: Int64, _ side: TCPSide, _ mark: PacketMark
  ) -> TCPDataVerdict {
    let (start, highest) = (positions.lowerBound, halves[side].highest)
    if start > highest {
      halves[side].holes.open(highest..<start, mark)
      return .afterGap(missing: highest..<start)
    }
    if start == highest || start == halves[side].probePosition {
      halves[side].probePosition = nil
      guard positions.count == 1, halves[side.peer].window == 0 else { return .inOrder }
      (halves[side].probe, halves[side].probePosition) = (mark, start)
      return .zeroWindowProbe
    }
    if let gap = halves[side].holes.fill(positions) {
      return mark.time - gap.time <= reorderingTime ? .outOfOrder(gap: gap) : .fillsGap(gap: gap)
    }
    let isAcknowledged = halves[side].acknowledged >= end
    return .retransmission(
      TCPRetransmission(
        original: halves[side].sent.original(of: start),
        duplicateAcknowledgments: halves[side].duplicates,
        acknowledgedBy: isAcknowledged ? halves[side].acknowledgedBy : nil,
        hasNewOctets: end > highest))
  }

  /// A segment that was sent again is at least a round trip late; what comes within half of one
  /// was overtaken. Without a handshake, 3 ms stand for it.
  private var reorderingTime: Nanoseconds {
    guard let handshake else { return .milliseconds(3) }
    return Nanoseconds(handshake.duration.count / 2)
  }

  /// Nothing, or one octet, just below a place up to which all is acknowledged.
  private func isKeepAlive(_ positions: Range<Int64>, _ side: TCPSide) -> Bool {
    let half = halves[side]
    return positions.lowerBound == half.highest - 1 && half.acknowledged >= half.highest
  }

  private mutating func noteProbe(
    _ verdict: TCPDataVerdict, _ side: TCPSide, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    halves[side].probe = mark
    facts.data = verdict
  }

  private mutating func noteFIN(
    at position: Int64, _ side: TCPSide, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    if let before = halves[side].fin {
      facts.noteClosing { $0.fin = .repeated(before.mark) }
      return
    }
    halves[side].fin = TCPHalf.FIN(position: position, mark: mark)
    let peer = halves[side.peer].fin
    facts.noteClosing { $0.fin = peer.map { .second(after: $0.mark) } ?? .first }
  }
}
