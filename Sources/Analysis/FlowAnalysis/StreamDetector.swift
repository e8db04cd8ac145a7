/// Tells by the first octets of a stream what it carries.
enum StreamDetector {
  enum Verdict {
    case needsMore
    case httpRequest
    case httpResponse
    case http2
    case tls
    case unknown
  }

  /// The start of an HTTP/2 connection (RFC 9113 §3.4).
  private static let http2Preface = "PRI * HTTP/2.0\r\n"

  /// What `octets`, from the very start of a direction, begin.
  static func verdict(_ octets: Span<UInt8>) -> Verdict {
    guard octets.count > 0 else { return .needsMore }
    switch octets[0] {
    case 22: return tls(octets)
    case UInt8(ascii: "H") where isPrefix(octets, of: "HTTP/1."):
      return octets.count >= 7 ? .httpResponse : .needsMore
    case UInt8(ascii: "P") where isPrefix(octets, of: http2Preface):
      return octets.count >= 16 ? .http2 : .needsMore
    default: return method(octets)
    }
  }

  /// `octets` could be the start of a request or of a response.
  static func looksLikeHead(_ octets: Span<UInt8>) -> Bool {
    switch verdict(octets) {
    case .httpRequest, .httpResponse: true
    default: false
    }
  }

  /// A handshake record of a known version that holds a ClientHello or ServerHello (RFC 8446 §5.1).
  private static func tls(_ octets: Span<UInt8>) -> Verdict {
    if octets.count > 1, octets[1] != 3 { return .unknown }
    if octets.count > 2, octets[2] > 4 { return .unknown }
    if octets.count > 5 { return octets[5] == 1 || octets[5] == 2 ? .tls : .unknown }
    return .needsMore
  }

  /// A method and a blank; the reader checks the whole line.
  private static func method(_ octets: Span<UInt8>) -> Verdict {
    var end = 0
    while end < octets.count, end <= 24, octets[end] != ASCII.space { end += 1 }
    guard end <= 24 else { return .unknown }
    if end < octets.count {
      return HTTPHead.isMethod(octets.extracting(0..<end)) ? .httpRequest : .unknown
    }
    for index in octets.indices where !ASCII.isUppercaseLetter(octets[index]) { return .unknown }
    return .needsMore
  }

  private static func isPrefix(_ octets: Span<UInt8>, of text: String) -> Bool {
    let other = text.utf8.span
    for index in 0..<min(octets.count, other.count) where octets[index] != other[index] {
      return false
    }
    return true
  }
}
