internal import CZlib

/// Packs octets piece by piece into one gzip member (RFC 1952). What it holds does not grow with them.
///
/// Safe to use: it owns the only reference to zlib's state, which has to stay where it is, and frees
/// it once.
@safe
public struct GzipCompressor: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  private var buffer = [UInt8](repeating: 0, count: 16_384)

  /// Nil where there is no memory. The corresponding C call is `deflateInit2`.
  public init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for gzip; the rest is what zlib would choose.
    let status = unsafe deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Takes octets in and gives what is ready of the packed ones, often none.
  public mutating func compress(_ octets: [UInt8]) -> [UInt8] {
    octets.isEmpty ? [] : run(octets, Z_NO_FLUSH)
  }

  /// Gives the rest. Nothing may be taken in behind it.
  public mutating func finish() -> [UInt8] { run([], Z_FINISH) }

  /// The corresponding C call is `deflate`, until it has room left over.
  private mutating func run(_ octets: [UInt8], _ flush: CInt) -> [UInt8] {
    var packed: [UInt8] = []
    let stream = unsafe self.stream
    unsafe octets.withUnsafeBufferPointer { source in
      // zlib only reads from `next_in`, and keeps neither address beyond the call.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.pointee.avail_in = CUnsignedInt(clamping: source.count)
      var produced = buffer.count
      while produced == buffer.count {
        produced = unsafe buffer.withUnsafeMutableBufferPointer { target in
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = CUnsignedInt(clamping: target.count)
          unsafe deflate(stream, flush)
          return unsafe target.count - Int(stream.pointee.avail_out)
        }
        packed += buffer[..<produced]
      }
    }
    return packed
  }
}
