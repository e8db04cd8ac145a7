public import PacketWire

/// One direction of a WebSocket connection: the payload of its frames, unmasked.
public struct WebSocketContents: Sendable {
  /// What became known.
  public enum Event: Sendable {
    /// A frame begins.
    case frame(WebSocketFrameHeader)
    /// The data are the next octets of its payload.
    case payload
    /// It is over.
    case end
  }

  private var held: [UInt8] = []
  private var header: WebSocketFrameHeader?
  private var remaining: UInt64 = 0
  private var mask = WebSocketMask(nil)
  /// Octets are missing, so that frames can no longer be told apart.
  public private(set) var isLost = false

  /// Nothing was read yet.
  public init() {}

  /// A header has begun and is not whole.
  var isInHeader: Bool { !held.isEmpty }

  /// Reads octets that are next in order.
  public mutating func consume(_ octets: Span<UInt8>, _ body: (Event, Span<UInt8>) -> Void) {
    var offset = 0
    while offset < octets.count, !isLost {
      guard let header else {
        held.append(octets[offset])
        offset += 1
        readHeader(body)
        continue
      }
      let count = Int(min(remaining, UInt64(octets.count - offset)))
      give(octets.extracting(offset..<offset + count), isMasked: header.maskingKey != nil, body)
      offset += count
      remaining -= UInt64(count)
      endFrame(body)
    }
  }

  /// Octets are missing: inside of a payload they can be jumped over.
  public mutating func skip(_ missing: Int64, _ body: (Event, Span<UInt8>) -> Void) {
    guard header != nil, missing >= 0, UInt64(missing) <= remaining else {
      (isLost, held, header) = (true, [], nil)
      return
    }
    remaining -= UInt64(missing)
    mask.skip(missing)
    endFrame(body)
  }

  private mutating func readHeader(_ body: (Event, Span<UInt8>) -> Void) {
    var reader = PacketReader(held.span)
    guard let header = try? WebSocketFrameHeader(parsing: &reader) else { return }
    held = []
    (self.header, remaining) = (header, header.payloadLength)
    mask = WebSocketMask(header.maskingKey)
    body(.frame(header), Span())
    endFrame(body)
  }

  private mutating func endFrame(_ body: (Event, Span<UInt8>) -> Void) {
    guard header != nil, remaining == 0 else { return }
    header = nil
    body(.end, Span())
  }

  private mutating func give(
    _ octets: Span<UInt8>, isMasked: Bool, _ body: (Event, Span<UInt8>) -> Void
  ) {
    guard isMasked else { return body(.payload, octets) }
    var mask = mask
    let plain = [UInt8](capacity: octets.count) { out in
      for index in octets.indices { out.append(mask.apply(to: octets[index])) }
    }
    self.mask = mask
    body(.payload, plain.span)
  }
}
