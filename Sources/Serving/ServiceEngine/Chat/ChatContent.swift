import PacketText

public import PacketWire

/// A chat and its page: by WebSocket at `/chat?name=NAME`, by long polling at `/poll`, and an echo
/// at `/echo`. Everything else is a site's.
///
/// - `GET /poll?after=NUMBER` waits for lines behind that number, and has one a line with its number
///   before it; 204 says that there were none for a while. Without a number it says at once what the
///   last one is: `NUMBER`.
/// - `POST /poll?name=NAME` says its body.
public struct ChatContent: HTTPContent {
  private let room: ChatRoom
  private let site: Site
  private let door: Int

  /// The chat of a room as one server shows it.
  public init(_ room: ChatRoom, besides site: Site = .chatRoom) {
    (self.room, self.site, door) = (room, site, room.addDoor())
  }

  /// The connections for which there is something new: what `StreamServer` calls wakes.
  public func wakes() -> [ConnectionID] { room.takeAwake(door: door) }

  /// Answers a request.
  public func answer(_ request: HTTPRequest, on connection: ConnectionID, at now: WallInstant)
    -> HTTPAnswer
  {
    let listener = ChatRoom.Listener(door: door, connection: connection)
    switch (request.path.text, request.method) {
    case ("/echo", "GET"): return .webSocket(EchoMessages())
    case ("/chat", "GET"):
      guard let name = Self.name(request) else { return Self.badName }
      return .webSocket(ChatMember(name, in: room, listener))
    case ("/poll", "GET"):
      guard let number = request.parameter("after") else {
        let now = HTTPMessage(.ok, "\(room.lastNumber)\n", fields: [("Cache-Control", "no-store")])
        return .message(now)
      }
      guard let number = Int(number) else { return .status(.badRequest) }
      return .later(ChatWaiter(after: number, in: room, listener))
    case ("/poll", "POST"): return say(request)
    case ("/poll", _): return .status(.methodNotAllowed, [("Allow", "GET, POST")])
    default: return site.answer(request, on: connection, at: now)
    }
  }

  private func say(_ request: HTTPRequest) -> HTTPAnswer {
    // A page of another site must not speak in its visitor's name.
    guard request.isFromOwnPage else { return .status(.forbidden) }
    guard let name = Self.name(request) else { return Self.badName }
    guard UTF8Checker.isWellFormed(request.body),
      let line = ChatText.line(String(decoding: request.body, as: UTF8.self), by: name)
    else { return .status(.badRequest) }
    room.say(line)
    return .message(HTTPMessage(.noContent))
  }

  private static func name(_ request: HTTPRequest) -> String? {
    request.parameter("name").flatMap { ChatText.name($0) }
  }

  private static var badName: HTTPAnswer {
    .message(
      HTTPMessage(
        .badRequest, "400 Bad Request: ?name=NAME, of 1 to \(ChatText.longestName) characters\n"))
  }
}
