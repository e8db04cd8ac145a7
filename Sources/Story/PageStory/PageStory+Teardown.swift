import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells a FIN without data, or with data of an unknown protocol told before it.
  func fin(_ scene: TCPScene) -> Passage {
    let tcp = scene.tcp
    var sentence = Sentence("FIN: \(scene.sender)")
    switch tcp.closing?.fin {
    case .first:
      sentence.add(" has sent all it had and closes its direction first; ")
      sentence.add("\(scene.receiver) may still send.")
    case .second(let peer):
      let isConfirmed = tcp.closing?.acknowledgesFIN != nil
      sentence.add(isConfirmed ? " confirms \(sentence.refer(peer)) and" : "")
      sentence.add(" closes its direction too")
      let time = scene.mark.time - peer.time
      if time.count >= 0 {
        sentence.add(", \(Words.duration(time)) ")
        sentence.add(isConfirmed ? "later" : "after \(sentence.refer(peer))")
      }
      sentence.add(".")
    case .repeated(let before):
      sentence.add(
        " closes its direction once more: no ACK for \(sentence.refer(before)) had come.")
      if let fin = tcp.closing?.acknowledgesFIN {
        sentence.add(" It confirms \(sentence.refer(fin)) too.")
      }
    case nil: break
    }
    if let cutOff = tcp.stream?.webSocket?.cutOff { cutOff.tell(scene, &sentence) }
    if let closes = scene.facts.flow.flatMap({ flows[$0]?.closes }), !closes.isEmpty {
      let numbers = closes.map { sentence.refer($0) }
      sentence.add(ifRoom: " The WebSocket was closed in \(Words.list(numbers)).")
    }
    if scene.tcp.sender == .client { lost(scene, &sentence) }
    ending(scene, &sentence)
    return Passage(.transport, "TCP", .teardown, sentence)
  }

  /// What a connection was, when this segment ends it, or which half of it is left.
  func ending(_ scene: TCPScene, _ sentence: inout Sentence) {
    guard let end = scene.tcp.closing?.ended else {
      guard scene.tcp.closing?.acknowledgesFIN != nil, scene.tcp.closing?.fin == nil else { return }
      if let waiting = scene.tcp.closing?.waitingFIN {
        return sentence.add(" Its own FIN (\(sentence.refer(waiting))) is still to be confirmed.")
      }
      sentence.add(" \(scene.sender.capitalisedFirst) has not closed its own direction yet.")
      return
    }
    sentence.add(" With it \(scene.flow) is closed")
    if end.lifetime.count >= 0 { sentence.add(" after \(Words.duration(end.lifetime))") }
    sentence.add(": \(Words.count(end.clientOctets, "byte")) to the server, ")
    sentence.add("\(end.serverOctets) back.")
  }

  mutating func reset(_ reset: TCPClosing.Reset, _ scene: TCPScene) -> Passage {
    var sentence = Sentence("RST: ")
    switch reset {
    case .refusal(let syn):
      let port = scene.facts.source?.port ?? 0
      sentence.add("\(Words.who(scene.facts.source)) refuses \(sentence.refer(syn))")
      sentence.add(Words.after(syn, scene.mark))
      sentence.add(": no program listens on port \(port), or a firewall says so.")
      races.fail(scene.facts.flow, .refused, scene.mark)
      return Passage(.transport, "TCP", .handshake, sentence)
    case .abort:
      sentence.add("\(scene.sender) breaks \(scene.flow) off; what was still on the way is lost.")
    case .afterEnd:
      sentence.add("\(scene.sender) wants nothing more of \(scene.flow), which is over for it.")
    }
    if scene.tcp.sender == .client { lost(scene, &sentence) }
    if let cutOff = scene.tcp.stream?.webSocket?.cutOff { cutOff.tell(scene, &sentence) }
    for event in scene.tcp.stream?.events ?? [] {
      switch event {
      case .requestEnd(let end): summary.end(request: end, scene.mark)
      case .responseEnd(let end):
        summary.end(response: end, scene.mark)
        sentence.add(end.shortfall(&sentence))
      case .request, .response: break
      }
    }
    return Passage(.transport, "TCP", .teardown, sentence)
  }
}

extension HTTPMessageEnd {
  /// That a message ended too early, as a further sentence; empty when it did not.
  func shortfall(_ sentence: inout Sentence) -> String {
    guard case .cutShort(let expected) = cause else { return "" }
    let whose = request.map { "The answer to \(sentence.refer($0.first))" } ?? "An answer"
    let rest = expected.map { " of \($0)" } ?? ""
    return " \(whose) is cut short: \(Words.count(bodyOctets, "byte"))\(rest) came."
  }
}
