import PacketWire

/// Sends every message back as it came.
struct EchoMessages: WebSocketService {
  let maximumMessageLength = 1 << 18
  let close: WebSocketClose? = nil

  func receive(_ message: WebSocketMessage, at _: WallInstant) -> [WebSocketMessage] { [message] }
  func news(at _: WallInstant) -> [WebSocketMessage] { [] }
  func ended() {}
}

/// Somebody in a chat room by WebSocket: what he sends is said, and what is said is sent to him.
struct ChatMember: WebSocketService {
  /// More in one second is a flood.
  private static let messagesASecond = 20

  let maximumMessageLength = ChatText.longestLine
  private let room: ChatRoom
  private let listener: ChatRoom.Listener
  private let name: String
  private var isInside = false
  /// The last line that was sent.
  private var lastNumber = 0
  private var second: (number: Int64, messages: Int) = (0, 0)
  private(set) var close: WebSocketClose?

  init(_ name: String, in room: ChatRoom, _ listener: ChatRoom.Listener) {
    (self.name, self.room, self.listener) = (name, room, listener)
  }

  mutating func receive(_ message: WebSocketMessage, at now: WallInstant) -> [WebSocketMessage] {
    guard close == nil else { return [] }
    let number = now.wholeSecond
    second = (number, second.number == number ? second.messages + 1 : 1)
    guard second.messages <= Self.messagesASecond else {
      close = WebSocketClose(
        .policyViolation, "\(Self.messagesASecond) messages a second are the most")
      return []
    }
    guard case .text(let text) = message else {
      close = WebSocketClose(.unsupportedData, "only texts are said here")
      return []
    }
    if let line = ChatText.line(text, by: name) { room.say(line) }
    return []
  }

  mutating func news(at _: WallInstant) -> [WebSocketMessage] {
    if !isInside {
      isInside = true
      lastNumber = max(0, room.lastNumber - ChatRoom.greeting)
      room.add(listener)
      room.say(ChatText.notice("\(name) has come in"))
    }
    let (missed, lines) = room.lines(after: lastNumber)
    lastNumber = room.lastNumber
    let notice = missed > 0 ? [ChatText.notice("\(missed) lines were missed")] : []
    return (notice + lines.map(\.text)).map { .text($0) }
  }

  mutating func ended() {
    guard isInside else { return }
    isInside = false
    room.remove(listener)
    room.say(ChatText.notice("\(name) has left"))
  }
}

/// Somebody who asked for what is said behind a number, and waits.
struct ChatWaiter: HTTPWaiter {
  private let room: ChatRoom
  private let listener: ChatRoom.Listener
  private let lastNumber: Int

  init(after number: Int, in room: ChatRoom, _ listener: ChatRoom.Listener) {
    (self.room, self.listener, lastNumber) = (room, listener, number)
    room.add(listener)
  }

  func answer(at _: WallInstant, isLast: Bool) -> HTTPAnswer? {
    let (_, lines) = room.lines(after: lastNumber)
    if lines.isEmpty { return isLast ? .message(HTTPMessage(.noContent)) : nil }
    let text = lines.map { "\($0.number) \($0.text)\n" }.joined()
    return .message(HTTPMessage(.ok, text, fields: [("Cache-Control", "no-store")]))
  }

  func ended() { room.remove(listener) }
}
