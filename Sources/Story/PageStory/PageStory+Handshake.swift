import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells a segment that opens a connection.
  mutating func open(_ opening: TCPOpening, _ scene: TCPScene) -> Passage {
    var sentence = Sentence()
    switch opening {
    case .syn(let offer): syn(offer, scene, &sentence)
    case .synAgain(let first, let count):
      sentence.add("SYN again: \(scene.sender) has had no answer to \(sentence.refer(first))")
      sentence.add(" for \(Words.duration(scene.mark.time - first.time)) and asks once more ")
      sentence.add("(attempt \(count + 1)).")
    case .simultaneousSYN(_, let peer):
      sentence.add("SYN from \(Words.who(scene.facts.source)) too: both sides ask at the same ")
      sentence.add("time (\(sentence.refer(peer))), a simultaneous open.")
    case .synAck(let offer, let request, let count):
      synAck(offer, request, count, scene, &sentence)
    case .simultaneousSYNACK(let peer):
      sentence.add("SYN-ACK: \(Words.who(scene.facts.source)) confirms ")
      sentence.add(peer.map { sentence.refer($0) } ?? "a SYN")
      sentence.add(" and repeats its own SYN; with one from each side the connection is open.")
    case .synAckAgain(let first):
      sentence.add("SYN-ACK again: \(scene.sender) has had no answer to \(sentence.refer(first))")
      sentence.add(" for \(Words.duration(scene.mark.time - first.time)).")
    case .complete: complete(scene, &sentence)
    }
    var passage = Passage(.transport, "TCP", .handshake, sentence)
    passage.label = Self.label(scene.facts.destination)
    return passage
  }

  /// A server by its name or its address, and the port.
  private static func label(_ server: Endpoint?) -> String {
    guard let server else { return "" }
    let name = server.name.map { Words.safe($0.text, 40) } ?? "\(server.address)"
    return "\(name) port \(server.port ?? 0)"
  }

  private mutating func syn(_ offer: TCPOffer, _ scene: TCPScene, _ sentence: inout Sentence) {
    let server = scene.facts.destination
    sentence.add("SYN, step 1 of 3: \(Words.who(scene.facts.source)) asks \(Words.who(server)) ")
    sentence.add("to open a connection to port \(server?.port ?? 0)")
    if let name = server?.name {
      sentence.add(", at the address learned in \(sentence.refer(name.number))")
    }
    sentence.add(".")
    if !scene.tcp.positions.isEmpty {
      let count = Words.count(Int64(scene.tcp.positions.count), "byte")
      sentence.add(" It sends \(count) of data along (fast open).")
    }
    raced(scene, &sentence)
    describe(offer, &sentence)
  }

  private mutating func synAck(
    _ offer: TCPOffer, _ request: PacketMark?, _ count: Int, _ scene: TCPScene,
    _ sentence: inout Sentence
  ) {
    sentence.add("SYN-ACK, step 2 of 3: \(Words.who(scene.facts.source)) agrees")
    if let request {
      sentence.add(" to \(sentence.refer(request))")
      let time = scene.mark.time - request.time
      if time.count >= 0 {
        sentence.add(" after \(Words.duration(time))")
        // It may answer an earlier one.
        sentence.add(count == 1 ? ", the round trip seen from here" : ", or to a SYN before it")
      }
      sentence.add(".")
    } else {
      sentence.add("; what it agrees to is not in this capture.")
    }
    lost(scene, &sentence)
    if races.winner(over: scene.facts.flow) != nil {
      races.fail(scene.facts.flow, .late, scene.mark)
    }
    describe(offer, &sentence)
  }

  /// What a side says of itself in its SYN.
  private func describe(_ offer: TCPOffer, _ sentence: inout Sentence) {
    let size = offer.maximumSegmentSize.map { "; it takes up to \($0) bytes a segment" } ?? ""
    sentence.add(ifRoom: " Its sequence numbers start at \(offer.initialSequenceNumber)\(size).")
  }

  private mutating func complete(_ scene: TCPScene, _ sentence: inout Sentence) {
    guard let handshake = scene.tcp.handshake else { return }
    sentence.add("ACK, step 3 of 3: \(scene.sender) confirms \(sentence.refer(handshake.synAck)). ")
    sentence.add("The connection \(scene.flow) is open: \(sentence.refer(handshake.syn)), ")
    sentence.add("#\(handshake.synAck.number) and #\(handshake.ack.number) were its handshake")
    if handshake.duration.count >= 0 {
      sentence.add(", \(Words.duration(handshake.duration)) long")
    }
    sentence.add(".")
    decided(scene, &sentence)
    let agreed = handshake.agreements
    let known = handshake.isCut ? ", as far as their options were captured" : ""
    if !agreed.isEmpty { sentence.add(ifRoom: " Agreed\(known): \(Words.list(agreed, limit: 4)).") }
    summary.note(handshake, scene.facts)
  }

  /// The first step in few words, when the packet has more to say.
  mutating func fastOpen(_ scene: TCPScene) -> Sentence {
    var sentence = Sentence("SYN, step 1 of 3, to port \(scene.facts.destination?.port ?? 0) of ")
    sentence.add("\(Words.who(scene.facts.destination)), with data at once (fast open).")
    raced(scene, &sentence)
    sentence.add(" ")
    return sentence
  }

  /// The third step in few words, when the packet has more to say.
  mutating func shortHandshake(_ scene: TCPScene) -> Sentence {
    var sentence = Sentence()
    guard let handshake = scene.tcp.handshake else { return sentence }
    sentence.add("ACK, step 3 of 3 (handshake \(sentence.refer(handshake.syn)), ")
    sentence.add("\(sentence.refer(handshake.synAck)), #\(handshake.ack.number)), ")
    sentence.add("with data at once.")
    decided(scene, isBrief: true, &sentence)
    sentence.add(" ")
    summary.note(handshake, scene.facts)
    return sentence
  }
}

extension TCPHandshake {
  /// What both sides can, in short.
  fileprivate var agreements: [String] {
    var agreed: [String] = []
    if usesWindowScale { agreed.append("scaled windows") }
    if usesSACK { agreed.append("selective ACKs") }
    if usesTimestamps { agreed.append("timestamps") }
    if usesCongestionNotification { agreed.append("ECN") }
    return agreed
  }
}
