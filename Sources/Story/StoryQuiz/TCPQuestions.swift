import FlowAnalysis
import PacketWire
import PageStory

/// Questions about a segment.
struct TCPQuestions {
  let tcp: TCPFacts
  let facts: PacketFacts
  let memory: StoryQuiz.Memory

  init(_ tcp: TCPFacts, _ facts: PacketFacts, _ memory: StoryQuiz.Memory) {
    (self.tcp, self.facts, self.memory) = (tcp, facts, memory)
  }

  var number: Int { facts.mark.number }
  var sender: String { tcp.sender == .client ? "the client" : "the server" }
  var receiver: String { tcp.sender == .client ? "the server" : "the client" }

  var drafts: [StoryQuiz.Draft] {
    guard tcp.roles != .unknown else { return trouble }
    return closing + trouble + opening + (StreamQuestions(self)?.drafts ?? []) + established
  }

  // MARK: Opening

  private var opening: [StoryQuiz.Draft] {
    switch tcp.opening {
    case .syn(let offer): return [learnedAddress, ports, segmentSize(offer)].compactMap { $0 }
    case .synAgain(let first, let count): return [lostSYN(first, count)]
    case .synAck(let offer, let request?, _):
      return [acknowledgesSYN(request), segmentSize(offer)].compactMap { $0 }
    case .complete: return [roundTrip, thirdPacket].compactMap { $0 }
    default: return []
    }
  }

  private var learnedAddress: StoryQuiz.Draft? {
    guard let server = facts.destination, let name = server.name else { return nil }
    return StoryQuiz.Draft(
      kind: .learnedAddress,
      text: "#\(number) goes to \(server.address). How did the client come to this address?",
      answer: "#\(name.number) told it: the answer to the look-up of \(Words.safe(name.text, 60)).")
  }

  private var ports: StoryQuiz.Draft? {
    guard let own = facts.source?.port, let target = facts.destination?.port, own != target,
      own >= 1_024
    else { return nil }
    return StoryQuiz.Draft(
      kind: .ports,
      text: "#\(number) goes from port \(own) to port \(target). Who chose these numbers?",
      answer:
        "\(target) is where the service listens; the client had to know it. \(own) the client's "
        + "system picked from those that are free, so that answers find their way to this connection."
    )
  }

  private func segmentSize(_ offer: TCPOffer) -> StoryQuiz.Draft? {
    guard let size = offer.maximumSegmentSize, let source = facts.source else { return nil }
    let header = source.address.family == .v4 ? 20 : 40
    return StoryQuiz.Draft(
      kind: .segmentSize,
      text:
        "#\(number) says that \(sender) takes up to \(size) bytes of data in a segment. How long is "
        + "an IP packet with one, without options?",
      answer:
        "\(Int(size) + 20 + header) bytes: \(size) of data, 20 of TCP header and \(header) of IP "
        + "header. It is what \(sender)'s link carries, most likely (its MTU).")
  }

  private func acknowledgesSYN(_ request: PacketMark) -> StoryQuiz.Draft? {
    guard let start = memory.clientISN, tcp.acknowledgmentNumber == start &+ 1 else { return nil }
    return StoryQuiz.Draft(
      kind: .acknowledgesSYN,
      text:
        "#\(request.number) has the sequence number \(start) and no data; #\(number) confirms it with "
        + "the acknowledgment number \(tcp.acknowledgmentNumber). Why one more?",
      answer:
        "A SYN takes one place in the numbering, as if it were a byte (RFC 9293 3.4), so that it "
        + "can be confirmed, and sent again, like one. The client's first byte is the next: byte 1."
    )
  }

  private var roundTrip: StoryQuiz.Draft? {
    guard let handshake = tcp.handshake, handshake.serverRoundTrip > .zero,
      handshake.clientRoundTrip >= .zero
    else { return nil }
    let near = handshake.clientRoundTrip < handshake.serverRoundTrip
    return StoryQuiz.Draft(
      kind: .roundTrip,
      text:
        "#\(handshake.lastSYN.number), #\(handshake.lastSYNACK.number) and #\(number) opened the "
        + "connection. How long is the round trip to the server, and on whose side was this captured?",
      answer: "\(Words.duration(handshake.serverRoundTrip)), from #\(handshake.lastSYN.number) to "
        + "#\(handshake.synAck.number). To the client it is "
        + "\(Words.duration(handshake.clientRoundTrip)): the capture was nearer to the "
        + "\(near ? "client" : "server").")
  }

  private var thirdPacket: StoryQuiz.Draft? {
    guard let handshake = tcp.handshake else { return nil }
    return StoryQuiz.Draft(
      kind: .thirdPacket,
      text:
        "The server has agreed in #\(handshake.synAck.number). Why does it need #\(number) as well?",
      answer:
        "Without it the server would not know that its own first sequence number arrived, nor "
        + "that who asked can be reached at that address: anybody can send a SYN in another's name."
    )
  }

  private func lostSYN(_ first: PacketMark, _ count: Int) -> StoryQuiz.Draft {
    let time = facts.mark.time - first.time
    return StoryQuiz.Draft(
      kind: .lostSYN,
      text: "#\(number) is the SYN of #\(first.number) once more. Which packet was lost?",
      answer:
        "Nobody can tell from here: \(Words.duration(time)) after the first of now \(count + 1) "
        + "there was no answer, so a SYN or the answer was lost, or nobody is there. Each further wait is "
        + "twice as long (RFC 6298).")
  }

  // MARK: Closing

  private var closing: [StoryQuiz.Draft] {
    guard let closing = tcp.closing else { return [] }
    switch closing.reset {
    case .refusal(let syn): return [refusal(syn)]
    case .abort: return [reset]
    default: break
    }
    if closing.ended != nil, let draft = timeWait { return [draft] }
    if case .first = closing.fin { return [halfClosed] }
    return []
  }

  private func refusal(_ syn: PacketMark) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .refusal,
      text: "#\(number) answers #\(syn.number) with RST. Is the server switched off?",
      answer: "No: something answered. No program listens on port \(facts.source?.port ?? 0) of "
        + "\(facts.source.map { "\($0.address)" } ?? "it"), or a firewall says so in its name. A host "
        + "that is off says nothing.")
  }

  private var reset: StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .reset,
      text: "#\(number) ends the connection with RST and not with FIN. What is the difference?",
      answer:
        "FIN says that all data was sent, and is confirmed like data. RST says that \(sender) knows "
        + "nothing of the connection any more: what is still on its way is lost.")
  }

  private var halfClosed: StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .halfClosed,
      text: "#\(number) has the FIN of \(sender). May \(receiver) still send data?",
      answer:
        "Yes: a FIN closes one direction only. \(Words.capitalised(receiver)) sends a FIN of its own "
        + "when it has no more, and \(sender) confirms until then.")
  }

  private var timeWait: StoryQuiz.Draft? {
    guard let first = memory.firstFIN, let fin = tcp.closing?.acknowledgesFIN,
      tcp.sender == first.side
    else { return nil }
    return StoryQuiz.Draft(
      kind: .timeWait,
      text:
        "With #\(number) the connection is over. Which side has to remember it a while, and why?",
      answer:
        "\(Words.capitalised(sender)), which closed first (#\(first.mark.number)): if #\(number) is "
        + "lost, the FIN of #\(fin.number) comes again and must be confirmed again; and late segments "
        + "must not get into a new connection (TIME-WAIT, RFC 9293 3.6.1).")
  }

  // MARK: Trouble

  private var trouble: [StoryQuiz.Draft] {
    var drafts: [StoryQuiz.Draft] = []
    if case .retransmission(let again) = tcp.data { drafts.append(retransmission(again)) }
    if case .afterGap(let missing) = tcp.data { drafts.append(gap(missing)) }
    if case .duplicate(let position, let count) = tcp.acknowledgment {
      drafts.append(duplicate(position, count))
    }
    if tcp.window.change == .closed { drafts.append(zeroWindow) }
    return drafts
  }

  private func retransmission(_ again: TCPRetransmission) -> StoryQuiz.Draft {
    let what = again.original.map { "#\($0.number) brought before" } ?? "were seen before"
    let why =
      if let ack = again.acknowledgedBy {
        "It came for nothing: #\(ack.number) had confirmed them already."
      } else if again.duplicateAcknowledgments >= 3 {
        "\(again.duplicateAcknowledgments) ACKs with the same number told that later ones arrived "
          + "without these: a fast retransmission (RFC 5681 3.2)."
      } else {
        "No ACK came in time, so the timer of the sender ran out (RFC 6298)."
      }
    return StoryQuiz.Draft(
      kind: .retransmission,
      text: "#\(number) brings bytes that \(what). Why were they sent again?", answer: why)
  }

  private func gap(_ missing: Range<Int64>) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .gap,
      text: "Before #\(number) something is missing. How can this be told?",
      answer:
        "By the sequence number: \(Words.count(Int64(missing.count), "byte")) between the last one "
        + "seen and this one were not seen. They were lost or overtaken before here, or not captured."
    )
  }

  private func duplicate(_ position: Int64, _ count: Int) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .duplicate,
      text: "#\(number) confirms no more than the ACK before it. What does it say all the same?",
      answer:
        "That a segment arrived, but not the next one: \(sender) still waits for byte \(position). "
        + "It is number \(count) of its kind; at the third the missing one is sent again.")
  }

  private var zeroWindow: StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .zeroWindow,
      text: "#\(number) offers a window of 0. Is the network full?",
      answer:
        "No, \(sender) is: its program does not read as fast as data comes, and its buffer has no "
        + "room. \(Words.capitalised(receiver)) must wait, and asks now and then whether that is so still."
    )
  }

  // MARK: On the way

  private var established: [StoryQuiz.Draft] {
    [acknowledgment, windowScale].compactMap { $0 }
  }

  private var acknowledgment: StoryQuiz.Draft? {
    guard tcp.opening == nil, tcp.closing == nil, tcp.positions.isEmpty, tcp.handshake != nil,
      case .advances(let positions, let packets?, 0, nil) = tcp.acknowledgment
    else { return nil }
    let last = positions.upperBound - 1
    return StoryQuiz.Draft(
      kind: .acknowledgment,
      text: "#\(number) carries no data. What is it for?",
      answer: "It confirms #\(packets.last.number), and all before it: \(sender) has "
        + "\(Words.count(last, "byte")) of \(receiver) and waits for byte \(last + 1), which is what its "
        + "acknowledgment number \(tcp.acknowledgmentNumber) stands for.")
  }

  private var windowScale: StoryQuiz.Draft? {
    guard tcp.opening == nil, let handshake = tcp.handshake, handshake.usesWindowScale,
      tcp.window.isExact, tcp.window.octets > 0,
      let shift = (tcp.sender == .client ? handshake.clientOffer : handshake.serverOffer)
        .windowScale,
      shift > 0
    else { return nil }
    let field = tcp.window.octets >> Int(shift)
    let syn = tcp.sender == .client ? handshake.syn : handshake.synAck
    return StoryQuiz.Draft(
      kind: .windowScale,
      text:
        "The window field of #\(number) is \(field). How many bytes may \(receiver) send ahead?",
      answer:
        "\(tcp.window.octets): in #\(syn.number) \(sender) said that its windows are shifted by "
        + "\(shift), so that each counts \(1 << Int(shift)) times as much (RFC 7323 2.2).")
  }
}
