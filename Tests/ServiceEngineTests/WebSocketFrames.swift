import PacketTestSupport
import PacketWire

@testable import ServiceEngine

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
