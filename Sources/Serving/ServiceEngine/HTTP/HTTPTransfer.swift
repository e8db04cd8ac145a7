/// The body of a response on its way out: made piece by piece, as there is room to send it.
struct HTTPTransfer {
  /// What the body is made of.
  enum Part {
    case octets([UInt8])
    case range(any HTTPBody, Range<Int>)
  }

  /// So many octets are asked for at once.
  private static let pieceLength = 16_384

  private var parts: ArraySlice<Part>
  private var encoder: (any ContentEncoder)?
  private let isChunked: Bool
  private var isAtEnd = false
  /// Octets of the body that were made, as the request's log line tells them.
  private(set) var length = 0

  init(_ parts: [Part], encoder: (any ContentEncoder)? = nil, isChunked: Bool = false) {
    (self.parts, self.encoder, self.isChunked) = (parts[...], encoder, isChunked)
  }

  /// What a whole body that is not packed comes to.
  static func length(of parts: [Part]) -> Int {
    parts.reduce(0) { sum, part in
      switch part {
      case .octets(let octets): sum + octets.count
      case .range(_, let range): sum + range.count
      }
    }
  }

  /// What comes next.
  enum Step {
    /// To be sent. It may be empty.
    case octets([UInt8])
    /// All of it has been made.
    case end
    /// What the rest should be made of is not there any more.
    case broken
  }

  /// Makes the next piece.
  mutating func next() -> Step {
    guard let part = parts.popFirst() else { return end() }
    switch part {
    case .octets(let octets): return step(octets)
    case .range(let body, let range):
      guard !range.isEmpty else { return .octets([]) }
      let wanted = min(range.count, Self.pieceLength)
      guard let octets = body.read(from: range.lowerBound, atMost: wanted),
        (1...wanted).contains(octets.count)
      else { return .broken }
      let rest = range.dropFirst(octets.count)
      if !rest.isEmpty { parts.insert(.range(body, rest), at: parts.startIndex) }
      return step(octets)
    }
  }

  private mutating func step(_ octets: [UInt8]) -> Step {
    .octets(framed(encoder?.encode(octets) ?? octets))
  }

  private mutating func end() -> Step {
    guard !isAtEnd else { return .end }
    isAtEnd = true
    let rest = framed(encoder?.finish() ?? [])
    encoder = nil
    return .octets(isChunked ? rest + Array("0\r\n\r\n".utf8) : rest)
  }

  /// As a chunk (RFC 9112 §7.1); an empty one would be the end.
  private mutating func framed(_ octets: [UInt8]) -> [UInt8] {
    length += octets.count
    guard isChunked, !octets.isEmpty else { return octets }
    return Array("\(String(octets.count, radix: 16))\r\n".utf8) + octets + [0x0d, 0x0a]
  }
}
