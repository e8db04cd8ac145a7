import FlowAnalysis
import PacketWire

extension PageStory {
  /// Tells the head of a request, and its body if `whole` says that all of it is in the segment.
  mutating func request(
    _ request: HTTPRequest, _ whole: HTTPMessageEnd?, _ stream: StreamFacts, _ scene: TCPScene,
    _ telling: inout HTTPTelling
  ) {
    var (count, before) = (0, Int?.none)
    remember(scene.facts) {
      $0.requests += 1
      $0.host = request.host
      (count, before) = ($0.requests, $0.lastAnswer)
    }
    let causes = links.causes(of: request)
    summary.begin(request, scene.facts)
    if let whole { summary.end(request: whole, scene.mark) }
    let label = "\(Words.safe(request.method, 16)) \(Words.target(request.target, 40))"
    telling.tell(.request, label: label) { sentence in
      describe(request, scene, &sentence)
      if let redirect = causes.redirect {
        sentence.add(", where \(sentence.refer(redirect)) has sent it")
      } else if let page = causes.page {
        sentence.add(", for the page of \(sentence.refer(page))")
      }
      if request.requestsBefore > 0 {
        let answers = Words.count(request.requestsBefore, "answer")
        sentence.add(ifRoom: ", without waiting for \(answers)")
      } else if count > 1 {
        sentence.add(ifRoom: ", request \(count) on \(scene.flow)")
        if let before, before != causes.redirect {
          sentence.add(ifRoom: " after the answer in \(sentence.refer(before))")
        }
      } else if let handshake = scene.tcp.handshake, scene.tcp.opening == nil {
        let numbers = [handshake.syn, handshake.synAck, handshake.ack].map { sentence.refer($0) }
        sentence.add(ifRoom: ", on the connection that \(Words.list(numbers)) opened")
      }
      sentence.add(".")
      if let offer = request.webSocket { describe(offer, &sentence) }
      body(request.framing, isResponse: false, whole, stream, &sentence)
    }
  }

  /// What is offered for a WebSocket.
  private func describe(_ offer: WebSocketOffer, _ sentence: inout Sentence) {
    sentence.add(" It wants to go on as a WebSocket")
    if let problem = offer.problems.first { sentence.add(", but \(problem.words)") }
    sentence.add(offer.problems.count > 1 ? ", and \(offer.problems.count - 1) more." : ".")
  }

  private func describe(
    _ request: HTTPRequest, _ scene: TCPScene, _ sentence: inout Sentence
  ) {
    sentence.add("\(Words.safe(request.method, 16)): \(scene.sender) \(request.verb) ")
    // A target that is a whole URI names the host by itself (RFC 9112 §3.2.2).
    let isWhole = request.target.octets.starts(with: "http".utf8)
    let host = request.host.flatMap { $0.isEmpty ? nil : Words.target($0, 48) }
    let server = host ?? Words.who(scene.facts.destination)
    sentence.add("\(isWhole ? scene.receiver : server) \(request.preposition)")
    sentence.add(Words.target(request.target, 60))
    sentence.add(" (\(Words.count(request.headLength, "byte")), HTTP/1.\(request.minorVersion)")
    if let agent = request.userAgent {
      sentence.add(ifRoom: ", \(Words.safe(agent.firstWord, 24))")
    }
    sentence.add(")")
    if request.first != scene.mark { sentence.add(", begun in \(sentence.refer(request.first))") }
  }

  /// Tells the head of a response, and its body if `whole` says that all of it is in the segment.
  mutating func response(
    _ response: HTTPResponse, _ whole: HTTPMessageEnd?, _ stream: StreamFacts, _ scene: TCPScene,
    _ telling: inout HTTPTelling
  ) {
    summary.begin(response, scene.facts)
    if let whole { summary.end(response: whole, scene.mark) }
    remember(scene.facts) { $0.lastAnswer = scene.mark.number }
    links.note(
      response, host: scene.facts.flow.flatMap { flows[$0]?.host }, response.first.number)
    let reason = Words.safe(response.reason, 30)
    let status = "\(response.status)\(reason.isEmpty ? "" : " " + reason)"
    telling.tell(.transfer, label: status) { sentence in
      sentence.add("\(status): \(scene.sender) ")
      if let request = response.request {
        let method = Words.safe(request.method, 16)
        sentence.add("answers the \(method) of \(sentence.refer(request.first))")
        sentence.add(Words.after(request.last, response.first))
      } else {
        sentence.add("answers a request that is not in this capture")
      }
      sentence.add(response.meaning + ".")
      if let agreement = response.webSocket { describe(agreement, &sentence) }
      guard response.framing != .tunnel, !response.isInterim else { return }
      if let type = response.contentType, response.framing != .none {
        let coding = response.contentEncoding.map { ", \(Words.safe($0, 12))-encoded" } ?? ""
        sentence.add(ifRoom: " It sends \(Words.safe(type, 40))\(coding).")
      }
      body(response.framing, isResponse: true, whole, stream, &sentence)
    }
  }

  /// What was agreed for a WebSocket.
  private func describe(_ agreement: WebSocketAgreement, _ sentence: inout Sentence) {
    if agreement.accept == .right {
      sentence.add(ifRoom: " Its Sec-WebSocket-Accept is right for the key.")
    }
    if let problem = agreement.problems.first {
      sentence.add(" But \(problem.words)")
      if case .wrong(let expected) = agreement.accept {
        sentence.add(": it should be \(expected)")
      }
      let more = agreement.problems.count - 1
      sentence.add(more > 0 ? ", and \(more) more." : ".")
    }
    if let name = agreement.subprotocol {
      sentence.add(ifRoom: " Both will speak \(Words.safe(name, 30)).")
    }
    guard let deflate = agreement.deflate else { return }
    sentence.add(ifRoom: " Messages may be packed (permessage-deflate\(deflate.words)).")
  }

  /// How long a body is and how much of it is in the packet.
  private func body(
    _ framing: HTTPFraming, isResponse: Bool, _ whole: HTTPMessageEnd?, _ stream: StreamFacts,
    _ sentence: inout Sentence
  ) {
    // Without its end the message is the one that the segment ends in.
    let part = stream.part.flatMap { $0.isResponse == isResponse ? $0.bodyOctets : nil }
    let here = Words.count(whole?.bodyOctets ?? part ?? 0, "byte")
    let isEmpty = whole == nil && (part ?? 0) == 0
    switch framing {
    case .none: if isResponse { sentence.add(ifRoom: " There is no body.") }
    case .length(let octets):
      sentence.add(" The body is \(Words.count(octets, "byte")) long, ")
      sentence.add(
        whole != nil ? "all of them here." : isEmpty ? "in later packets." : "\(here) of it here.")
    case .chunked:
      sentence.add(" The body comes in chunks, ")
      sentence.add(
        whole != nil ? "\(here), all here." : isEmpty ? "in later packets." : "\(here) of it here.")
    case .untilClose:
      sentence.add(" The body ends with the connection; \(here) of it here.")
    case .tunnel, .broken: break
    }
  }
}

extension UntrustedText {
  /// What stands before the first blank: of a user agent, the product.
  fileprivate var firstWord: [UInt8] { Array(octets.prefix { $0 != UInt8(ascii: " ") }) }
}

extension PermessageDeflate {
  /// What is not as usual, each behind a comma.
  package var words: String {
    var words = ""
    for (name, sender) in [("server", server), ("client", client)] {
      if !sender.keepsContext { words += ", the \(name) without context" }
      if sender.windowBits < 15 { words += ", the \(name) within \(1 << sender.windowBits) bytes" }
    }
    return words
  }
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
    case 101 where webSocket != nil: return ": from here on it is a WebSocket"
    case 101:
      return upgrade.map { ": from here on the connection speaks \(Words.safe($0, 30))" } ?? ""
    case 200..<300 where framing == .tunnel: return ": the tunnel is open"
    case 304: return ": the client's copy is still good"
    case 300..<400: return location.map { ": go to \(Words.safe($0, 60))" } ?? ""
    default: return ""
    }
  }
}
