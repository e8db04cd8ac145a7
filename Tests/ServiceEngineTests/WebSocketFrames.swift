import PacketTestSupport
import PacketWire

@testable import ServiceEngine

/// A frame as a test writes it, right or wrong.
struct TestFrame {
  var opcode: WebSocketOpcode
  var payload: [UInt8] = []
  var isFinal = true
  var reservedBits: UInt8 = 0
  /// Nil: not masked.
  var key: UInt32? = 0x1234_5678
  /// 126 or 127: a longer form of the length than is needed.
  var lengthCode: UInt8?
  /// Nil: as long as the payload.
  var claimedLength: UInt64?

  init(_ opcode: WebSocketOpcode, _ text: String = "", isFinal: Bool = true) {
    (self.opcode, payload, self.isFinal) = (opcode, Array(text.utf8), isFinal)
  }

  init(_ opcode: WebSocketOpcode, octets: [UInt8], isFinal: Bool = true) {
    (self.opcode, payload, self.isFinal) = (opcode, octets, isFinal)
  }

  func with(_ change: (inout TestFrame) -> Void) -> TestFrame {
    var frame = self
    change(&frame)
    return frame
  }

  var octets: [UInt8] {
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
  static func text(_ frames: [TestFrame]) -> [UInt8] { frames.flatMap(\.octets) }
}

/// What an end has sent, read by the rules of the other one, as words.
func described(_ output: [UInt8], from role: WebSocketFrameReader.Sender) -> [String] {
  var reader = WebSocketFrameReader(from: role, maximumMessageLength: .max)
  var rest = output[...]
  var words: [String] = []
  do throws(WebSocketClose) {
    while let piece = try reader.next(&rest) {
      switch piece {
      case .message(.text(let text)): words.append("text \(text)")
      case .message(.binary(let octets)): words.append("binary \(octets.count)")
      case .ping(let payload): words.append("ping \(String(decoding: payload, as: UTF8.self))")
      case .pong(let payload): words.append("pong \(String(decoding: payload, as: UTF8.self))")
      case .close(let close): words.append("close \(close.code.map { "\($0.rawValue)" } ?? "-")")
      }
    }
  } catch {
    words.append("broken: \(error.reason)")
  }
  return words
}

extension WebSocketConnection.Event {
  /// As words.
  var words: String {
    switch self {
    case .message(.text(let text)): "text \(text)"
    case .message(.binary(let octets)): "binary \(octets.count)"
    case .ping(let payload): "ping \(String(decoding: payload, as: UTF8.self))"
    case .pong(let payload): "pong \(String(decoding: payload, as: UTF8.self))"
    case .closed(let close): "closed \(close.code.map { "\($0.rawValue)" } ?? "-") \(close.reason)"
    case .failed(let close): "failed \(close.code?.rawValue ?? 0)"
    }
  }
}
