/// Why packed data could not be unpacked further, and where.
public struct DecompressionError: Error, Hashable, Sendable {
  /// What was wrong.
  public enum Reason: Hashable, Sendable {
    /// The data ends before its end is reached.
    case truncated
    /// The data is not what its format says; in the library's words.
    case damaged(String)
    /// There is no memory for the library's own tables.
    case outOfMemory
  }

  /// How the data is packed.
  public var format: CompressionFormat
  /// Packed octets that were taken in before.
  public var offset: Int
  /// What was wrong.
  public var reason: Reason

  /// An error after `offset` octets of packed data.
  public init(_ format: CompressionFormat, at offset: Int, _ reason: Reason) {
    (self.format, self.offset, self.reason) = (format, offset, reason)
  }
}

extension DecompressionError: CustomStringConvertible {
  /// One line for a person.
  public var description: String {
    switch reason {
    case .truncated: "truncated: the \(format) data breaks off after \(offset) octets"
    case .damaged(let words): "the \(format) data is damaged at offset \(offset): \(words)"
    case .outOfMemory: "no memory to unpack \(format) data"
    }
  }
}
