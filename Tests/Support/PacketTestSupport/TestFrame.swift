public import PacketWire

/// A frame as a test writes it, right or wrong.
public struct TestFrame: Sendable {
  /// What it is.
  public var opcode: WebSocketOpcode
  /// Before it is masked.
  public var payload: [UInt8] = []
  /// FIN.
  public var isFinal = true
  /// RSV1 to RSV3.
  public var reservedBits: UInt8 = 0
  /// Nil: not masked.
  public var key: UInt32? = 0x1234_5678
  /// 126 or 127: a longer form of the length than is needed.
  public var lengthCode: UInt8?
  /// Nil: as long as the payload.
  public var claimedLength: UInt64?

  /// With text.
  public init(_ opcode: WebSocketOpcode, _ text: String = "", isFinal: Bool = true) {
    (self.opcode, payload, self.isFinal) = (opcode, Array(text.utf8), isFinal)
  }

  /// With octets.
  public init(_ opcode: WebSocketOpcode, octets: [UInt8], isFinal: Bool = true) {
    (self.opcode, payload, self.isFinal) = (opcode, octets, isFinal)
  }

  /// The same, changed.
  public func with(_ change: (inout TestFrame) -> Void) -> TestFrame {
    var frame = self
    change(&frame)
    return frame
  }

  /// As it is sent.
  public var octets: [UInt8] {
    var header = WebSocketFrameHeader(
      opcode, payloadLength: claimedLength ?? UInt64(payload.count), maskingKey: key,
      isFinal: isFinal)
    header.first |= reservedBits << 4
    if let lengthCode { header.lengthCode = lengthCode }
    var mask = WebSocketMask(key)
    return [UInt8](capacity: header.length + payload.count) { out in
      header.write(to: &out)
      for octet in payload { out.append(mask.apply(to: octet)) }
    }
  }

  /// As they come from a server.
  public static func text(_ frames: [TestFrame]) -> [UInt8] { frames.flatMap(\.octets) }
}
