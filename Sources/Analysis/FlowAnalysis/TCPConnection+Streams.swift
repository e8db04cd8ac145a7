import PacketWire

extension TCPConnection {
  /// Hands a segment's data, and what waited for it, to the application in order.
  mutating func readStream(
    _ octets: Span<UInt8>, _ ends: StreamConversation.Ends, _ mark: PacketMark,
    _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) {
    let side = ends.side
    guard conversation.isRead else {
      return own.reassembler.advance(to: facts.positions.upperBound)
    }
    // Most segments without data have nothing to do with the stream.
    guard !facts.positions.isEmpty || own.fin != nil else { return }
    var stream = StreamFacts()
    var isTouched = false
    if carriesStream(facts) {
      giveUpAcknowledged(ends, mark, &shared, &stream)
      isTouched = accept(octets, facts.positions, ends, mark, &shared, &stream)
    }
    if let fin = own.fin, own.reassembler.next == fin.position {
      conversation.close(side, at: mark, byReset: false, &shared, into: &stream)
      own.reassembler.advance(to: fin.position + 1)
    }
    if isTouched || !stream.isEmpty { facts.streamPart = OutOfLine(consume stream) }
  }

  /// Reads what waits, when nothing more can come, and ends the side's stream at its FIN.
  mutating func flush(
    _ ends: StreamConversation.Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ stream: inout StreamFacts
  ) {
    guard let fin = own.fin, conversation.isRead else { return }
    while own.reassembler.isWaiting {
      skipToHeld(ends, mark, &shared, &stream)
    }
    let next = own.reassembler.next
    guard next <= fin.position else { return }
    skip(fin.position - next, ends, mark, &shared, &stream)
    conversation.close(ends.side, at: mark, byReset: false, &shared, into: &stream)
    own.reassembler.advance(to: fin.position + 1)
  }

  /// Its octets are to be read: they are new, or fill a gap.
  private func carriesStream(_ facts: TCPFacts) -> Bool {
    guard !facts.positions.isEmpty else { return false }
    switch facts.data {
    case .inOrder, .afterGap, .outOfOrder, .fillsGap, .zeroWindowProbe: return true
    case .retransmission(let again): return again.hasNewOctets
    case .none, .keepAlive, .outsideWindow: return false
    }
  }

  /// True when something was read.
  private mutating func accept(
    _ octets: Span<UInt8>, _ positions: Range<Int64>, _ ends: StreamConversation.Ends,
    _ mark: PacketMark, _ shared: inout StreamShared, _ stream: inout StreamFacts
  ) -> Bool {
    switch own.reassembler.accept(positions, octets, &shared.memory) {
    case .deliver:
      deliver(octets, positions, ends, mark, &shared, &stream)
      drain(ends, mark, &shared, &stream)
      return true
    case .heldWithoutRoom:
      skipToHeld(ends, mark, &shared, &stream)
      return true
    case .held, .old: return false
    }
  }

  /// Octets that the peer has and the capture has not will not come any more. This is decided when
  /// the next data comes and not by the acknowledgment, which a capture may show too early.
  private mutating func giveUpAcknowledged(
    _ ends: StreamConversation.Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ stream: inout StreamFacts
  ) {
    while let start = own.reassembler.firstHeldPosition,
      start <= own.acknowledged
    {
      skipToHeld(ends, mark, &shared, &stream)
    }
  }

  private mutating func skipToHeld(
    _ ends: StreamConversation.Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ stream: inout StreamFacts
  ) {
    guard let start = own.reassembler.firstHeldPosition else { return }
    let missing = start - own.reassembler.next
    if missing > 0 {
      shared.counts.gaps += 1
      shared.counts.gapOctets += missing
    }
    skip(missing, ends, mark, &shared, &stream)
    own.reassembler.advance(to: start)
    drain(ends, mark, &shared, &stream)
  }

  private mutating func drain(
    _ ends: StreamConversation.Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ stream: inout StreamFacts
  ) {
    while let held = own.reassembler.takeReady(&shared.memory) {
      stream.heldOctets += Int64(held.octets.count)
      deliver(held.octets.span, held.positions, ends, mark, &shared, &stream)
    }
  }

  /// Reads what of a segment is next; the capture may hold less of it than was sent.
  private mutating func deliver(
    _ octets: Span<UInt8>, _ positions: Range<Int64>, _ ends: StreamConversation.Ends,
    _ mark: PacketMark, _ shared: inout StreamShared, _ stream: inout StreamFacts
  ) {
    let next = own.reassembler.next
    let known = max(0, Int(next - positions.lowerBound))
    if known < octets.count {
      let fresh = octets.extracting(known..<octets.count)
      conversation.consume(fresh, ends, at: mark, &shared, into: &stream)
    }
    let capturedEnd = max(next, positions.lowerBound + Int64(octets.count))
    skip(positions.upperBound - capturedEnd, ends, mark, &shared, &stream)
    own.reassembler.advance(to: positions.upperBound)
  }

  private mutating func skip(
    _ missing: Int64, _ ends: StreamConversation.Ends, _ mark: PacketMark,
    _ shared: inout StreamShared, _ stream: inout StreamFacts
  ) {
    guard missing > 0 else { return }
    stream.missingOctets += missing
    conversation.skip(missing, ends.side, at: mark, &shared, into: &stream)
  }
}

extension StreamFacts {
  /// Nothing was read and nothing has ended.
  var isEmpty: Bool {
    events.isEmpty && missingOctets == 0 && part == nil && webSocket == nil
  }
}
