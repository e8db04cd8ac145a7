import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells what a segment's data is to its application; nil when there is nothing to tell of it.
  mutating func application(_ scene: TCPScene) -> Passage? {
    guard let stream = scene.tcp.stream else { return nil }
    if let tls = stream.tls { return self.tls(tls, scene) }
    if !stream.dns.isEmpty { return messages(stream.dns, scene) }
    if let web = stream.webSocket, stream.events.isEmpty { return webSocket(web, scene) }
    return http(stream, scene)
  }

  /// DNS messages over TCP: the first is told, and all count.
  private mutating func messages(_ messages: [DNSFacts], _ scene: TCPScene) -> Passage? {
    var told: Passage?
    for message in messages {
      let passage = dns(message, scene.facts)
      told = told ?? passage
    }
    let more = messages.count - 1
    let rest = more > 0 ? ", with \(Words.count(more, "message")) more" : ""
    told?.sentence.add(ifRoom: " (Over TCP\(rest).)")
    return told
  }

  private mutating func http(_ stream: StreamFacts, _ scene: TCPScene) -> Passage? {
    var telling = HTTPTelling()
    var index = 0
    while index < stream.events.count {
      // The end of a message whose head is in the same octets follows the head at once.
      let next = index + 1 < stream.events.count ? stream.events[index + 1] : nil
      switch stream.events[index] {
      case .request(let request):
        var whole: HTTPMessageEnd?
        if case .requestEnd(let end)? = next, end.cause == .complete { whole = end }
        self.request(request, whole, stream, scene, &telling)
        if whole != nil { index += 1 }
      case .response(let response):
        var whole: HTTPMessageEnd?
        if case .responseEnd(let end)? = next, end.cause == .complete { whole = end }
        self.response(response, whole, stream, scene, &telling)
        if whole != nil { index += 1 }
      case .requestEnd(let end):
        summary.end(request: end, scene.mark)
        telling.tell(.request) { ended(end, isResponse: false, scene, &$0) }
      case .responseEnd(let end):
        summary.end(response: end, scene.mark)
        telling.tell(.transfer) { ended(end, isResponse: true, scene, &$0) }
      }
      index += 1
    }
    if stream.events.isEmpty {
      guard let part = stream.part else { return nil }
      telling.tell(part.isResponse ? .transfer : .request) { self.part(part, scene, &$0) }
    }
    if let web = stream.webSocket { frames(web, scene, &telling) }
    return passage(telling, stream, scene)
  }

  private func passage(
    _ telling: HTTPTelling, _ stream: StreamFacts, _ scene: TCPScene
  ) -> Passage {
    var sentence = telling.sentence
    let untold =
      telling.untold + stream.omittedEvents + (stream.webSocket?.omittedFrames ?? 0)
    if untold > 0 { sentence.add(" And \(Words.count(untold, "message")) more.") }
    scene.addRemarks(&sentence)
    let isOnlyFIN = scene.tcp.positions.isEmpty
    var passage = Passage(.application, "HTTP", isOnlyFIN ? .teardown : telling.phase, sentence)
    passage.label = telling.label
    return passage
  }

  func ended(
    _ end: HTTPMessageEnd, isResponse: Bool, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    let what: String
    if isResponse {
      what = end.request.map { "the answer to \(sentence.refer($0.first))" } ?? "the answer"
    } else {
      what = "the request of \(sentence.refer(end.first))"
    }
    sentence.follow(end.first)
    switch end.cause {
    case .complete, .closed:
      let all = end.missingOctets > 0 ? "all but \(end.missingOctets) of" : "all"
      sentence.add(
        "The end of \(what): \(all) \(Words.count(end.bodyOctets, "byte")) of body are here")
      if end.first != scene.mark {
        let time = scene.mark.time - end.first.time
        sentence.add(time.count > 0 ? ", \(Words.duration(time)) after its start" : ", begun")
        sentence.add(" in \(sentence.refer(end.first))")
      }
      sentence.add(".")
    case .cutShort: sentence.add(String(end.shortfall(&sentence).dropFirst()))
    case .hidden:
      sentence.add("Where \(what) ends cannot be told: bytes are missing from the capture.")
    }
  }

  /// A piece of a message that neither begins nor ends here.
  func part(_ part: HTTPPart, _ scene: TCPScene, _ sentence: inout Sentence) {
    let count = Int64(scene.tcp.positions.count)
    if part.isInHead {
      let what = part.isResponse ? "an answer" : "a request"
      if part.first == scene.mark {
        sentence.add(part.isRecognised ? "The beginning of " : "What looks like the beginning of ")
        sentence.add(what)
        if let line = part.startLine { sentence.add(", \(Words.quoted(line, 60))") }
        sentence.add(": \(Words.count(count, "byte")) of its head.")
      } else {
        sentence.add("\(Words.count(count, "more byte")) of the head that ")
        sentence.add("\(sentence.refer(part.first)) began.")
      }
      return
    }
    sentence.add("\(Words.count(part.bodyOctets, "more byte")) of ")
    if part.isResponse {
      sentence.add(
        part.request.map { "the answer to \(sentence.refer($0.first))" } ?? "an answer")
    } else {
      sentence.add("the request of \(sentence.refer(part.first))")
    }
    sentence.follow(part.first)
    sentence.add(": \(part.bodySoFar)")
    if let expected = part.bodyExpected { sentence.add(" of \(expected)") }
    sentence.add(" so far.")
  }
}

/// What is told of a segment's messages; a segment can hold more than a sentence.
struct HTTPTelling {
  /// Where further messages are only counted, in characters.
  private static let fullLength = 100

  var sentence = Sentence()
  var phase = StoryPhase.transfer
  var label = ""
  /// Messages that begin or end in the segment and are not told.
  var untold = 0

  /// Tells one message more, if there is room.
  mutating func tell(
    _ phase: StoryPhase, label: String = "", _ body: (inout Sentence) -> Void
  ) {
    guard sentence.text.utf8.count < Self.fullLength else {
      untold += 1
      return
    }
    if !sentence.text.isEmpty { sentence.add(" ") }
    body(&sentence)
    self.phase = phase
    if !label.isEmpty { self.label = label }
  }
}
