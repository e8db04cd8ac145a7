public import PacketWire

/// The files of a web site that never changes.
public struct Site: HTTPContent, Sendable {
  /// A file and what it is.
  struct Page: Hashable, Sendable {
    /// The media type (RFC 9110 §8.3).
    var type: String
    var body: [UInt8]

    init(_ type: String, _ text: String) { (self.type, body) = (type, Array(text.utf8)) }
  }

  /// By path.
  var pages: [String: Page]
  /// By path: where else it is.
  var redirects: [String: String] = [:]
  /// Sent for any other path.
  var notFound: Page
  /// Of all pages.
  var lastModified: WallInstant

  /// Answers for its files.
  public func answer(_ request: HTTPRequest, on _: ConnectionID, at _: WallInstant) -> HTTPAnswer {
    let path = request.path.text
    if let page = pages[path] {
      return .resource(HTTPResource(type: page.type, page.body, lastModified: lastModified))
    }
    guard request.isGetOrHead else { return .status(.methodNotAllowed, [("Allow", "GET, HEAD")]) }
    if let location = redirects[path] { return .redirect(to: location) }
    var message = HTTPMessage(.notFound, type: notFound.type)
    message.body = notFound.body
    return .message(message)
  }
}

extension HTTPContent where Self == Site {
  /// A small chat service that exists in the lab only: its landing page and its room.
  public static var chat: Site { .chat }
}

extension Site {
  /// A small chat service that exists in the lab only: its landing page and its room.
  public static let chat = Site(
    pages: [
      "/": Page("text/html; charset=utf-8", LandingPages.landing),
      "/style.css": Page("text/css; charset=utf-8", LandingPages.style),
      "/app.js": Page("text/javascript; charset=utf-8", LandingPages.script),
      "/logo.svg": Page("image/svg+xml", LandingPages.logo),
    ].merging(ChatRoomPages.pages(at: "/room/")) { page, _ in page },
    redirects: ["/index.html": "/", "/room": "/room/", "/chat-room": "/room/"],
    notFound: Page("text/html; charset=utf-8", LandingPages.notFound),
    lastModified: WallInstant(nanoseconds: 1_767_225_600_000_000_000))  // 2026-01-01
}
