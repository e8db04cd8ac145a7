/// A protocol whose messages are lines of text, by the name that tcpdump gives it.
enum TextProtocol: String {
  case http, rtsp, ftp, smtp, pop3, imap, whois

  /// The protocol by one of its ports, nil for others.
  init?(port: UInt16) {
    switch port {
    case 80, 8080: self = .http
    case 554, 8554: self = .rtsp
    case 21: self = .ftp
    case 25: self = .smtp
    case 43: self = .whois
    default: return nil
    }
  }

  /// The name in capitals.
  var title: String {
    switch self {
    case .http: "HTTP"
    case .rtsp: "RTSP"
    case .ftp: "FTP"
    case .smtp: "SMTP"
    case .pop3: "POP3"
    case .imap: "IMAP"
    case .whois: "WHOIS"
    }
  }

  /// `payload` begins a message, as far as it was captured; all that is said in FTP and the like are
  /// lines.
  func begins(_ payload: Span<UInt8>, isCut: Bool) -> Bool {
    switch self {
    case .http: payload.beginsMessage(methods: HTTPMethods.packed, isCut: isCut)
    case .rtsp: payload.beginsMessage(methods: HTTPMethods.streaming, isCut: isCut)
    case .ftp, .smtp, .pop3, .imap, .whois: true
    }
  }
}

extension PacketPrinter {
  /// Appends what a segment of a text protocol holds: its first line if a message begins there, all
  /// lines of the header when verbose. `length` is the payload's on the wire.
  mutating func append(
    _ textProtocol: TextProtocol, _ payload: Span<UInt8>, length: Int, into out: inout TextBuffer
  ) {
    out.append(textProtocol.title)
    guard textProtocol.begins(payload, isCut: payload.count < length) else { return }
    guard options.isVerbose else {
      _ = appendTextLine(textProtocol, payload, at: 0, after: ": ", length: length, into: &out)
      return
    }
    out.append(", length: ")
    out.append(decimal: length)
    var offset = 0
    while offset < payload.count {
      guard
        let end = appendTextLine(
          textProtocol, payload, at: offset, after: "\n\t", length: length, into: &out)
      else { return }
      offset = end
    }
  }

  /// Appends the version line of SSH (RFC 4253 §4.2); what follows it is no text.
  mutating func appendSSH(_ payload: Span<UInt8>, into out: inout TextBuffer) {
    let start = "SSH-".utf8.span
    var end = 0
    while end < payload.count, (0x20...0x7e).contains(payload[end]) || payload[end] == 0x09 {
      guard end >= start.count || payload[end] == start[end] else { return }
      end &+= 1
    }
    guard end < payload.count else {
      if end > 0, end < start.count { appendCut("ssh", into: &out) }
      return
    }
    guard end >= start.count else { return }
    let isLine =
      payload[end] == 0x0a
      || payload[end] == 0x0d && end &+ 1 < payload.count && payload[end &+ 1] == 0x0a
    guard isLine else { return }
    out.append(": SSH: ")
    out.append(untrusted: payload.extracting(first: end))
  }

  /// Appends `prefix` and the line at `offset` if it is printable ASCII, and gives back where the
  /// next one begins; nil when it has no end, which is marked, or is no text.
  private mutating func appendTextLine(
    _ textProtocol: TextProtocol, _ payload: Span<UInt8>, at offset: Int, after prefix: String,
    length: Int, into out: inout TextBuffer
  ) -> Int? {
    var index = offset
    while index < payload.count {
      let octet = payload[index]
      if octet == 0x0a || octet == 0x0d { break }
      guard octet == 0x09 || (0x20...0x7e).contains(octet) else { return nil }
      index &+= 1
    }
    let line = payload.extracting(offset..<index)
    guard index < payload.count else {
      if payload.count == length {
        out.append(prefix)
        out.append(untrusted: line)
      }
      appendCut(textProtocol.rawValue, into: &out)
      return nil
    }
    var next = index &+ 1
    if payload[index] == 0x0d {
      guard next < payload.count else {
        if payload.count < length { appendCut(textProtocol.rawValue, into: &out) }
        return nil
      }
      guard payload[next] == 0x0a else { return nil }
      next &+= 1
    }
    out.append(prefix)
    out.append(untrusted: line)
    return next
  }
}

extension Span<UInt8> {
  /// The first word is a method (RFC 9110 §9.3, RFC 4918 §9 and the like), or the second one a status
  /// code of three digits.
  fileprivate func beginsMessage(methods: Set<UInt128>, isCut: Bool) -> Bool {
    guard let first = word(at: 0, isCut: isCut) else { return false }
    if extracting(first.word).isMethod(of: methods) { return true }
    guard let second = word(at: first.next, isCut: isCut), second.word.count == 3 else {
      return false
    }
    return second.word.allSatisfy { (0x30...0x39).contains(self[$0]) }
  }

  /// The word at `offset`, at most 127 octets of it, and where the next one begins on that line. Where
  /// the capture was cut nobody knows whether a word goes on.
  private func word(at offset: Int, isCut: Bool) -> (word: Range<Int>, next: Int)? {
    var end = offset
    while end < count, (0x21...0x7e).contains(self[end]) { end &+= 1 }
    guard end > offset, end &- offset < 128,
      end == count ? !isCut : self[end].mayEndWord
    else { return nil }
    var next = end
    while next < count, self[next] == 0x20 { next &+= 1 }
    return (offset..<end, next)
  }

  /// Methods of at most sixteen letters, in any case, are told apart as two numbers.
  private func isMethod(of methods: Set<UInt128>) -> Bool {
    guard count <= 16 else { return false }
    var packed: UInt128 = 0
    for index in indices {
      let octet = self[index]
      packed = packed << 8 | UInt128((0x61...0x7a).contains(octet) ? octet &- 0x20 : octet)
    }
    return methods.contains(packed)
  }
}

extension UInt8 {
  /// A blank of ASCII or a letter beyond it.
  fileprivate var mayEndWord: Bool { self >= 0x80 || self == 0x20 || (0x09...0x0d).contains(self) }
}

/// The request methods that are recognised.
enum HTTPMethods {
  static let names = [
    "GET", "PUT", "COPY", "HEAD", "LOCK", "MOVE", "POLL", "POST", "BCOPY", "BMOVE", "MKCOL",
    "TRACE", "LABEL", "MERGE", "DELETE", "SEARCH", "UNLOCK", "REPORT", "UPDATE", "NOTIFY",
    "BDELETE", "CONNECT", "OPTIONS", "CHECKIN", "PROPFIND", "CHECKOUT", "CCM_POST", "SUBSCRIBE",
    "PROPPATCH", "BPROPFIND", "BPROPPATCH", "UNCHECKOUT", "MKACTIVITY", "MKWORKSPACE",
    "UNSUBSCRIBE", "RPC_CONNECT", "VERSION-CONTROL", "BASELINE-CONTROL",
  ]

  /// Each name's octets as one number.
  static let packed = pack(names)

  /// Those of RTSP (RFC 2326 §10).
  static let streaming = pack([
    "OPTIONS", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER",
    "SET_PARAMETER", "REDIRECT", "RECORD",
  ])

  private static func pack(_ names: [String]) -> Set<UInt128> {
    Set(names.map { name in name.utf8.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } })
  }
}
