/// Unpacks data piece by piece. What it holds does not grow with the data: a window of 32 KiB for
/// gzip and its kin, and of 128 MiB at most for zstd.
///
/// Several members of gzip or frames of zstd behind each other are one piece of data (RFC 1952
/// §2.2, RFC 8878 §3.1).
public struct Decompressor: ~Copyable {
  /// What one step came to, in octets.
  public struct Progress: Hashable, Sendable {
    /// Octets of the input that were taken in; the rest is to be given again.
    public var consumed = 0
    /// Octets at the start of the output that were written.
    public var produced = 0
    /// A member or frame ended with the last of these octets.
    var isAtBoundary = false
    /// Octets to be given at most in the next step.
    var wanted = Int.max
  }

  private let format: CompressionFormat
  private let machine: DecompressionMachine
  private var wanted = 5
  private var offset = 0
  private var isAtBoundary = false
  private var failure: DecompressionError?

  /// At the start of data of this format.
  public init(_ format: CompressionFormat) throws(DecompressionError) {
    self.format = format
    let noMemory = DecompressionError(format, at: 0, .outOfMemory)
    switch format {
    case .gzip, .zlib, .deflate:
      guard let gzip = GzipMachine(format) else { throw noMemory }
      machine = .gzip(gzip)
    case .zstd:
      guard let zstd = ZstdMachine() else { throw noMemory }
      machine = .zstd(zstd)
    }
  }

  /// Takes in some of `input` and writes what it unpacks to into `output`, no more than that has
  /// room for. Nothing taken in and nothing written means that more input is needed.
  ///
  /// What comes before damage is written first; the error is thrown by the next call, and ever
  /// after.
  public mutating func decompress(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) throws(DecompressionError) -> Progress {
    if let failure { throw failure }
    // Between members there is nothing that could still come out.
    if isAtBoundary, input.isEmpty { return Progress() }
    var (progress, damage) = step(input, into: &output)
    // There was nothing left inside: now for the input.
    if wanted == 0, progress.produced == 0, damage == nil {
      wanted = progress.wanted
      (progress, damage) = step(input, into: &output)
    }
    wanted = progress.wanted
    offset += progress.consumed
    isAtBoundary = progress.isAtBoundary
    if let damage { failure = DecompressionError(format, at: offset, damage) }
    if let failure, progress.produced == 0 { throw failure }
    return progress
  }

  private func step(
    _ input: Span<UInt8>, into output: inout [UInt8]
  ) -> (Progress, DecompressionError.Reason?) {
    let piece = input.extracting(first: min(input.count, wanted))
    return switch machine {
    case .gzip(let gzip): gzip.step(piece, into: &output)
    case .zstd(let zstd): zstd.step(piece, into: &output)
    }
  }

  /// Says that there is no more input; throws when the data breaks off.
  public func finish() throws(DecompressionError) {
    if let failure { throw failure }
    guard isAtBoundary else { throw DecompressionError(format, at: offset, .truncated) }
  }
}

/// The library that does the work.
enum DecompressionMachine: ~Copyable {
  case gzip(GzipMachine)
  case zstd(ZstdMachine)
}
