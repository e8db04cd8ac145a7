import PacketText
import PacketWire
import ProbeEngine

/// What answers that are no echo replies say, as parts of a line of ping.
enum QuestionText {
  /// Which probe it answers: what stands behind `bytes from HOST (ADDRESS):`. Node information has its
  /// answer here, in the words of iputils.
  static func appendNumber(of reply: QuestionReply, _ number: UInt16, _ text: inout TextBuffer) {
    if case .node(let answer) = reply.content {
      append(answer, &text)
      text.append("; seq=")
      text.append(decimal: number)
      text.append(";")
      return
    }
    text.append(" icmp_seq=")
    text.append(decimal: number)
  }

  /// What it says, behind the time; nothing for node information, and for information, which says
  /// nothing.
  static func appendContent(
    of reply: QuestionReply, to question: ProbeQuestion, offset: ClockOffset?,
    _ text: inout TextBuffer
  ) {
    switch reply.content {
    case .timestamps(let stamps):
      text.append(", its clock says ")
      append(stamps.receive, &text)
      if stamps.transmit != stamps.receive {
        text.append(" to ")
        append(stamps.transmit, &text)
      }
      guard let offset else { return }
      text.append(", ")
      append(offset, &text)
    case .addressMask(let mask):
      text.append(", mask ")
      text.append(mask.mask)
      if let length = mask.prefixLength {
        text.append(" (/")
        text.append(decimal: length)
        text.append(")")
      } else {
        text.append(" (no network has such a mask)")
      }
    case .interface(let code, let state):
      text.append(", ")
      append(code: code, state, to: question, &text)
    case .node, .information: return
    }
  }

  /// `ahead of ours by 3.1 ms, give or take 0.6 ms`.
  static func append(_ offset: ClockOffset, _ text: inout TextBuffer) {
    let estimate = offset.estimate
    text.append(estimate < .zero ? "behind ours by " : "ahead of ours by ")
    text.append(Nanoseconds(abs(estimate.count)), in: .milliseconds, decimals: 1)
    text.append(" ms, give or take ")
    text.append(offset.uncertainty, in: .milliseconds, decimals: 1)
    text.append(" ms")
  }

  /// `12:34:56.789 UT`, or the number that stands there instead.
  private static func append(_ stamp: ICMPTimestamp, _ text: inout TextBuffer) {
    guard let milliseconds = stamp.milliseconds else {
      text.append("0x")
      text.append(hex: stamp.rawValue)
      return text.append(" (no time of day)")
    }
    let seconds = milliseconds / 1_000
    for (index, number) in [seconds / 3_600, seconds / 60 % 60, seconds % 60].enumerated() {
      if index > 0 { text.append(":") }
      if number < 10 { text.append("0") }
      text.append(decimal: number)
    }
    text.append(".")
    let rest = milliseconds % 1_000
    if rest < 100 { text.append("0") }
    if rest < 10 { text.append("0") }
    text.append(decimal: rest)
    text.append(" UT")
  }
}

// MARK: - Interfaces

extension QuestionText {
  private static func append(
    code: UInt8, _ state: ICMPInterfaceState, to question: ProbeQuestion, _ text: inout TextBuffer
  ) {
    guard ICMPInterfaceState.Code(rawValue: code) == .noError else {
      text.append(name(ofCode: code))
      return
    }
    if case .interface(let asked) = question, asked.isNeighbor {
      text.append("the neighbour is ")
      return text.append(name(of: state.neighbor))
    }
    guard state.isActive else { return text.append("the interface is not active") }
    text.append("the interface is active")
    switch (state.runsIPv4, state.runsIPv6) {
    case (true, true): text.append(" and runs IPv4 and IPv6")
    case (true, false): text.append(" and runs IPv4")
    case (false, true): text.append(" and runs IPv6")
    case (false, false): text.append(" and runs neither IPv4 nor IPv6")
    }
  }

  /// The code of an extended echo reply in the words of RFC 8335 §3.
  static func name(ofCode code: UInt8) -> String {
    switch ICMPInterfaceState.Code(rawValue: code) {
    case .noError: "no error"
    case .malformedQuery: "malformed query"
    case .noSuchInterface: "no such interface"
    case .noSuchTableEntry: "no such table entry"
    case .multipleInterfaces: "multiple interfaces satisfy query"
    case nil: "unknown code \(code)"
    }
  }

  /// The state of a table entry in the words of RFC 8335 §3.
  static func name(of neighbor: ICMPInterfaceState.Neighbor?) -> String {
    switch neighbor {
    case .reserved: "in no state"
    case .incomplete: "incomplete"
    case .reachable: "reachable"
    case .stale: "stale"
    case .delay: "in delay"
    case .probe: "being probed"
    case .failed: "failed"
    case nil: "in an unknown state"
    }
  }
}

// MARK: - Node information

extension QuestionText {
  private static func append(_ answer: NodeAnswer, _ text: inout TextBuffer) {
    switch answer {
    case .nothing: return
    case .names(let names, _):
      for (index, name) in names.enumerated() {
        text.append(index > 0 ? ", " : " ")
        text.append(self.text(of: name))
      }
    case .addresses(let entries, let isTruncated):
      for (index, entry) in entries.enumerated() {
        text.append(index > 0 ? ", " : " ")
        text.append(entry.address)
      }
      if isTruncated { text.append(" (truncated)") }
    case .refused: text.append(" refused")
    case .unknownType: text.append(" unknown")
    case .unknown(0, let type):
      text.append(" unknown qtype(0x")
      text.append(hex: type.rawValue, digits: 2)
      text.append(")")
    case .unknown(let code, _):
      text.append(" unknown code(")
      text.append(hex: code, digits: 2)
      text.append(")")
    case .malformed: text.append(" parse error (truncated)")
    }
  }

  /// With a dot at its end if nothing is missing there.
  static func text(of name: NodeInformation.Name) -> String {
    let text = "\(name.name)"
    return name.isFullyQualified ? text : String(text.dropLast())
  }
}
