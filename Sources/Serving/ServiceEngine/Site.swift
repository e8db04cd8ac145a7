import PacketWire

/// The files of a web site that never changes.
public struct Site: Sendable {
  /// A file and what it is.
  struct Page: Hashable, Sendable {
    /// The media type (RFC 9110 §8.3).
    var type: String
    var body: [UInt8]

    init(_ type: String, _ text: String) { (self.type, body) = (type, Array(text.utf8)) }

    /// A short page that says what went wrong.
    static func message(of status: HTTPStatus) -> Page {
      Page("text/plain; charset=utf-8", "\(status.rawValue) \(status.reason)\n")
    }
  }

  /// By path.
  var pages: [String: Page]
  /// Sent for any other path.
  var notFound: Page
  /// Of all pages.
  var lastModified: WallInstant

  /// The landing page of a small chat service that exists in the lab only.
  public static let chat = Site(
    pages: [
      "/": Page("text/html; charset=utf-8", ChatPages.landing),
      "/style.css": Page("text/css; charset=utf-8", ChatPages.style),
      "/app.js": Page("text/javascript; charset=utf-8", ChatPages.script),
      "/logo.svg": Page("image/svg+xml", ChatPages.logo),
    ],
    notFound: Page("text/html; charset=utf-8", ChatPages.notFound),
    lastModified: WallInstant(nanoseconds: 1_767_225_600_000_000_000))  // 2026-01-01
}
