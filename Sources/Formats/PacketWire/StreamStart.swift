/// What one direction of a TCP connection begins, as far as its first octets tell.
public enum StreamStart: Hashable, Sendable {
  /// More octets could tell.
  case needsMore
  /// HTTP/1.x (RFC 9112).
  case httpRequest, httpResponse
  /// HTTP/2 without TLS (RFC 9113 §3.4).
  case http2
  /// TLS or SSL 3, by the hello of either end (RFC 8446 §5.1).
  case tlsClient, tlsServer
  /// None of these.
  case unknown

  /// What `octets`, from the very start of a direction, begin.
  public init(_ octets: Span<UInt8>) {
    guard octets.count > 0 else {
      self = .needsMore
      return
    }
    switch octets[0] {
    case 22: self.init(records: octets)
    case UInt8(ascii: "H") where octets.isPrefix(of: "HTTP/1."):
      self = octets.count >= 7 ? .httpResponse : .needsMore
    case UInt8(ascii: "P") where octets.isPrefix(of: "PRI * HTTP/2.0\r\n"):
      self = octets.count >= 16 ? .http2 : .needsMore
    default: self.init(request: octets)
    }
  }

  /// A handshake record of a known version that holds a hello.
  private init(records octets: Span<UInt8>) {
    if octets.count > 1, octets[1] != 3 {
      self = .unknown
    } else if octets.count > 2, octets[2] > 4 {
      self = .unknown
    } else if octets.count <= 5 {
      self = .needsMore
    } else {
      switch octets[5] {
      case ClientHello.handshakeType: self = .tlsClient
      case ServerHello.handshakeType: self = .tlsServer
      default: self = .unknown
      }
    }
  }

  /// A method and a blank; what follows them is for the reader of the line to judge.
  private init(request octets: Span<UInt8>) {
    var end = 0
    while end < octets.count, end <= 24, octets[end] != 0x20 { end += 1 }
    if end <= 24, end < octets.count {
      self = octets.extracting(0..<end).isHTTPMethod ? .httpRequest : .unknown
      return
    }
    for index in 0..<end where !(0x41...0x5a).contains(octets[index]) {
      self = .unknown
      return
    }
    self = end <= 24 ? .needsMore : .unknown
  }
}

extension Span<UInt8> {
  /// The word of a request line that says what to do. Every method in use is of capital letters, and
  /// some have a hyphen; other tokens (RFC 9110 §9.1) are not taken for one, since chance would find
  /// them.
  public var isHTTPMethod: Bool {
    guard (3...24).contains(count), (0x41...0x5a).contains(self[0]) else { return false }
    for index in indices {
      let octet = self[index]
      guard (0x41...0x5a).contains(octet) || octet == 0x2d || octet == 0x5f else { return false }
    }
    return true
  }

  /// The first octets are those of `text`.
  public func begins(with text: String) -> Bool { count >= text.utf8.count && isPrefix(of: text) }

  /// As far as both go, they are the same.
  fileprivate func isPrefix(of text: String) -> Bool {
    let other = text.utf8.span
    for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
      return false
    }
    return true
  }
}
