import Compression
public import ServiceEngine

/// Packs the bodies of responses by gzip.
public final class GzipEncoder: ContentEncoder {
  private var compressor: GzipCompressor

  /// Nil where there is no memory.
  public init?() {
    guard let compressor = GzipCompressor() else { return nil }
    self.compressor = compressor
  }

  /// Takes octets and gives what is ready of the packed ones.
  public func encode(_ octets: [UInt8]) -> [UInt8] { compressor.compress(octets) }

  /// Gives the rest.
  public func finish() -> [UInt8] { compressor.finish() }
}
