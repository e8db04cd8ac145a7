import CommandLineKit
import PacketWire

extension PingOptions {
  /// What is sent is no question: nobody answers.
  var isUnanswered: Bool { header.type != nil }

  /// Makes of `--type` what it means: a question that this program can ask, or else probes to which no
  /// answer is expected, which alone keep their `header.type`.
  mutating func settleType(_ operands: [String]) throws(UsageError) {
    guard let type = header.type else { return }
    let given = family ?? (operands.count == 1 ? IPAddress(operands[0])?.family : nil)
    family = given ?? type.onlyFamily
    // A name is known in both families, or in the one that it is for.
    let known = family ?? .v4
    guard type[known] != nil else {
      throw UsageError(
        "option '--type': only \(known == .v4 ? "ICMPv6" : "ICMP") has such a type; use it over \(known == .v4 ? "IPv6" : "IPv4")"
      )
    }
    let meaning = type.meaning(known)
    if let asked = question.asked, asked.meaning != meaning {
      throw UsageError(
        "option '--type': \(type.text(known)) is not what \(asked.optionName) asks; leave one of them out"
      )
    }
    switch meaning {
    case .echo: break
    case .timestamp: question.ask(.timestamp)
    case .addressMask: question.ask(.addressMask)
    case .information: question.ask(.information)
    case .node, .interface:
      guard question.isAsked else {
        throw UsageError(
          meaning == .node
            ? "option '--type': \(type.text(known)) needs to know what to ask: say so with -N, such as -N name"
            : "option '--type': \(type.text(known)) needs to know which interface: name it with --probe-interface"
        )
      }
    case .nothing: return try checkUnanswered()
    }
    header.type = nil
  }

  /// What needs answers.
  func checkUnanswered() throws(UsageError) {
    guard let type = header.type else { return }
    let others = [
      ("a sweep", asks), ("--need", needed != nil), ("-A", isAdaptive), ("-O", reportsOutstanding),
      ("--split", splitsDelays), ("--hardware-stamps", usesHardwareStamps),
      ("--sizes", paths.sizes != nil), ("--flows", paths.flows > 1),
      ("--mtu-search", paths.searchesMTU), ("--diagnose", diagnoses), ("-R", header.recordsRoute),
      ("-T", header.timestamps != nil),
    ]
    guard let other = others.first(where: \.1)?.0 ?? figures.optionNames.first else { return }
    throw UsageError(
      "option '--type': no answer is expected to \(type.text(family ?? .v4)), and \(other) needs answers; leave one of them out"
    )
  }
}

extension QuestionOptions.Kind {
  fileprivate var meaning: ProbeType.Meaning {
    switch self {
    case .timestamp: .timestamp
    case .addressMask: .addressMask
    case .information: .information
    case .node: .node
    case .interface: .interface
    }
  }

  fileprivate var optionName: String {
    switch self {
    case .timestamp: "--timestamp"
    case .addressMask: "--mask"
    case .information: "--type information-request"
    case .node: "-N"
    case .interface: "--probe-interface"
    }
  }
}
