import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells a segment without data, or with data of which only the order matters.
  func acknowledgment(_ scene: TCPScene) -> Passage {
    let tcp = scene.tcp
    var sentence = Sentence("ACK: ")
    if let fin = tcp.closing?.acknowledgesFIN {
      sentence.add(
        "\(scene.sender) confirms the FIN of \(scene.receiver) (\(sentence.refer(fin))) ")
      sentence.add("and all before it.")
      ending(scene, &sentence)
      return Passage(.transport, "TCP", .teardown, sentence)
    }
    switch tcp.acknowledgment {
    case .advances(let positions, let packets, let outstanding, let unseen):
      confirm(positions, packets, outstanding, scene, &sentence)
      if let unseen {
        sentence.add(ifRoom: " This capture does not hold \(Words.bytes(unseen)) of them.")
      }
    case .duplicate(let position, let count):
      sentence = duplicate(position, count, scene)
    case .windowUpdate(let before):
      sentence.add("\(scene.sender) confirms nothing new, but ")
      sentence.add(windowChange(scene, before: before) + ".")
    case .answersProbe(let probe):
      sentence.add("\(scene.sender) answers the probe \(sentence.refer(probe))")
      sentence.add(Words.after(probe, scene.mark) + ": it is still there.")
    case .outdated:
      sentence.add("\(scene.sender) confirms less than before: this one was overtaken on the way.")
    case .baseline:
      sentence.add(
        "\(scene.sender) confirms what \(scene.receiver) sent before this capture began.")
    case .none:
      sentence.add("\(scene.sender) confirms once more what it has confirmed before.")
    }
    addWindow(scene, &sentence)
    return transport(scene, sentence)
  }

  private func confirm(
    _ positions: Range<Int64>, _ packets: TCPPacketSpan?, _ outstanding: Int64,
    _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    if let packets {
      sentence.add("\(scene.sender) confirms \(packets.text(&sentence))")
      sentence.add(Words.after(packets.last, scene.mark) + ": it")
    } else {
      sentence.add(scene.sender)
    }
    let last = positions.upperBound - 1
    let isWhole = outstanding == 0
    guard scene.tcp.handshake != nil else {
      // Without the SYN, positions count from the first one seen.
      return sentence.add(
        isWhole
          ? " has all that \(scene.receiver) was seen to send."
          : " has \(Words.count(last, "byte")) of those that \(scene.receiver) was seen to send.")
    }
    sentence.add(
      isWhole
        ? " has all \(Words.count(last, "byte")) that \(scene.receiver) has sent so far."
        : " has the first \(Words.count(last, "byte")) of \(scene.receiver).")
  }

  private func duplicate(_ position: Int64, _ count: Int, _ scene: TCPScene) -> Sentence {
    var sentence = Sentence("Duplicate ACK \(count): \(scene.sender) still waits for byte ")
    sentence.add("\(position) while later ones arrive.")
    // RFC 5681 §3.2.
    if count == 3 {
      sentence.add(" The third one: \(scene.receiver) will send it again without waiting.")
    }
    return sentence
  }

  private func windowChange(_ scene: TCPScene, before: Int) -> String {
    let window = scene.tcp.window
    let word = window.octets > before ? "can now take" : "now takes only"
    return window.isExact
      ? "\(word) \(Words.count(window.octets, "more byte")) (before: \(before))"
      : "offers another window (\(window.octets) after \(before), before scaling)"
  }

  private func addWindow(_ scene: TCPScene, _ sentence: inout Sentence) {
    switch scene.tcp.window.change {
    case .none: break
    case .closed:
      sentence.add(" Its buffer is full (window 0): \(scene.receiver) must wait.")
    case .opened:
      sentence.add(ifRoom: " There is room again: \(scene.receiver) may go on.")
    }
  }

  /// Tells data that was sent before.
  func retransmission(_ again: TCPRetransmission, _ scene: TCPScene) -> Sentence {
    var sentence = Sentence("Sent again: \(Words.bytes(scene.tcp.positions)) of \(scene.sender)")
    if let original = again.original {
      sentence.add(", as in \(sentence.refer(original))")
      let time = scene.mark.time - original.time
      if time.count >= 0 { sentence.add(" \(Words.duration(time)) before") }
    }
    if let ack = again.acknowledgedBy {
      sentence.add(", though \(sentence.refer(ack)) had confirmed them.")
    } else if again.duplicateAcknowledgments >= 3 {
      sentence.add(", as \(again.duplicateAcknowledgments) duplicate ACKs asked for.")
    } else {
      sentence.add(", for no ACK had come.")
    }
    return sentence
  }

  /// Tells a segment whose place in the sequence is the news.
  func unusual(_ scene: TCPScene) -> Sentence {
    let tcp = scene.tcp
    switch tcp.data {
    case .keepAlive:
      return Sentence(
        "Keep-alive: \(scene.sender) sends nothing new, to hear whether \(scene.receiver) is there."
      )
    case .afterGap(let missing): return early(missing, scene)
    default:
      var sentence = Sentence("A segment from \(scene.sender) that is far outside of what ")
      sentence.add("\(scene.receiver) can take: of another connection, or forged.")
      return sentence
    }
  }

  /// Tells a segment that comes before what precedes it.
  private func early(_ missing: Range<Int64>, _ scene: TCPScene) -> Sentence {
    var sentence: Sentence
    if !scene.tcp.positions.isEmpty {
      let bytes = Words.bytes(scene.tcp.positions).capitalisedFirst
      sentence = Sentence("\(bytes) of \(scene.sender), ahead of their turn")
    } else if scene.tcp.closing?.fin != nil {
      sentence = Sentence("FIN of \(scene.sender), ahead of its turn")
    } else {
      sentence = Sentence("ACK of \(scene.sender), which has sent more than was seen")
    }
    sentence.add(": \(Words.bytes(missing)) are not seen yet, lost or overtaken on the way here, ")
    sentence.add("or not captured.")
    return sentence
  }
}

extension TCPPacketSpan {
  /// "#10", "#10 and #12" or "#10 to #14 (3 segments)".
  fileprivate func text(_ sentence: inout Sentence) -> String {
    let start = sentence.refer(first)
    if count == 1 { return start }
    let end = sentence.refer(last)
    return count == 2 ? "\(start) and \(end)" : "\(start) to \(end) (\(count) segments)"
  }
}

extension String {
  /// The first letter as in the beginning of a sentence.
  var capitalisedFirst: String { Words.capitalised(self) }
}
