/// Finds where a chunked body ends (RFC 9112 §7.1), which may come piece by piece.
public struct HTTPChunks: Sendable {
  /// What a piece was.
  public enum Outcome: Hashable, Sendable {
    /// Part of the body.
    case goesOn
    /// The body's last octets, and this many behind them are of something else.
    case ends(unread: Int)
    /// No chunks.
    case broken
  }

  private var reader = HTTPMessageReader()
  private var memory = StreamMemory(limit: 0, limitPerStream: 0)

  /// Before the first chunk.
  public init() { reader.begin(.chunked) }

  /// Reads octets that are next in order; nothing may follow what ends a body.
  ///
  /// - Parameters:
  ///   - octets: the next ones.
  ///   - data: is told where the data of chunks stands in them, piece by piece.
  /// - Returns: what they were.
  public mutating func consume(
    _ octets: Span<UInt8>, data: (Range<Int>) -> Void = { _ in }
  ) -> Outcome {
    var offset = 0
    while offset < octets.count {
      let start = offset
      switch reader.step(octets, &offset, headLimit: 0, &memory) {
      case .body(let count): if count > 0 { data(start..<start + count) }
      case .end: return .ends(unread: octets.count - start)
      default: return .broken
      }
    }
    return reader.takeEnd() ? .ends(unread: 0) : .goesOn
  }
}
