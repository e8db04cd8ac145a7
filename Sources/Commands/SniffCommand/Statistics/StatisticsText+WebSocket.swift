import CaptureStatistics
import FlowAnalysis
import PacketText
import PacketWire
import TerminalText

extension StatisticsText {
  /// WebSockets and their frames.
  func appendWebSocket(_ webSocket: WebSocketStatistics, _ out: inout TextBuffer) {
    begin("WebSocket", &out)
    out.append(
      "\(Self.count(webSocket.count, "connection")), \(webSocket.compressed) with permessage-deflate"
    )
    out.newline()
    guard webSocket.count > 0 else { return }
    appendFrames(webSocket, &out)
    appendPacking(webSocket, &out)
    appendTally(
      webSocket.closeCodes, "close code",
      { "\($0)" + (WebSocketCloseCode(rawValue: $0).name.map { " (\($0))" } ?? "") }, by: <, &out)
    if let silent = webSocket.mostSilent, let end = silent.silenceEnd {
      out.append(
        "longest silence: \(Self.seconds(silent.silence)) s, on tcp.stream \(silent.stream), until "
          + "packet \(end)")
      out.newline()
    }
    appendConnections(webSocket, &out)
  }

  private func appendFrames(_ webSocket: WebSocketStatistics, _ out: inout TextBuffer) {
    var table = TextTable([.left, .right, .right])
    table.append(headings: ["frames", "to servers", "to clients"])
    func append(_ name: String, _ toServer: Int, _ toClient: Int) {
      guard toServer > 0 || toClient > 0 else { return }
      table.append([.init(name), .init("\(toServer)"), .init("\(toClient)")])
    }
    let (toServer, toClient) = (webSocket.toServer, webSocket.toClient)
    for (opcode, name) in WebSocketStatistics.namedOpcodes {
      append(name, toServer.frames[opcode] ?? 0, toClient.frames[opcode] ?? 0)
    }
    append("other", toServer.otherFrames, toClient.otherFrames)
    append("octets", Int(clamping: toServer.octets), Int(clamping: toClient.octets))
    append("messages", toServer.messages, toClient.messages)
    self.append(table, of: "rows", &out)
    guard webSocket.omittedFrames > 0 else { return }
    out.append("(\(Self.count(webSocket.omittedFrames, "frame")) more, too many in one segment)")
    out.newline()
  }

  private func appendPacking(_ webSocket: WebSocketStatistics, _ out: inout TextBuffer) {
    for (direction, whom) in [(webSocket.toServer, "servers"), (webSocket.toClient, "clients")]
    where direction.packedMessages > 0 {
      out.append(
        "packed to \(whom): \(direction.packedMessages) of "
          + "\(Self.count(direction.messages, "message")), "
          + "\(direction.packedOctets) octets for \(direction.unpackedOctets)")
      out.newline()
    }
  }

  private func appendConnections(_ webSocket: WebSocketStatistics, _ out: inout TextBuffer) {
    let rows = webSocket.connections
    var table = TextTable(
      [.right, .left, .left, .right, .right, .right, .right, .right, .left])
    table.append(
      headings: [
        "#", "client", "server", "frames ->", "octets ->", "<- frames", "<- octets", "silence s",
        "closed",
      ])
    for row in shown(rows) {
      table.append([
        .init("\(row.stream)"), .init("\(row.client)"), .init("\(row.server)"),
        .init("\(row.toServer.frameCount)"), .init("\(row.toServer.octets)"),
        .init("\(row.toClient.frameCount)"), .init("\(row.toClient.octets)"),
        .init(row.silenceEnd == nil ? "-" : Self.seconds(row.silence)),
        .init(row.closeCode.map { "\($0.rawValue)" } ?? "not seen", as: Self.role(row.closeCode)),
      ])
    }
    append(table, leftOut: webSocket.count - shown(rows).count, of: "connections", &out)
  }

  private static func role(_ code: WebSocketCloseCode?) -> TextRole? {
    code?.isFailure == true ? .bad : nil
  }
}
