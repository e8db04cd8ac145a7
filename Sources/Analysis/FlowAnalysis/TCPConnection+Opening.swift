import PacketWire

extension TCPConnection {
  /// Reads a SYN, with or without ACK.
  mutating func open(_ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark) -> TCPOpening {
    let offer = TCPOffer(header)
    let hasACK = header.flags.contains(.ack)
    let before = own.syn
    if own.space == nil {
      own.space = SequenceSpace(origin: header.sequenceNumber)
      own.highest = 1
    }
    own.offer = own.offer ?? offer
    own.synCount += 1
    own.lastSYN = mark
    guard hasACK else {
      own.syn = before ?? mark
      if let before { return .synAgain(first: before, count: own.synCount - 1) }
      guard let peer = peer.syn else { return .syn(offer) }
      isSimultaneous = true
      return .simultaneousSYN(offer, peer: peer)
    }
    // In a simultaneous open both sides confirm with a SYN-ACK after their SYN.
    if isSimultaneous, side == .client || own.synCount == 2 {
      return .simultaneousSYNACK(to: peer.syn)
    }
    own.syn = before ?? mark
    if let before { return .synAckAgain(first: before) }
    let isAnswer = isAnswered(header)
    return .synAck(
      offer, to: isAnswer ? peer.lastSYN : nil,
      count: isAnswer ? peer.synCount : 0)
  }

  /// The peer has sent a SYN, and the acknowledgment number is the one behind it, or behind data
  /// that came with it.
  private func isAnswered(_ header: TCPHeader) -> Bool {
    guard let space = peer.space, peer.syn != nil else { return false }
    return header.acknowledgmentNumber == space.origin &+ 1 || peer.offer?.fastOpen == true
  }

  /// The client's first acknowledgment of the SYN-ACK is the third of three packets, with or
  /// without data (RFC 9293 §3.5).
  mutating func completeHandshake(
    _ header: TCPHeader, _ side: TCPSide, _ mark: PacketMark, _ facts: inout TCPFacts
  ) {
    guard !hasHandshake, !isSimultaneous, side == .client, header.flags.contains(.ack),
      !header.flags.contains(.syn), let syn = own.syn, let synAck = peer.syn,
      let lastSYN = own.lastSYN, let lastSYNACK = peer.lastSYN, let clientOffer = own.offer,
      let serverOffer = peer.offer, peer.acknowledged >= 1
    else { return }
    handshake = TCPHandshake(
      syn: syn, synAck: synAck, ack: mark, lastSYN: lastSYN, lastSYNACK: lastSYNACK,
      clientOffer: clientOffer, serverOffer: serverOffer)
    facts.opening = .complete
  }

  /// The window in octets: scaled but in SYNs, when both sides offered a scale (RFC 7323 §2.2).
  mutating func noteWindow(_ header: TCPHeader, _ facts: inout TCPFacts) {
    facts.window = TCPWindow(
      octets: scaledWindow(header),
      isExact: hasHandshake && own.offer?.isCut != true && peer.offer?.isCut != true, change: .none)
    let before = own.window
    own.window = facts.window.octets
    guard let before, !header.flags.contains(.syn) else { return }
    if before > 0, facts.window.octets == 0 { facts.window.change = .closed }
    if before == 0, facts.window.octets > 0 { facts.window.change = .opened }
  }

  func scaledWindow(_ header: TCPHeader) -> Int {
    guard !header.flags.contains(.syn), let scale = own.offer?.windowScale,
      peer.offer?.windowScale != nil
    else { return Int(header.window) }
    return Int(header.window) << Int(scale)
  }
}
