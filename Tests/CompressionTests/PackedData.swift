import CZlib
import CZstd

/// Packs octets as the library of a format does it.
enum PackedData {
  static func gzip(_ octets: [UInt8]) -> [UInt8] {
    var stream = unsafe z_stream()
    let status = unsafe deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      CInt(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    var input = octets
    return unsafe [UInt8](unsafeUninitializedCapacity: octets.count + octets.count / 8 + 64) {
      target, count in
      unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe (stream.next_in, stream.avail_in) = (source.baseAddress, CUnsignedInt(source.count))
        unsafe (stream.next_out, stream.avail_out) = (
          target.baseAddress, CUnsignedInt(target.count)
        )
        precondition(unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END)
      }
      count = unsafe target.count - Int(stream.avail_out)
    }
  }

  static func zstd(_ octets: [UInt8]) -> [UInt8] {
    let room = ZSTD_compressBound(octets.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: room) { target, count in
      count = unsafe octets.withUnsafeBufferPointer { source in
        unsafe ZSTD_compress(target.baseAddress, room, source.baseAddress, source.count, 3)
      }
      precondition(ZSTD_isError(count) == 0)
    }
  }
}
