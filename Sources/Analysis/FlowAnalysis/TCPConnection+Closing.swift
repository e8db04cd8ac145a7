import PacketWire

extension TCPConnection {
  /// Reads a RST.
  mutating func reset(
    _ side: TCPSide, _ mark: PacketMark, _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) {
    let kind: TCPClosing.Reset
    if isOver || own.fin != nil {
      kind = .afterEnd
    } else if side == .server, !hasHandshake, own.syn == nil, let syn = peer.syn {
      kind = .refusal(of: syn)
    } else {
      kind = .abort
    }
    facts.noteClosing { $0.reset = kind }
    guard !isOver else { return }
    var stream = StreamFacts()
    for side in [side, side.peer] {
      conversation.close(side, at: mark, byReset: true, &shared, into: &stream)
    }
    if !stream.isEmpty { facts.stream = stream }
    finish(mark, &shared, &facts)
  }

  /// Both FINs are acknowledged: the connection is closed (RFC 9293 §3.6).
  mutating func closeWhenDone(
    _ ends: StreamConversation.Ends, _ mark: PacketMark, _ shared: inout StreamShared,
    _ facts: inout TCPFacts
  ) {
    guard let ownFIN = own.fin, let peerFIN = peer.fin, !isOver,
      own.acknowledged > ownFIN.position, peer.acknowledged > peerFIN.position
    else { return }
    var stream = facts.stream ?? StreamFacts()
    flush(ends, mark, &shared, &stream)
    turn(to: ends.side.peer)
    flush(ends.reversed, mark, &shared, &stream)
    if facts.stream != nil || !stream.isEmpty { facts.stream = stream }
    finish(mark, &shared, &facts)
  }

  private mutating func finish(
    _ mark: PacketMark, _ shared: inout StreamShared, _ facts: inout TCPFacts
  ) {
    isOver = true
    let end = TCPClosing.End(
      lifetime: mark.time - (start?.time ?? mark.time),
      clientOctets: client.streamOctets, serverOctets: server.streamOctets)
    facts.noteClosing { $0.ended = end }
    release(&shared)
  }
}
