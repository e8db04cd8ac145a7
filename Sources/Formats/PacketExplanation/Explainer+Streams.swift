import PacketText
import PacketWire

extension Explainer {
  /// More records or lines of one segment than this are data.
  private static let maximumPieces = 64

  /// What a TCP segment carries, up to `end`: records of TLS, or the head of an HTTP message, where a
  /// segment begins with one.
  mutating func segmentData(_ source: String) throws(Stop) {
    guard available > 0 else { return }
    if isTLSRecord {
      try tlsRecords()
    } else if isHTTPHead {
      try httpHead()
    } else {
      rest("Data", source, "a piece of the stream that the connection carries")
    }
  }

  // MARK: TLS

  /// A record's header could begin here (RFC 8446 §5.1).
  private var isTLSRecord: Bool {
    available >= 5 && offset + 5 <= octets.count && (20...24).contains(octets[offset])
      && octets[offset + 1] == 3 && octets[offset + 2] <= 4
      && number(at: (offset + 3) * 8, bits: 16) <= 16_384 + 2_048
  }

  private mutating func tlsRecords() throws(Stop) {
    let source = "RFC 8446 §5.1"
    for _ in 0..<Self.maximumPieces where isTLSRecord {
      begin("TLS record")
      let type = try field("type", bits: 8, source) {
        Said("\($0) (\(Self.name(ofRecord: $0)))", "what is in the record")
      }
      try field("legacy_record_version", bits: 16, source) {
        Self.code($0, 4, "of no use any more: the hellos say the version")
      }
      let length = try field("length", bits: 16, source) {
        Said(Self.count($0, "octet"), "how long the record is without this header")
      }
      let here = min(Int(length), available)
      let cut =
        here < Int(length) ? "; \(Int(length) - here) more come in later segments" : ""
      try field("fragment", octets: here, source) {
        Said(
          Self.count($0.count, "octet"),
          (type == 23 ? "enciphered: nobody else can read it" : "the record's content") + cut)
      }
    }
    if available > 0 {
      begin("Data")
      rest("Data", source, "a piece of a record")
    }
  }

  private static func name(ofRecord type: UInt64) -> String {
    switch type {
    case 20: "change_cipher_spec"
    case 21: "alert"
    case 22: "handshake"
    case 23: "application_data"
    default: "heartbeat"
    }
  }

  // MARK: HTTP

  private static let methods = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "HTTP/1."]

  private var isHTTPHead: Bool {
    Self.methods.contains { word in
      offset + word.utf8.count <= min(end, octets.count)
        && octets[offset..<offset + word.utf8.count].elementsEqual(word.utf8)
    }
  }

  private mutating func httpHead() throws(Stop) {
    let isAnswer = octets[offset] == UInt8(ascii: "H") && octets[offset + 1] == UInt8(ascii: "T")
    begin(isAnswer ? "HTTP response" : "HTTP request")
    var isFirst = true
    for _ in 0..<Self.maximumPieces where available > 0 {
      let count = lineLength
      let line = octets[offset..<offset + count]
      let content = count - (line.suffix(2) == [0x0d, 0x0a] ? 2 : 0)
      let text = SafeText.escaped(octets.span.extracting(offset..<offset + content), atMost: 120)
      let isEmpty = count <= 2 && !isFirst
      try field(
        isFirst ? (isAnswer ? "status-line" : "request-line") : isEmpty ? "CRLF" : "field-line",
        octets: count, isFirst ? "RFC 9112 §3" : isEmpty ? "RFC 9112 §2.1" : "RFC 9112 §5"
      ) { _ in
        Said(
          text,
          isFirst
            ? (isAnswer ? "what became of the request" : "what is asked for")
            : isEmpty ? "an empty line: the head ends here" : "says more about it")
      }
      isFirst = false
      if isEmpty { break }
    }
    rest("content", "RFC 9112 §6", "the message's body, or the rest of its head")
  }

  /// How long the line is that begins here, with its end.
  private var lineLength: Int {
    let last = octets[offset..<end].firstIndex(of: 0x0a) ?? end - 1
    return last + 1 - offset
  }
}
