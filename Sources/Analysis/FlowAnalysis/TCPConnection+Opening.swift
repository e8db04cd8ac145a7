import PacketWire

extension TCPConnection {
  /// Reads a SYN, with or without ACK.
  mutating func open(_ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark) -> TCPOpening {
    let offer = TCPOffer(header)
    let isAnswer = header.flags.contains(.ack)
    let before = halves[side].syn
    if halves[side].space == nil {
      halves[side].space = SequenceSpace(origin: header.sequenceNumber)
      halves[side].highest = 1
    }
    halves[side].offer = halves[side].offer ?? offer
    halves[side].synCount += 1
    guard isAnswer else {
      halves[side].syn = before ?? mark
      if let before { return .synAgain(first: before, count: halves[side].synCount - 1) }
      guard let peer = halves[side.peer].syn else { return .syn(offer) }
      isSimultaneous = true
      return .simultaneousSYN(offer, peer: peer)
    }
    // In a simultaneous open both sides confirm with a SYN-ACK after their SYN.
    if isSimultaneous, side == .client || halves[side].synCount == 2 {
      return .synAck(offer, to: halves[side.peer].syn)
    }
    halves[side].syn = before ?? mark
    if let before { return .synAckAgain(first: before) }
    return .synAck(offer, to: answeredSYN(header, side))
  }

  /// The peer's SYN, when the acknowledgment number is the one behind it.
  private func answeredSYN(_ header: TCPHeader, _ side: TCPSide) -> PacketMark? {
    guard let space = halves[side.peer].space, halves[side.peer].syn != nil,
      header.acknowledgmentNumber == space.origin &+ 1 || halves[side.peer].offer?.fastOpen == true
    else { return nil }
    return halves[side.peer].syn
  }

  /// The client's first acknowledgment of the SYN-ACK is the third of three packets, with or
  /// without data (RFC 9293 §3.5).
  mutating func completeHandshake(
    _ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    guard handshake == nil, !isSimultaneous, side == .client, header.flags.contains(.ack),
      !header.flags.contains(.syn), let syn = halves[.client].syn,
      let synAck = halves[.server].syn, let clientOffer = halves[.client].offer,
      let serverOffer = halves[.server].offer, halves[.server].acknowledged >= 1
    else { return }
    handshake = TCPHandshake(
      syn: syn, synAck: synAck, ack: mark, clientOffer: clientOffer, serverOffer: serverOffer)
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
