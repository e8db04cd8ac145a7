import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells what a segment's data is to its application; nil when there is nothing to tell of it.
  mutating func application(_ scene: TCPScene) -> Passage? {
    guard let stream = scene.tcp.stream else { return nil }
    if let tls = stream.tls { return self.tls(tls, scene) }
    if let dns = stream.dns.first {
      var passage = self.dns(dns, scene.facts)
      passage.sentence.add(ifRoom: " (Over TCP.)")
      return passage
    }
    return http(stream, scene)
  }

  private mutating func http(_ stream: StreamFacts, _ scene: TCPScene) -> Passage? {
    var sentence = Sentence(scene.dataPrefix)
    var phase = StoryPhase.transfer
    var told = false
    var label = ""
    for event in stream.events {
      if told { sentence.add(" ") }
      switch event {
      case .request(let request):
        self.request(request, stream, scene, &sentence)
        (phase, told) = (.request, true)
        label = "\(Words.safe(request.method, 16)) \(Words.safe(request.target, 40))"
      case .response(let response):
        self.response(response, stream, scene, &sentence)
        (phase, told) = (.transfer, true)
        label = "\(response.status) \(Words.safe(response.reason, 30))"
      case .requestEnd(let end):
        summary.end(request: end, scene.mark)
        guard end.bodyOctets > 0, end.first != scene.mark || told == false else { continue }
        ended(end, isResponse: false, scene, &sentence)
        (phase, told) = (.request, true)
      case .responseEnd(let end):
        summary.end(response: end, scene.mark)
        guard end.first != scene.mark else { continue }
        ended(end, isResponse: true, scene, &sentence)
        (phase, told) = (.transfer, true)
      }
    }
    if !told {
      guard let part = stream.part else { return nil }
      phase = part.isResponse ? .transfer : .request
      self.part(part, scene, &sentence)
    }
    sentence.add(scene.finSuffix.isEmpty ? "" : " And FIN: \(scene.sender) will send no more.")
    scene.addCauses(&sentence)
    let isOnlyFIN = scene.tcp.positions.isEmpty
    var passage = Passage(.application, "HTTP", isOnlyFIN ? .teardown : phase, sentence)
    passage.label = label
    return passage
  }

  private mutating func request(
    _ request: HTTPRequest, _ stream: StreamFacts, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    var (count, before) = (0, Int?.none)
    remember(scene.facts) {
      $0.requests += 1
      (count, before) = ($0.requests, $0.lastAnswer)
    }
    summary.begin(request, scene.facts)
    let host =
      request.host.map { Words.safe($0, 48) } ?? Words.who(scene.facts.destination)
    let method = Words.safe(request.method, 16)
    sentence.add("\(method): \(scene.sender) \(request.verb) \(host) ")
    sentence.add(request.preposition + Words.safe(request.target, 60))
    sentence.add(" (\(Words.count(request.headLength, "byte")), HTTP/1.\(request.minorVersion)")
    if let agent = request.userAgent {
      sentence.add(ifRoom: ", \(Words.safe(agent.firstWord, 24))")
    }
    sentence.add(")")
    if request.first != scene.mark { sentence.add(", begun in \(sentence.refer(request.first))") }
    if request.requestsBefore > 0 {
      sentence.add(ifRoom: ", without waiting for \(Words.count(request.requestsBefore, "answer"))")
    } else if count > 1 {
      sentence.add(ifRoom: ", request \(count) on \(scene.flow)")
      if let before { sentence.add(ifRoom: " after the answer in \(sentence.refer(before))") }
    } else if let handshake = scene.tcp.handshake, scene.tcp.opening == nil {
      let numbers = [handshake.syn, handshake.synAck, handshake.ack].map { sentence.refer($0) }
      sentence.add(ifRoom: ", on the connection that \(Words.list(numbers)) opened")
    }
    sentence.add(".")
    body(request.framing, isResponse: false, stream, request.first == scene.mark, &sentence)
  }

  private mutating func response(
    _ response: HTTPResponse, _ stream: StreamFacts, _ scene: TCPScene,
    _ sentence: inout Sentence
  ) {
    summary.begin(response, scene.facts)
    remember(scene.facts) { $0.lastAnswer = scene.mark.number }
    let reason = Words.safe(response.reason, 30)
    sentence.add("\(response.status)\(reason.isEmpty ? "" : " " + reason): \(scene.sender) ")
    if let request = response.request {
      sentence.add(
        "answers the \(Words.safe(request.method, 16)) of \(sentence.refer(request.first))")
      sentence.add(Words.after(request.last, response.first))
    } else {
      sentence.add("answers a request that is not in this capture")
    }
    sentence.add(response.meaning + ".")
    guard response.framing != .tunnel else { return }
    if let type = response.contentType, response.framing != .none {
      let coding = response.contentEncoding.map { ", \(Words.safe($0, 12))-encoded" } ?? ""
      sentence.add(ifRoom: " It sends \(Words.safe(type, 40))\(coding).")
    }
    body(response.framing, isResponse: true, stream, response.first == scene.mark, &sentence)
  }

  /// How long a body is and how much of it is in the packet.
  private func body(
    _ framing: HTTPFraming, isResponse: Bool, _ stream: StreamFacts, _ isWholeHead: Bool,
    _ sentence: inout Sentence
  ) {
    let here = stream.part.map { $0.isResponse == isResponse ? $0.bodyOctets : 0 } ?? 0
    switch framing {
    case .none: if isResponse { sentence.add(ifRoom: " There is no body.") }
    case .length(let octets):
      let rest =
        here >= octets
        ? "all of them here" : here == 0 ? "in later packets" : "\(here) of them here"
      sentence.add(" The body is \(Words.count(octets, "byte")) long, \(rest).")
    case .chunked:
      sentence.add(" The body comes in chunks")
      let isWhole = stream.events.contains {
        if case .responseEnd(let end) = $0 { end.cause == .complete } else { false }
      }
      sentence.add(
        isWhole ? ", \(Words.count(here, "byte")), all here." : ", \(here) bytes of it here.")
    case .untilClose:
      sentence.add(" The body ends with the connection; \(Words.count(here, "byte")) of it here.")
    case .tunnel, .broken: break
    }
  }

  private func ended(
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
      sentence.add("The end of \(what): \(Words.count(end.bodyOctets, "byte")) of body")
      let time = scene.mark.time - end.first.time
      if time.count > 0 { sentence.add(", \(Words.duration(time)) after its first packet") }
      if end.first.number != scene.mark.number { sentence.add(ifRoom: " #\(end.first.number)") }
      sentence.add(".")
      if end.missingOctets > 0 {
        sentence.add(ifRoom: " Of these, \(end.missingOctets) are missing from the capture.")
      }
    case .cutShort: sentence.add(String(end.shortfall(&sentence).dropFirst()))
    case .hidden:
      sentence.add("Where \(what) ends cannot be told: bytes are missing from the capture.")
    }
  }

  /// A piece of a message that neither begins nor ends here.
  private func part(_ part: HTTPPart, _ scene: TCPScene, _ sentence: inout Sentence) {
    let count = Int64(scene.tcp.positions.count)
    if part.isInHead {
      let what = part.isResponse ? "an answer" : "a request"
      if part.first == scene.mark {
        sentence.add(part.isRecognised ? "The beginning of " : "What looks like the beginning of ")
        sentence.add("\(what): \(Words.count(count, "byte")) of its head.")
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

extension UntrustedText {
  /// What stands before the first blank: of a user agent, the product.
  fileprivate var firstWord: [UInt8] { Array(octets.prefix { $0 != UInt8(ascii: " ") }) }
}

extension HTTPRequest {
  /// What the method does (RFC 9110 §9.3), with the preposition of its target.
  fileprivate var verb: String {
    switch String(decoding: method.octets.prefix(8), as: UTF8.self) {
    case "GET": "asks"
    case "HEAD": "asks"
    case "POST": "sends data to"
    case "PUT": "stores data at"
    case "DELETE": "has"
    case "OPTIONS": "asks"
    case "CONNECT": "asks"
    default: "sends this request to"
    }
  }

  fileprivate var preposition: String {
    switch String(decoding: method.octets.prefix(8), as: UTF8.self) {
    case "GET": "for "
    case "HEAD": "for the head alone of "
    case "POST", "PUT": "under "
    case "DELETE": "delete "
    case "OPTIONS": "what may be done with "
    case "CONNECT": "for a tunnel to "
    default: "about "
    }
  }
}

extension HTTPResponse {
  /// What a status asks the client to do, where it asks something.
  fileprivate var meaning: String {
    switch status {
    case 100: return ": go on with it"
    case 101:
      return upgrade.map { ": from here on the connection speaks \(Words.safe($0, 30))" } ?? ""
    case 200..<300 where framing == .tunnel: return ": the tunnel is open"
    case 304: return ": the client's copy is still good"
    case 300..<400: return location.map { ": go to \(Words.safe($0, 60))" } ?? ""
    default: return ""
    }
  }
}
