import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("WebSockets in the summary")
struct WebSocketStoryTests {
  @Test("what was said, by whom, and how it ended")
  func summary() throws {
    let summary = tell(Trouble.webSocket()).summary
    let socket = try #require(summary.webSockets.first)
    #expect(summary.webSockets.count == 1)
    #expect(socket.request == "GET x.test/ws" && socket.upgrade.number == 5)
    #expect(socket.messages == [5, 3] && socket.octets == [2_523, 40])
    #expect(socket.pings == 1 && socket.pongs == 1 && socket.shortestPing == .milliseconds(1))
    #expect(socket.closedBy == .client && socket.closing?.code == .normal && !socket.isCutOff)
    #expect(
      summary.messages.map {
        "\($0.mark.number) \($0.isFromClient ? ">" : "<") \($0.kind) \($0.octets)"
      }
        == [
          "5 < text 7", "6 > text 20", "7 < binary 20", "8 > text 0", "9 < ping 0", "10 > pong 0",
          "10 > pong 2", "11 < text 13", "14 > text 2500", "15 > text 1", "16 > text 2",
          "16 > close 5",
          "17 < close 2",
        ])
    #expect(
      socket.sentence
        == "tcp:1, opened in #5 by GET x.test/ws: 5 messages (2523 bytes) to the server, 3 messages "
        + "(40 bytes) back; 1 ping, 1 answered, in 1.00 ms at the least. Closed by the client with 1000 "
        + "(normal closure), \"bye\", in #16 and #17.")
  }

  @Test("why each frame is where it is")
  func causes() {
    let steps = tell(Trouble.webSocket()).steps
    // The upgrade, the ping, the message's first frame, the close.
    #expect(
      steps.map(\.because)[5...] == [
        [5], [5], [5], [5], [5, 9], [5, 9], [5], [5, 12], [5, 12], [5, 14], [5], [5, 16], [16, 17],
        [16, 17, 18], [19],
      ])
    #expect(steps[5...15].allSatisfy { $0.protocolName == "WebSocket" && $0.layer == .application })
    #expect(steps[15].phase == .teardown && steps[14].phase == .transfer)
  }

  @Test("what is wrong is warned of")
  func warnings() throws {
    let summary = tell(Trouble.brokenWebSocket()).summary
    let kinds = summary.warnings.map { "\($0.kind) \($0.count)" }
    #expect(kinds.contains("webSocketHandshakes 2"))
    #expect(kinds.contains("webSocketViolations 2"))
    #expect(kinds.contains("webSocketFailures 1"))
    #expect(kinds.contains("webSocketCutOffs 2"))
    #expect(summary.webSockets.map(\.isCutOff) == [false, true, true])
    #expect(summary.webSockets.last?.end == "It ended without a close frame (1006).")
  }
}
