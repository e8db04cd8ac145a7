import FlowAnalysis
import PacketWire
import PageStory

/// Questions about what a segment carries.
struct StreamQuestions {
  let segment: TCPQuestions
  let stream: StreamFacts

  init?(_ segment: TCPQuestions) {
    guard let stream = segment.tcp.stream else { return nil }
    (self.segment, self.stream) = (segment, stream)
  }

  var number: Int { segment.number }

  var drafts: [StoryQuiz.Draft] {
    var drafts: [StoryQuiz.Draft] = []
    for event in stream.events {
      switch event {
      case .request(let request): drafts += [reuse, hostField(request)].compactMap { $0 }
      case .response(let response):
        drafts += response.webSocket.map { self.drafts($0) } ?? []
        drafts += [bodyEnd(response), segments(response), status(response)].compactMap { $0 }
      case .requestEnd, .responseEnd: break
      }
    }
    if let web = stream.webSocket { drafts += self.drafts(web) }
    if let tls = stream.tls { drafts += self.drafts(tls) }
    return drafts
  }

  // MARK: HTTP

  private func hostField(_ request: HTTPRequest) -> StoryQuiz.Draft? {
    guard let host = request.host, !host.isEmpty, let server = segment.facts.destination
    else { return nil }
    return StoryQuiz.Draft(
      kind: .hostField,
      text: "The connection leads to \(server.address) already. Why does #\(number) name the host "
        + "\(Words.safe(host, 60)) again?",
      answer:
        "Many sites can share an address. The address gets the request to the server; which site "
        + "is meant only the Host field says (RFC 9112 3.2).")
  }

  private var reuse: StoryQuiz.Draft? {
    guard segment.memory.requests > 0, let handshake = segment.tcp.handshake else { return nil }
    let saved = handshake.serverRoundTrip
    guard saved > .zero else { return nil }
    return StoryQuiz.Draft(
      kind: .reuse,
      text:
        "#\(number) is request \(segment.memory.requests + 1) on this connection. What does that save?",
      answer:
        "Another handshake: a round trip of about \(Words.duration(saved)) here, and the slow start "
        + "that each new connection begins with.")
  }

  private func status(_ response: HTTPResponse) -> StoryQuiz.Draft? {
    guard let meaning = Self.meaning(response) else { return nil }
    return StoryQuiz.Draft(
      kind: .status,
      text: "#\(number) has the status \(response.status). What does the client do now?",
      answer: meaning)
  }

  /// What a status asks of a client (RFC 9110 §15).
  private static func meaning(_ response: HTTPResponse) -> String? {
    let place = response.location.map { ": \(Words.safe($0, 80))" } ?? ""
    switch response.status {
    case 101: return "It speaks another protocol from here on, on the same connection."
    case 204: return "Nothing: its request was carried out, and there is no content."
    case 206: return "It puts the part that it asked for to those that it has."
    case 200..<300: return "It takes the content: its request was carried out."
    case 301, 308: return "It asks at the new place, and from now on always\(place)."
    case 302, 303, 307: return "It asks at another place, this once\(place)."
    case 304: return "It uses the copy that it has: it is still good, so no content was sent."
    case 401: return "It asks again with a name and a password, or gives up."
    case 404:
      return "It gives up: the server is there, but nothing under that path. To ask again would "
        + "not help."
    case 429, 503: return "It waits and asks again: the server has too much to do now."
    case 400..<500: return "It gives up: the server says that the request is at fault."
    case 500..<600: return "It gives up or tries later: the server says that the fault is its own."
    default: return nil
    }
  }

  private func segments(_ response: HTTPResponse) -> StoryQuiz.Draft? {
    guard case .length(let length) = response.framing, length > 0,
      let handshake = segment.tcp.handshake,
      let size = handshake.clientOffer.maximumSegmentSize.map({ Int64($0) })
    else { return nil }
    // Ten octets of timestamps, padded to words (RFC 7323 appendix A).
    let room = handshake.usesTimestamps ? size - 12 : size
    guard room > 0, length < 1 << 40 else { return nil }
    let all = length + Int64(response.headLength)
    let count = (all + room - 1) / room
    let stamps = handshake.usesTimestamps ? ", less 12 for the timestamps in each header" : ""
    return StoryQuiz.Draft(
      kind: .segments,
      text:
        "The answer that begins in #\(response.first.number) has a head of \(response.headLength) "
        + "bytes and a body of \(length). How many segments does it take at least?",
      answer: "\(count): \(all) bytes, and a segment has room for \(room) (the client takes "
        + "\(size)\(stamps)). A capture can show fewer and longer frames, where the network card cuts or "
        + "joins them.")
  }

  private func bodyEnd(_ response: HTTPResponse) -> StoryQuiz.Draft? {
    let how: String
    switch response.framing {
    case .chunked:
      how =
        "Each chunk of the body says its own length, and an empty one is the last (RFC 9112 7.1). So "
        + "the server can begin before it knows how long the page will be."
    case .untilClose:
      how =
        "By the end of the connection: the server closes it behind the last byte. The client cannot "
        + "tell that from a connection that broke off."
    default: return nil
    }
    return StoryQuiz.Draft(
      kind: .bodyEnd,
      text:
        "The answer in #\(number) does not say how long it is. How does the client know its end?",
      answer: how)
  }

  // MARK: TLS

  private func drafts(_ tls: TLSFacts) -> [StoryQuiz.Draft] {
    var drafts: [StoryQuiz.Draft] = []
    if let hello = tls.clientHello, let name = hello.serverName, !hello.hasEncryptedHello {
      drafts.append(serverName(name))
    }
    if let hello = tls.serverHello, !hello.isRetryRequest, hello.version >= 0x0304 {
      drafts.append(hiddenCertificate)
    }
    if let holder = tls.certificate?.holder, !holder.isEmpty { drafts.append(certificate(holder)) }
    if tls.dataOctets > 0 { drafts.append(enciphered(tls)) }
    return drafts
  }

  private func serverName(_ name: UntrustedText) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .serverName,
      text:
        "The connection will be enciphered. What can somebody who reads #\(number) know already?",
      answer:
        "That the client wants \(Words.safe(name, 60)): the hello names it in the clear, since the "
        + "server must choose a certificate before there are keys (RFC 6066 3).")
  }

  private var hiddenCertificate: StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .hiddenCertificate,
      text: "#\(number) chooses TLS 1.3. Where in this capture is the server's certificate?",
      answer:
        "Behind #\(number), but enciphered: TLS 1.3 has keys after one hello from each side, and "
        + "hides all that follows (RFC 8446 4.4). Up to TLS 1.2 it was sent in the clear.")
  }

  private func certificate(_ holder: UntrustedText) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .openCertificate,
      text:
        "#\(number) has the server's certificate. Whom is it for, and does that prove who sent it?",
      answer:
        "For \(Words.safe(holder, 60)). It proves nothing by itself, for it is public: the server "
        + "has to sign with the key that belongs to it, and the client has to trust who issued it.")
  }

  private func enciphered(_ tls: TLSFacts) -> StoryQuiz.Draft {
    StoryQuiz.Draft(
      kind: .enciphered,
      text: "#\(number) is enciphered. What does it tell a stranger all the same?",
      answer: "Who talks with whom, when, and how much: \(tls.dataOctets) bytes of records from "
        + "\(segment.sender) here. Sizes and times often give away which page it was.")
  }
}
