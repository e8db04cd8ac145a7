import FlowAnalysis
import PacketWire

extension PageStory {
  mutating func tcp(_ tcp: TCPFacts, _ facts: PacketFacts) -> Passage {
    let scene = TCPScene(tcp, facts)
    noteTrouble(tcp, facts)
    var passage = tcpPassage(scene)
    if tcp.beginsMidStream, let flow = facts.flow {
      passage.sentence.add(" (The capture begins in the middle of \(flow).)")
    }
    if let stream = tcp.stream, stream.missingOctets > 0, !scene.isCutOff {
      let missing = Words.count(stream.missingOctets, "byte")
      passage.sentence.add(ifRoom: " (Of what was to be read, \(missing) are not in this capture.)")
    }
    noteOffload(scene, &passage.sentence)
    let phase = passage.phase
    remember(facts) { $0.phase = phase }
    if passage.layer == .transport, case .none = tcp.data, tcp.opening == nil,
      tcp.closing?.fin == nil
    {
      passage.movesPhase = false
    }
    return passage
  }

  /// The first of what a segment says that is new, from the most telling down.
  private mutating func tcpPassage(_ scene: TCPScene) -> Passage {
    let tcp = scene.tcp
    if let reset = tcp.closing?.reset { return self.reset(reset, scene) }
    guard let opening = tcp.opening else { return established(scene) }
    // A packet that carries data at once tells of both.
    if case .complete = opening, !tcp.positions.isEmpty {
      var passage = established(scene)
      passage.sentence.prepend(shortHandshake(scene))
      return passage
    }
    if case .syn = opening, var passage = application(scene) {
      passage.sentence.prepend(fastOpen(scene))
      return passage
    }
    return open(opening, scene)
  }

  private mutating func established(_ scene: TCPScene) -> Passage {
    let tcp = scene.tcp
    switch tcp.data {
    case .retransmission(let again) where !again.hasNewOctets:
      return transport(scene, retransmission(again, scene))
    case .keepAlive, .outsideWindow, .afterGap: return transport(scene, unusual(scene))
    default: break
    }
    if let passage = application(scene) { return passage }
    if tcp.closing?.fin != nil { return fin(scene) }
    if !tcp.positions.isEmpty { return unknownData(scene) }
    return acknowledgment(scene)
  }

  /// A passage of layer 4 that leaves the flow in its phase.
  func transport(_ scene: TCPScene, _ sentence: Sentence) -> Passage {
    Passage(.transport, "TCP", phase(of: scene.facts), sentence)
  }

  func phase(of facts: PacketFacts) -> StoryPhase {
    let phase = facts.flow.flatMap { flows[$0]?.phase } ?? .other
    return phase == .other ? .transfer : phase
  }

  /// Data that no segment of the connection can hold was cut or joined beside the wire; it is told
  /// once for each flow.
  private mutating func noteOffload(_ scene: TCPScene, _ sentence: inout Sentence) {
    guard let handshake = scene.tcp.handshake,
      let most = (scene.tcp.sender == .client ? handshake.serverOffer : handshake.clientOffer)
        .maximumSegmentSize, scene.tcp.positions.count > Int(most)
    else { return }
    summary.joinedFrames += 1
    guard let flow = scene.facts.flow, flows[flow]?.hasToldOffload != true else { return }
    remember(scene.facts) { $0.hasToldOffload = true }
    sentence.add(ifRoom: " (More than a segment holds: the card or the kernel joined several.)")
  }

  private mutating func unknownData(_ scene: TCPScene) -> Passage {
    let tcp = scene.tcp
    var sentence = Sentence(
      "\(Words.count(Int64(tcp.positions.count), "byte")) from \(scene.sender)")
    sentence.add(" (\(Words.bytes(tcp.positions)))")
    switch tcp.application {
    case .webSocket: sentence.add(" of a WebSocket")
    case .upgraded: sentence.add(" of the protocol that the connection was switched to")
    case .http2: sentence.add(" of HTTP/2")
    case .http: sentence.add(", whose place in an HTTP message cannot be told")
    case _ where scene.isCutOff: sentence.add(", which the capture cut off")
    default: sentence.add(" of a protocol that is not decoded here")
    }
    sentence.add(".")
    scene.addRemarks(&sentence)
    let isClosing = tcp.closing?.fin != nil
    return Passage(.transport, "TCP", isClosing ? .teardown : .transfer, sentence)
  }

  /// Counts what a reader should be warned of.
  private mutating func noteTrouble(_ tcp: TCPFacts, _ facts: PacketFacts) {
    let number = facts.mark.number
    switch tcp.data {
    case .retransmission: summary.warn(.retransmissions, number)
    case .outOfOrder: summary.warn(.outOfOrder, number)
    case .afterGap: summary.warn(.earlySegments, number)
    case .fillsGap: summary.warn(.retransmissions, number)
    case .outsideWindow: summary.warn(.outsideWindow, number)
    case .none, .inOrder, .keepAlive, .zeroWindowProbe: break
    }
    if case .advances(_, _, _, _?) = tcp.acknowledgment { summary.warn(.unseenSegments, number) }
    if tcp.stream?.webSocket?.cutOff != nil { summary.cutOff(facts) }
    if tcp.window.change == .closed { summary.warn(.zeroWindows, number) }
    switch tcp.opening {
    case .synAgain, .synAckAgain: summary.warn(.repeatedHandshakes, number)
    default: break
    }
    switch tcp.closing?.reset {
    case .refusal: summary.warn(.refusals, number)
    case .abort: summary.warn(.resets, number)
    case .afterEnd, nil: break
    }
  }
}

/// One segment with the names of those who play in it.
struct TCPScene {
  let tcp: TCPFacts
  let facts: PacketFacts
  /// "the client", "the server", or an address when it is not known who is who.
  let sender: String
  let receiver: String

  init(_ tcp: TCPFacts, _ facts: PacketFacts) {
    (self.tcp, self.facts) = (tcp, facts)
    guard tcp.roles == .unknown else {
      sender = tcp.sender == .client ? "the client" : "the server"
      receiver = tcp.sender == .client ? "the server" : "the client"
      return
    }
    sender = Self.place(facts.source)
    receiver = Self.place(facts.destination)
  }

  private static func place(_ end: Endpoint?) -> String {
    guard let end else { return "someone" }
    return "\(end.address) port \(end.port ?? 0)"
  }

  var mark: PacketMark { facts.mark }
  /// The capture cut all that it carries.
  var isCutOff: Bool { !tcp.positions.isEmpty && facts.cutOctets >= tcp.positions.count }
  var flow: String { facts.flow.map { "\($0)" } ?? "the connection" }

  /// What is told behind a segment's data: that it came late, or again, and that it is the last.
  func addRemarks(_ sentence: inout Sentence) {
    switch tcp.data {
    case .outOfOrder(let gap): sentence.add(" It was overtaken by \(sentence.refer(gap)).")
    case .fillsGap(let gap):
      sentence.add(" It fills the gap before \(sentence.refer(gap)), most likely sent again.")
    case .retransmission(let again):
      let place = again.original.map { " in \(sentence.refer($0))" } ?? ""
      sentence.add(" Some of it was sent before\(place).")
    case .zeroWindowProbe: sentence.add(" It tries whether the closed window has opened.")
    case .none, .inOrder, .afterGap, .keepAlive, .outsideWindow: break
    }
    switch tcp.closing?.fin {
    case .first: sentence.add(" And FIN: \(sender) will send no more.")
    case .second: sentence.add(" And FIN: \(sender) closes its direction too.")
    case .repeated, nil: break
    }
    if let cutOff = tcp.stream?.webSocket?.cutOff { cutOff.tell(self, &sentence) }
    sentence.follow(tcp.closing?.acknowledgesFIN)
  }
}
