import FlowAnalysis
import PacketWire

extension PageStory {
  mutating func icmp(_ icmp: ICMPFacts, _ facts: PacketFacts) -> Passage {
    var sentence = Sentence()
    let (sender, target) = (Words.who(facts.source), Words.who(facts.destination))
    switch icmp.role {
    case .echoRequest(_, let sequenceNumber, let before):
      sentence.add("Echo request (ping) \(sequenceNumber): \(sender) asks \(target) to send ")
      sentence.add(Words.count(icmp.bodyLength, "byte") + " back.")
      if let before { sentence.add(ifRoom: " \(sentence.refer(before)) has no answer yet.") }
    case .echoReply(_, let sequenceNumber, let request, let before):
      if let request {
        sentence.add("Echo reply: \(sender) answers \(sentence.refer(request))")
        sentence.add(Words.after(request, facts.mark))
        sentence.add(before == nil ? "." : ", and not for the first time: ")
        if let before { sentence.add("\(sentence.refer(before)) was its reply too.") }
      } else {
        sentence.add("Echo reply \(sequenceNumber) from \(sender) to \(target); ")
        sentence.add("the request is not in this capture.")
      }
    case .error(let quoted):
      report(icmp, quoted, facts, &sentence)
      summary.warn(.networkErrors, facts.mark.number)
      races.fail(quoted?.flow, .unreachable, facts.mark)
    case .other:
      sentence.add("\(sender) sends \(target) a message: \(icmp.header.purpose).")
    }
    let name =
      switch icmp.header {
      case .v4: "ICMP"
      case .v6: "ICMPv6"
      }
    return Passage(.network, name, .other, sentence)
  }

  /// Says what became of the quoted packet.
  private func report(
    _ icmp: ICMPFacts, _ quoted: QuotedPacketFacts?, _ facts: PacketFacts,
    _ sentence: inout Sentence
  ) {
    sentence.add("\(Words.who(facts.source)) reports")
    guard let quoted else {
      return sentence.add(" \(icmp.header.purpose); which packet it means cannot be read.")
    }
    let target =
      quoted.destination.port.map { "\(quoted.destination.address) port \($0)" }
      ?? "\(quoted.destination.address)"
    sentence.add(" that \(quoted.packet.map { sentence.refer($0) } ?? "a packet")")
    if let flow = quoted.flow { sentence.add(" of \(flow)") }
    sentence.add(" (\(quoted.source.address) to \(target)) \(icmp.header.fate).")
    if quoted.packet == nil, quoted.flow == nil {
      sentence.add(ifRoom: " That packet is not in this capture.")
    }
  }
}

extension ICMPFacts.Header {
  /// What became of a quoted packet: "it" is the packet.
  fileprivate var fate: String {
    switch self {
    case .v4(let header): header.fate
    case .v6(let header): header.fate
    }
  }

  /// What a message that is no error is for.
  fileprivate var purpose: String {
    switch self {
    case .v4(let header): "ICMP type \(header.type.rawValue), code \(header.code)"
    case .v6(let header): header.purpose
    }
  }
}

extension ICMPv4Header {
  fileprivate var fate: String {
    switch (type, code) {
    case (.destinationUnreachable, 0): "cannot go on: no route to that network"
    case (.destinationUnreachable, 1): "cannot go on: the host cannot be reached"
    case (.destinationUnreachable, 2): "came to a host that does not know its protocol"
    case (.destinationUnreachable, 3): "came to a host where no program listens on that port"
    case (.destinationUnreachable, 4):
      nextHopMTU > 0
        ? "is too long for the next link, which takes \(nextHopMTU) bytes"
        : "is too long for the next link"
    case (.destinationUnreachable, 9), (.destinationUnreachable, 10),
      (.destinationUnreachable, 13):
      "was stopped by a filter"
    case (.destinationUnreachable, _): "cannot go on (unreachable, code \(code))"
    case (.redirect, _): "should rather go by \(gateway)"
    case (.timeExceeded, 0): "was dropped there: its time to live ran out on the way"
    case (.timeExceeded, _): "was given up: not all of its pieces came in time"
    case (.parameterProblem, _): "cannot be understood from byte \(pointer) of its header on"
    case (.sourceQuench, _): "came too fast"
    default: "met a problem (ICMP type \(type.rawValue), code \(code))"
    }
  }
}

extension ICMPv6Header {
  fileprivate var fate: String {
    switch (type, code) {
    case (.destinationUnreachable, 0), (.destinationUnreachable, 6):
      "cannot go on: no route to that network"
    case (.destinationUnreachable, 1), (.destinationUnreachable, 5): "was stopped by a filter"
    case (.destinationUnreachable, 3): "cannot go on: the host cannot be reached"
    case (.destinationUnreachable, 4): "came to a host where no program listens on that port"
    case (.destinationUnreachable, _): "cannot go on (unreachable, code \(code))"
    case (.packetTooBig, _): "is too long for the next link, which takes \(nextHopMTU) bytes"
    case (.timeExceeded, 0): "was dropped there: its hop limit ran out on the way"
    case (.timeExceeded, _): "was given up: not all of its pieces came in time"
    case (.parameterProblem, _): "cannot be understood from byte \(pointer) on"
    default: "met a problem (ICMPv6 type \(type.rawValue), code \(code))"
    }
  }

  fileprivate var purpose: String {
    switch type.rawValue {
    case 130: "a router asks which groups are listened to"
    case 131, 143: "which groups it listens to"
    case 132: "a group that it no longer listens to"
    case 137: "a better first hop"
    default: "ICMPv6 type \(type.rawValue), code \(code)"
    }
  }
}
