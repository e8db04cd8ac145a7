import PacketWire

extension TCPConnection {
  /// Reads the acknowledgment number that `side` sends about its peer's stream.
  mutating func acknowledge(
    _ header: TCPHeader, _ wireLength: Int, _ side: TCPSide, _ mark: PacketMark,
    _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) -> TCPAcknowledgment {
    let peer = side.peer
    // The RST that refuses a SYN acknowledges it, but says nothing of a stream.
    if header.flags.contains(.rst), halves[peer].space == nil { return .none }
    let isFirst = halves[peer].space == nil
    let position = halves[peer].position(of: header.acknowledgmentNumber)
    if isFirst { return .baseline }
    let before = halves[peer].acknowledged
    guard abs(position - before) <= SequenceSpace.largestWindow else { return .none }
    if position > before {
      return advance(peer, from: before, to: position, mark, &shared, &facts)
    }
    let isPure =
      wireLength == 0 && header.flags.isDisjoint(with: [.syn, .fin, .rst])
      && header.sequenceNumber == nextNumber(of: side)
    guard isPure else { return .none }
    if position < before { return .outdated }
    return repeated(header, side, position)
  }

  private mutating func advance(
    _ peer: TCPSide, from before: Int64, to position: Int64, _ mark: PacketMark,
    _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) -> TCPAcknowledgment {
    halves[peer].acknowledged = position
    halves[peer].acknowledgedBy = mark
    halves[peer].duplicates = 0
    halves[peer].probe = nil
    halves[peer].holes.close(upTo: position)
    if let fin = halves[peer].fin, before <= fin.position, position > fin.position {
      facts.noteClosing { $0.acknowledgesFIN = fin.mark }
    }
    let packets = halves[peer].sent.acknowledge(upTo: position, &shared.segments)
    let seen = halves[peer].highest
    if position > seen { return .beyondCapture(over: max(before, seen)..<position) }
    return .advances(over: before..<position, packets: packets, outstanding: seen - position)
  }

  /// The same number once more, without data.
  private mutating func repeated(
    _ header: TCPHeader, _ side: TCPSide, _ position: Int64
  ) -> TCPAcknowledgment {
    let peer = side.peer
    if let probe = halves[peer].probe {
      halves[peer].probe = nil
      return .answersProbe(probe)
    }
    let window = scaledWindow(header, side)
    if let before = halves[side].window, before != window { return .windowUpdate(before: before) }
    guard halves[peer].highest > position else { return .none }
    halves[peer].duplicates += 1
    return .duplicate(position: position, count: halves[peer].duplicates)
  }

  /// The sequence number with which a side goes on; what lies below is sent again, or a keep-alive.
  private func nextNumber(of side: TCPSide) -> UInt32? {
    guard let space = halves[side].space else { return nil }
    return space.origin &+ UInt32(truncatingIfNeeded: halves[side].highest)
  }
}

extension TCPFacts {
  /// Changes the closing facts, which begin empty.
  mutating func noteClosing(_ change: (inout TCPClosing) -> Void) {
    var closing = closing ?? TCPClosing()
    change(&closing)
    self.closing = closing
  }
}
