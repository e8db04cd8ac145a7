import FlowAnalysis
import PacketWire
import PageStory

extension StreamQuestions {
  /// What is asked about an answer that opens a WebSocket.
  func drafts(_ agreement: WebSocketAgreement) -> [StoryQuiz.Draft] {
    guard agreement.accept == .right else { return [] }
    return [
      StoryQuiz.Draft(
        kind: .webSocketAccept,
        text: "#\(number) has a Sec-WebSocket-Accept. What does it prove to the client?",
        answer:
          "That the server has read this request's key and knows of WebSocket: it is the SHA-1 digest of "
          + "the key and a constant text. It is no secret, and proves nothing about who the server is "
          + "(RFC 6455 1.3).")
    ]
  }

  /// What is asked about frames.
  func drafts(_ web: WebSocketFacts) -> [StoryQuiz.Draft] {
    guard let frame = web.frames.first else { return [] }
    var drafts: [StoryQuiz.Draft] = []
    if case .close(let closing) = frame.content, closing.answers == nil {
      drafts.append(
        StoryQuiz.Draft(
          kind: .webSocketClose,
          text: "#\(number) closes the WebSocket. Why does the connection not end here?",
          answer:
            "The other end answers with a close frame of its own, so that both know that nothing was "
            + "lost; then the server ends the TCP connection (RFC 6455 7.1.1)."))
    }
    if frame.header.maskingKey != nil {
      drafts.append(
        StoryQuiz.Draft(
          kind: .webSocketMask,
          text:
            "The frame in #\(number) is masked, and its key stands before it. What is that for?",
          answer:
            "Not for secrecy. A page chooses what it sends; with a key that it cannot foresee, no box in "
            + "between can be made to take it for an HTTP request (RFC 6455 10.3)."))
    }
    let length = frame.header.payloadLength
    if case .message = frame.content, length < 1 << 20 {
      let header = frame.header.length
      let parts = frame.header.maskingKey == nil ? "" : ", 4 of them the mask's key"
      drafts.append(
        StoryQuiz.Draft(
          kind: .webSocketFrame,
          text:
            "The payload of the frame that ends in #\(number) has \(length) bytes. How many does "
            + "the frame take in all?",
          answer:
            "\(UInt64(header) + length): its header has \(header)\(parts). An HTTP request would "
            + "need some hundred (RFC 6455 5.2)."))
    }
    return drafts
  }
}
