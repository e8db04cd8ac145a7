import PacketWire

extension TCPConnection {
  /// Reads the acknowledgment number that a side sends about its peer's stream.
  mutating func acknowledge(
    _ header: TCPHeader, _ wireLength: Int, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout TCPFacts
  ) -> TCPAcknowledgment {
    // The RST that refuses a SYN acknowledges it, but says nothing of a stream.
    if header.flags.contains(.rst), peer.space == nil { return .none }
    let isFirst = peer.space == nil
    let position = peer.position(of: header.acknowledgmentNumber)
    if isFirst { return .baseline }
    let before = peer.acknowledged
    guard abs(position - before) <= SequenceSpace.largestWindow else { return .none }
    if position > before {
      return advance(from: before, to: position, mark, &shared, &facts)
    }
    let isPure =
      wireLength == 0 && header.flags.isDisjoint(with: [.syn, .fin, .rst])
      && header.sequenceNumber == nextNumber
    guard isPure else { return .none }
    if position < before { return .outdated }
    return repeated(header, position)
  }

  private mutating func advance(
    from before: Int64, to position: Int64, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout TCPFacts
  ) -> TCPAcknowledgment {
    peer.acknowledged = position
    peer.acknowledgedBy = mark
    peer.duplicates = 0
    peer.probe = nil
    let hole = peer.holes.close(upTo: position)
    if let fin = peer.fin, before <= fin.position, position > fin.position {
      let waiting = own.fin.flatMap { own.acknowledged > $0.position ? nil : $0.mark }
      facts.noteClosing { ($0.acknowledgesFIN, $0.waitingFIN) = (fin.mark, waiting) }
    }
    let packets = peer.sent.acknowledge(upTo: position, &shared.segments)
    let seen = peer.highest
    let beyond = position > seen ? max(before, seen)..<position : nil
    return .advances(
      over: before..<position, packets: packets, outstanding: max(0, seen - position),
      unseen: hole ?? beyond)
  }

  /// The same number once more, without data.
  private mutating func repeated(_ header: TCPHeader, _ position: Int64) -> TCPAcknowledgment {
    if let probe = peer.probe {
      peer.probe = nil
      return .answersProbe(probe)
    }
    let window = scaledWindow(header)
    if let before = own.window, before != window { return .windowUpdate(before: before) }
    guard peer.highest > position else { return .none }
    peer.duplicates += 1
    return .duplicate(position: position, count: peer.duplicates)
  }

  /// The sequence number with which a side goes on; what lies below is sent again, or a keep-alive.
  private var nextNumber: UInt32? {
    guard let space = own.space else { return nil }
    return space.origin &+ UInt32(truncatingIfNeeded: own.highest)
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
