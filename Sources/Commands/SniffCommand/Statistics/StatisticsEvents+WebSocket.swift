import CaptureStatistics
import EventJSON
import FlowAnalysis
import PacketText
import PacketWire

extension StatisticsEvents {
  /// WebSockets, an event each, and what they come to.
  func append(_ webSocket: WebSocketStatistics, _ out: inout TextBuffer) {
    for connection in webSocket.connections { append(connection, &out) }
    event("capture.websockets", &out) { event in
      event.field("connections", webSocket.count)
      event.field("compressed", webSocket.compressed)
      Self.fill(&event, webSocket.toServer, webSocket.toClient)
      event.field("omitted_frames", webSocket.omittedFrames)
      event.array("closes") { array in
        for (code, count) in webSocket.closeCodes.sorted(by: <) {
          array.object {
            $0.field("code", Int(code))
            $0.field("count", count)
          }
        }
      }
      event.field("longest_silence_ns", webSocket.mostSilent?.silence)
    }
  }

  private func append(_ connection: WebSocketStatistics.Connection, _ out: inout TextBuffer) {
    event("capture.websocket", &out) { event in
      event.field("stream", connection.stream)
      event.field("client", connection.client.address)
      event.field("client_port", connection.client.port)
      event.field("server", connection.server.address)
      event.field("server_port", connection.server.port)
      event.field("opened_ns", connection.opened.time)
      event.field("opened_packet", connection.opened.number)
      event.field("compressed", connection.isCompressed)
      Self.fill(&event, connection.toServer, connection.toClient)
      event.field("longest_silence_ns", connection.silenceEnd.map { _ in connection.silence })
      event.field("silence_end_packet", connection.silenceEnd)
      event.field("close_code", connection.closeCode.map { Int($0.rawValue) })
    }
  }

  private static func fill(
    _ event: inout JSONObject, _ toServer: WebSocketStatistics.Direction,
    _ toClient: WebSocketStatistics.Direction
  ) {
    event.array("directions") { array in
      for (whom, direction) in [("server", toServer), ("client", toClient)] {
        array.object {
          $0.field("to", whom)
          fill(&$0, direction)
        }
      }
    }
  }

  private static func fill(_ object: inout JSONObject, _ direction: WebSocketStatistics.Direction) {
    object.object("frames") { frames in
      for (opcode, name) in WebSocketStatistics.namedOpcodes {
        frames.field(name, direction.frames[opcode] ?? 0)
      }
      frames.field("other", direction.otherFrames)
    }
    object.field("bytes", Int(clamping: direction.octets))
    object.field("messages", direction.messages)
    object.field("packed_messages", direction.packedMessages)
    object.field("packed_bytes", Int(clamping: direction.packedOctets))
    object.field("unpacked_bytes", Int(clamping: direction.unpackedOctets))
  }
}

extension WebSocketStatistics {
  /// Opcodes that have a meaning, by the words for them.
  static let namedOpcodes: [(opcode: WebSocketOpcode, name: String)] = [
    (.text, "text"), (.binary, "binary"), (.continuation, "continuation"), (.ping, "ping"),
    (.pong, "pong"), (.close, "close"),
  ]
}

extension WebSocketStatistics.Direction {
  /// Frames of opcodes without a meaning.
  var otherFrames: Int {
    frameCount - WebSocketStatistics.namedOpcodes.reduce(0) { $0 + (frames[$1.opcode] ?? 0) }
  }
}
