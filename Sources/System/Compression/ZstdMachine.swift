internal import CZstd

/// libzstd, unpacking frames.
///
/// Safe to use: it owns the only reference to libzstd's state, and frees it once.
@safe
struct ZstdMachine: ~Copyable {
  private let context: OpaquePointer

  /// A window of 2 to the power of this is the largest; it is also what `zstd -d` allows.
  private static let maximumWindowBits: CInt = 27

  /// Nil where there is no memory. The corresponding C call is `ZSTD_createDStream`.
  init?() {
    guard let context = unsafe ZSTD_createDStream() else { return nil }
    unsafe self.context = context
    _ = unsafe ZSTD_initDStream(context)
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.maximumWindowBits)
  }

  deinit { unsafe ZSTD_freeDStream(context) }

  /// The corresponding C call is `ZSTD_decompressStream`.
  func step(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (Decompressor.Progress, DecompressionError.Reason?) {
    var progress = Decompressor.Progress()
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var to = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let status = unsafe ZSTD_decompressStream(context, &to, &from)
        (progress.consumed, progress.produced) = unsafe (from.pos, to.pos)
        return status
      }
    }
    guard ZSTD_isError(status) == 0 else {
      let words = unsafe ZSTD_getErrorName(status).map { unsafe String(cString: $0) }
      return (progress, .damaged(words ?? "unknown"))
    }
    progress.wanted =
      switch status {
      // What is still inside has to come out first.
      case _ where progress.produced == output.count: 0
      // A frame is known by five octets at the most.
      case 0: 5
      // No more than one block at a time, and not the three octets of the next one's header that
      // libzstd would like to have beside it: on damage it gives nothing of what came in with it.
      case 4...: status - 3
      default: status
      }
    progress.isAtBoundary = status == 0
    return (progress, nil)
  }
}
