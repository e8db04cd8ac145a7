import LinuxNet
import LinuxSystem
import PacketWire
import ProbeEngine
import ProbeShell

extension PingSetup {
  /// Asks the question in a family; its target is set for each probe.
  func questionProbe(_ family: IPFamily, identifier: UInt16) -> QuestionProbe? {
    question.map {
      let any: IPAddress = family == .v4 ? .v4(.any) : .v6(.any)
      var probe = QuestionProbe(
        $0, target: any, source: origin?.source ?? any, identifier: identifier,
        firstSequenceNumber: options.header.firstSequenceNumber ?? 1, cookies: cookies)
      probe.code = options.header.code ?? 0
      return probe
    }
  }

  /// Lets a raw socket receive answers of this session and errors only.
  func accept(
    _ question: QuestionProbe?, _ request: EchoRequest, on socket: borrowing MessageSocket
  ) throws(SystemError) {
    let (family, identifier) = (socket.family, request.identifier)
    guard let question else {
      guard request.isAnswered else {
        try socket.acceptOnly(types: SocketFilter.typesOfErrors(family))
        return try socket.attachFilter(.errors(family: family))
      }
      try socket.acceptOnly(types: SocketFilter.typesOfEchoReplies(family))
      return try socket.attachFilter(.echoReplies(identifier: identifier, family: family))
    }
    try socket.acceptOnly(types: SocketFilter.types(ofReplies: question.replyType, family))
    try socket.attachFilter(
      .replies(
        ofType: question.replyType, identifier: question.repeatsIdentifier ? identifier : nil,
        family: family))
  }
}

extension PingSession.Configuration {
  /// Puts a question of a family in the place of echo requests.
  mutating func ask(_ question: QuestionProbe?) {
    guard let question else { return }
    var questions = questions ?? ProbeQuestions()
    switch question.target.family {
    case .v4: questions.v4 = question
    case .v6: questions.v6 = question
    }
    self.questions = questions
  }
}
