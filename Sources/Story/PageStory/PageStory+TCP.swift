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
    if tcp.stream.map({ $0.missingOctets > 0 }) == true, let stream = tcp.stream {
      let missing = Words.count(stream.missingOctets, "byte")
      passage.sentence.add(ifRoom: " Before it, \(missing) are missing from the capture.")
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
    switch tcp.opening {
    case nil: return established(scene)
    case .complete where !tcp.positions.isEmpty:
      // The third packet carries data at once: both are told.
      var passage = established(scene)
      passage.sentence.prepend(shortHandshake(scene))
      return passage
    case let opening?: return open(opening, scene)
    }
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
    var sentence = Sentence(scene.dataPrefix)
    sentence.add("\(Words.count(Int64(tcp.positions.count), "byte")) from \(scene.sender)")
    sentence.add(" (\(Words.bytes(tcp.positions)))")
    switch tcp.application {
    case .upgraded: sentence.add(" of the protocol that the connection was switched to")
    case .http2: sentence.add(" of HTTP/2")
    case .http: sentence.add(", whose place in an HTTP message cannot be told")
    default: sentence.add(" of a protocol that is not decoded here")
    }
    sentence.add(scene.finSuffix + ".")
    scene.addCauses(&sentence)
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
    if case .beyondCapture = tcp.acknowledgment { summary.warn(.unseenSegments, number) }
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
  var flow: String { facts.flow.map { "\($0)" } ?? "the connection" }

  /// What is told before a segment's data: that it comes late, or again.
  var dataPrefix: String {
    switch tcp.data {
    case .outOfOrder(let gap): "Overtaken by #\(gap.number): "
    case .fillsGap(let gap): "Missing since #\(gap.number), sent again: "
    case .retransmission: "Partly sent before: "
    case .zeroWindowProbe: "Window probe: "
    default: ""
    }
  }

  /// What is told behind it: that the sender closes too.
  var finSuffix: String {
    switch tcp.closing?.fin {
    case .first: "; and FIN: it will send no more"
    case .second: "; and FIN: it closes its direction too"
    case .repeated, nil: ""
    }
  }

  /// The packets that the prefix and the suffix name.
  func addCauses(_ sentence: inout Sentence) {
    switch tcp.data {
    case .outOfOrder(let gap), .fillsGap(let gap): sentence.follow(gap)
    case .retransmission(let again): sentence.follow(again.original)
    default: break
    }
    sentence.follow(tcp.closing?.acknowledgesFIN)
  }
}
