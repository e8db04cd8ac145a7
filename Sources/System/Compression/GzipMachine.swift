internal import CZlib

/// zlib, unpacking gzip members, or deflate in other frames.
///
/// Safe to use: it owns the only reference to zlib's state, which has to stay where it is, and frees
/// it once.
@safe
struct GzipMachine: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>
  /// Data behind the end of other data refers to it.
  private let keepsWindow: Bool

  /// Nil where there is no memory.
  init?(_ format: CompressionFormat) {
    // 15 bits of window; 16 more for "gzip, and nothing else", negative for no frame.
    switch format {
    case .zlib: self.init(window: 15)
    case .deflate: self.init(window: -15)
    case .gzip, .zstd: self.init(window: 15 + 16)
    }
  }

  /// With zlib's own number for window and frame; nil where there is no memory. The corresponding C call
  /// is `inflateInit2`.
  init?(window: CInt, keepsWindow: Bool = false) {
    self.keepsWindow = keepsWindow
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, window, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// The corresponding C call is `inflate`.
  func step(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (Decompressor.Progress, DecompressionError.Reason?) {
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        // zlib only reads from `next_in`, and keeps neither address beyond the call.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        unsafe stream.pointee.avail_in = CUnsignedInt(clamping: source.count)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = CUnsignedInt(clamping: target.count)
        return unsafe inflate(stream, Z_NO_FLUSH)
      }
    }
    let progress = Decompressor.Progress(
      consumed: min(input.count, Int(CUnsignedInt.max)) - Int(unsafe stream.pointee.avail_in),
      produced: min(output.count, Int(CUnsignedInt.max)) - Int(unsafe stream.pointee.avail_out),
      isAtBoundary: status == Z_STREAM_END)
    switch status {
    // Another member may follow.
    case Z_STREAM_END:
      if keepsWindow { goOn() } else { reset() }
      return (progress, nil)
    // Z_BUF_ERROR says that nothing could be done, for lack of input.
    case Z_OK, Z_BUF_ERROR: return (progress, nil)
    case Z_MEM_ERROR: return (progress, .outOfMemory)
    default: return (progress, .damaged(message ?? "error \(status)"))
    }
  }

  /// Begins anew. The corresponding C call is `inflateReset`.
  func reset() { unsafe inflateReset(stream) }

  /// Begins anew, with what was unpacked last. The corresponding C calls are `inflateGetDictionary`,
  /// `inflateReset` and `inflateSetDictionary`.
  private func goOn() {
    // zlib writes at most this much.
    var window = [UInt8](repeating: 0, count: 32_768)
    var count: CUnsignedInt = 0
    unsafe window.withUnsafeMutableBufferPointer {
      unsafe inflateGetDictionary(stream, $0.baseAddress, &count)
      unsafe inflateReset(stream)
      unsafe inflateSetDictionary(stream, $0.baseAddress, count)
    }
  }

  private var message: String? {
    guard let text = unsafe stream.pointee.msg else { return nil }
    return unsafe String(cString: text)
  }
}
