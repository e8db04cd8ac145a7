import Compression
import FlowAnalysis
import PacketWire

/// Unpacks the body of a message as its Content-Encoding says (RFC 9110 §8.4), piece by piece. What is
/// packed otherwise, or is damaged, is given as it came from there on.
final class ContentDecoder {
  private var machine: Decompressor?
  private var buffer: [UInt8] = []
  private var isDeflate = false
  /// It is packed in a way that is not undone here.
  private(set) var isLeftPacked = false

  /// The decoder of one coding; several behind each other are not undone.
  init(_ encoding: UntrustedText?) {
    guard let encoding, !encoding.isEmpty, !encoding.isSameASCII(as: "identity") else { return }
    if encoding.isSameASCII(as: "gzip") || encoding.isSameASCII(as: "x-gzip") {
      begin(.gzip)
    } else if encoding.isSameASCII(as: "zstd") {
      begin(.zstd)
    } else if encoding.isSameASCII(as: "deflate") {
      isDeflate = true
    } else {
      isLeftPacked = true
    }
  }

  private func begin(_ format: CompressionFormat) {
    machine = try? Decompressor(format)
    if machine == nil { isLeftPacked = true }
    buffer = [UInt8](repeating: 0, count: 65_536)
  }

  /// Gives what the next octets unpack to, in pieces, until `body` wants no more.
  func decode(_ octets: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) {
    if isDeflate, octets.count > 0 {
      // RFC 1950 §2.2: method 8, and a check of the first two octets. Without these it has no frame.
      let isFramed =
        octets.count > 1 ? octets[0] & 0x0f == 8 && octets.u16(at: 0) % 31 == 0 : octets[0] == 0x78
      begin(isFramed ? .zlib : .deflate)
      isDeflate = false
    }
    guard !isLeftPacked, machine != nil else {
      _ = body(octets)
      return
    }
    var offset = 0
    while true {
      let rest = octets.extracting(offset..<octets.count)
      guard let progress = try? machine?.decompress(rest, into: &buffer) else {
        isLeftPacked = true
        return
      }
      offset += progress.consumed
      if progress.produced > 0, !body(buffer.span.extracting(0..<progress.produced)) { return }
      if progress.consumed == 0, progress.produced == 0 { return }
    }
  }
}
