/// The head of a message, from its start line to the empty line (RFC 9112 §2.1).
struct HTTPHead {
  /// A head is at most so long, in octets.
  static let maximumLength = 8192

  /// The parts of the start line between single blanks: the third may have blanks of its own.
  let startLine: [ArraySlice<UInt8>]
  let fields: HTTPFields

  /// Throws the status to answer with.
  init(_ head: ArraySlice<UInt8>) throws(HTTPStatus) {
    guard head.count <= Self.maximumLength else { throw .headTooLarge }
    var lines = head.split(separator: 0x0a, omittingEmptySubsequences: false)[...]
    guard let first = lines.popFirst() else { throw .badRequest }
    startLine = first.withoutCarriageReturn.split(
      separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
    fields = try HTTPFields(lines)
  }

  /// The minor version of HTTP/1, 1 also for those above it (RFC 9112 §2.3).
  static func minorVersion(_ octets: ArraySlice<UInt8>) throws(HTTPStatus) -> Int {
    let text = Array(octets)
    guard text.count == 8, text.starts(with: "HTTP/".utf8), text[6] == 0x2e,
      (0x30...0x39).contains(text[5]), (0x30...0x39).contains(text[7])
    else { throw .badRequest }
    guard text[5] == 0x31 else { throw .versionNotSupported }
    return min(Int(text[7] - 0x30), 1)
  }
}

/// Finds where a head ends in octets that come in pieces.
struct HTTPHeadFinder: Hashable, Sendable {
  /// Where the search goes on.
  private var searched = 0

  /// Just behind the empty line that ends the head, if it has come. A line may end with a line feed
  /// alone (RFC 9112 §2.2), so that a person can type a request.
  mutating func end(in input: [UInt8]) -> Int? {
    while searched < input.count {
      if input[searched] == 0x0a {
        let next = searched + 1
        guard next < input.count else { return nil }
        if input[next] == 0x0a { return next + 1 }
        if input[next] == 0x0d {
          guard next + 1 < input.count else { return nil }
          if input[next + 1] == 0x0a { return next + 2 }
        }
      }
      searched += 1
    }
    return nil
  }
}
