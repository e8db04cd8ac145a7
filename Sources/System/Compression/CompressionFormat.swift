/// How data is packed.
public enum CompressionFormat: Hashable, Sendable, CustomStringConvertible {
  /// RFC 1952.
  case gzip
  /// Zstandard (RFC 8878).
  case zstd
  /// RFC 1950; in HTTP called "deflate" (RFC 9110 §8.4.1.2).
  case zlib
  /// RFC 1951, without a frame: what some servers take "deflate" for, and what WebSocket uses.
  case deflate

  /// So many octets tell a format.
  public static let magicLength = 4

  /// The format of a file that begins with `octets`; nil where it is neither gzip nor zstd.
  public init?(magic octets: Span<UInt8>) {
    guard octets.count >= Self.magicLength else { return nil }
    switch (octets[0], octets[1], octets[2], octets[3]) {
    // Deflate is the only method that RFC 1952 knows.
    case (0x1f, 0x8b, 8, _): self = .gzip
    // A frame, or one to be passed over, which may be the first (RFC 8878 §3.1).
    case (0x28, 0xb5, 0x2f, 0xfd), (0x50...0x5f, 0x2a, 0x4d, 0x18): self = .zstd
    default: return nil
    }
  }

  /// The name of the tool that packs so, or of the format.
  public var description: String {
    switch self {
    case .gzip: "gzip"
    case .zstd: "zstd"
    case .zlib: "zlib"
    case .deflate: "deflate"
    }
  }
}
