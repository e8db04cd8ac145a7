/// A piece of QUIC's handshake (RFC 9000 §19.6), within the payload of a packet.
public struct QUICCryptoFrame: Hashable, Sendable {
  /// Where the piece stands in the handshake's octets.
  public var offset: UInt64
  /// Where its octets stand in the payload.
  public var octets: Range<Int>

  /// The pieces in the payload of an initial packet, up to the first frame that may not be in one
  /// (§12.4) or does not fit. Each frame takes an octet at least, which bounds their number.
  public static func all(in payload: Span<UInt8>) -> [QUICCryptoFrame] {
    var frames: [QUICCryptoFrame] = []
    var reader = PacketReader(payload)
    do throws(PacketError) {
      while reader.available > 0 {
        let type = try reader.take(1, for: .quic)[0]
        switch type {
        case 0, 1: break
        case 2, 3: try skipAcknowledgment(&reader, hasCounts: type == 3)
        case 6:
          let offset = try QUICVariableInteger(parsing: &reader).value
          let length = try QUICVariableInteger(parsing: &reader).value
          let start = reader.offset
          let count = Int(clamping: length)
          _ = try reader.take(count, for: .quic)
          frames.append(QUICCryptoFrame(offset: offset, octets: start..<start + count))
        default: return frames
        }
      }
    } catch {}
    return frames
  }

  /// §19.3: the largest number, the delay, how many ranges follow the first, and these; then counts.
  private static func skipAcknowledgment(
    _ reader: inout PacketReader, hasCounts: Bool
  ) throws(PacketError) {
    for _ in 0..<2 { _ = try QUICVariableInteger(parsing: &reader) }
    var numbers = try QUICVariableInteger(parsing: &reader).value
    // What is more than there are octets ends the payload anyway.
    numbers = min(numbers, UInt64(reader.available)) * 2 + (hasCounts ? 4 : 1)
    for _ in 0..<numbers { _ = try QUICVariableInteger(parsing: &reader) }
  }
}
