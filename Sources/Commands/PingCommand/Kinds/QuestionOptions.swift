import CommandLineKit
import LinuxNet
import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// What is asked instead of an echo.
struct QuestionOptions: Hashable, Sendable {
  /// The words of `-N`.
  var node: NodeQuestionArguments?
  /// `-N help` was said.
  var wantsHelp = false
  private(set) var asked: Kind?

  enum Kind: Hashable, Sendable {
    case timestamp, addressMask, information, node
    case interface(InterfaceQuestion)
  }

  /// It is no echo that is asked for.
  var isAsked: Bool { asked != nil }

  /// Two questions were asked at once.
  private(set) var isAmbiguous = false

  mutating func ask(_ kind: Kind) {
    isAmbiguous = isAmbiguous || (isAsked && asked != kind)
    asked = kind
  }

  mutating func addNodeWord(_ word: String) throws(UsageError) {
    if word == "help" { return wantsHelp = true }
    ask(.node)
    var node = node ?? NodeQuestionArguments()
    try node.add(word)
    self.node = node
  }

  /// The question, once names may be looked up; `nil` for an echo.
  func question() throws -> ProbeQuestion? {
    switch asked {
    case nil: nil
    case .timestamp: .timestamp
    case .addressMask: .addressMask
    case .information: .information
    case .interface(let question): .interface(question)
    case .node:
      try node.map { node in
        .nodeInformation(
          try node.question { host, family in
            try ProbeTarget(host, family: family).endpoint.address
          })
      }
    }
  }

  /// The only family that it can be asked in.
  fileprivate var family: IPFamily? {
    switch asked {
    case .timestamp, .addressMask, .information: .v4
    case .node: .v6
    case .interface, nil: nil
    }
  }

  /// The octets behind the ICMP header; `nil` where iputils' first line has its usual ones.
  fileprivate var payloadLength: Int? {
    switch asked {
    case .timestamp: ICMPTimestamps.length
    case .addressMask: ICMPAddressMask.length
    case .information: 0
    case .interface(let question):
      ICMPInterfaceIdentification(question.subject).structure().count + EchoRequest.cookieLength
    case .node, nil: nil
    }
  }
}

extension QuestionOptions {
  /// Prints what `-N` can say.
  static func printHelp() -> CInt {
    var output = LineOutput(to: StandardStream.output, flushing: .whenFull)
    output.text.append(NodeQuestionArguments.help)
    output.flush()
    return output.failure == nil ? 0 : Tool.usageExitCode
  }
}

extension PingOptions {
  /// What cannot be said together with a question, and what follows from it.
  mutating func checkQuestion() throws(UsageError) {
    guard question.isAsked else { return }
    guard !question.isAmbiguous else {
      throw UsageError(
        "only one of --timestamp, --mask, -N and --probe-interface can be asked at a time")
    }
    guard payloadLength == Self.usualPayloadLength, pattern.isEmpty else {
      throw UsageError(
        "options '-s' and '-p' are for echo requests: a question has its own payload")
    }
    if let only = question.family {
      guard family ?? only == only else {
        throw UsageError("this question can only be asked over \(only == .v4 ? "IPv4" : "IPv6")")
      }
      family = only
    }
    payloadLength = question.payloadLength ?? payloadLength
  }

  static func sayQuestions(_ options: inout OptionWalk<PingOptions>) {
    options.group("Questions instead of an echo")
    options.flag(
      nil, "timestamp", help: "IPv4: what time is it there? how far is that clock from ours?"
    ) { $0.question.ask(.timestamp) }
    options.flag(nil, "mask", help: "IPv4: which mask has your network?") {
      $0.question.ask(.addressMask)
    }
    options.text(
      "N", nil, "WORD",
      help: "IPv6: names or addresses of the node (RFC 4620); '-N help' lists the words"
    ) { options, value throws(UsageError) in try options.question.addNodeWord(value) }
    options.text(
      nil, "probe-interface", "INTERFACE",
      help:
        "is this interface of yours up? a name, number or address, or neighbor:ADDRESS (RFC 8335)"
    ) { options, value throws(UsageError) in
      options.question.ask(.interface(try InterfaceQuestion(argument: value)))
    }
  }
}
