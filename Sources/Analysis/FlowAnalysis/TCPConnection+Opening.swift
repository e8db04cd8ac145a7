import PacketWire

extension TCPConnection {
  /// Reads a SYN, with or without ACK.
  mutating func open(_ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark) -> TCPOpening {
    let offer = TCPOffer(header)
    let hasACK = header.flags.contains(.ack)
    let before = halves[side].syn
    if halves[side].space == nil {
      halves[side].space = SequenceSpace(origin: header.sequenceNumber)
      halves[side].highest = 1
    }
    halves[side].offer = halves[side].offer ?? offer
    halves[side].synCount += 1
    halves[side].lastSYN = mark
    guard hasACK else {
      halves[side].syn = before ?? mark
      if let before { return .synAgain(first: before, count: halves[side].synCount - 1) }
      guard let peer = halves[side.peer].syn else { return .syn(offer) }
      isSimultaneous = true
      return .simultaneousSYN(offer, peer: peer)
    }
    // In a simultaneous open both sides confirm with a SYN-ACK after their SYN.
    if isSimultaneous, side == .client || halves[side].synCount == 2 {
      return .simultaneousSYNACK(to: halves[side.peer].syn)
    }
    halves[side].syn = before ?? mark
    if let before { return .synAckAgain(first: before) }
    let isAnswer = isAnswered(header, side)
    return .synAck(
      offer, to: isAnswer ? halves[side.peer].lastSYN : nil,
      count: isAnswer ? halves[side.peer].synCount : 0)
  }

  /// The peer has sent a SYN, and the acknowledgment number is the one behind it, or behind data
  /// that came with it.
  private func isAnswered(_ header: TCPHeader, _ side: TCPSide) -> Bool {
    let peer = halves[side.peer]
    guard let space = peer.space, peer.syn != nil else { return false }
    return header.acknowledgmentNumber == space.origin &+ 1 || peer.offer?.fastOpen == true
  }

  /// The client's first acknowledgment of the SYN-ACK is the third of three packets, with or
  /// without data (RFC 9293 §3.5).
  mutating func completeHandshake(
    _ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    guard handshake == nil, !isSimultaneous, side == .client, header.flags.contains(.ack),
      !header.flags.contains(.syn), let syn = halves[.client].syn,
      let synAck = halves[.server].syn, let lastSYN = halves[.client].lastSYN,
      let lastSYNACK = halves[.server].lastSYN, let clientOffer = halves[.client].offer,
      let serverOffer = halves[.server].offer, halves[.server].acknowledged >= 1
    else { return }
    handshake = TCPHandshake(
      syn: syn, synAck: synAck, ack: mark, lastSYN: lastSYN, lastSYNACK: lastSYNACK,
      clientOffer: clientOffer, serverOffer: serverOffer)
    facts.opening = .complete
  }

  /// The window in octets: scaled but in SYNs, when both sides offered a scale (RFC 7323 §2.2).
  mutating func noteWindow(_ header: TCPHeader, _ side: TCPSide, _ facts: inout TCPFacts) {
    facts.window = TCPWindow(
      octets: scaledWindow(header, side), isExact: handshake != nil, change: .none)
    let before = halves[side].window
    halves[side].window = facts.window.octets
    guard let before, !header.flags.contains(.syn) else { return }
    if before > 0, facts.window.octets == 0 { facts.window.change = .closed }
    if before == 0, facts.window.octets > 0 { facts.window.change = .opened }
  }

  func scaledWindow(_ header: TCPHeader, _ side: TCPSide) -> Int {
    guard !header.flags.contains(.syn), let scale = halves[side].offer?.windowScale,
      halves[side.peer].offer?.windowScale != nil
    else { return Int(header.window) }
    return Int(header.window) << Int(scale)
  }
}
