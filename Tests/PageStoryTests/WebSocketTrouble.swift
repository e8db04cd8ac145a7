import PacketTestSupport
import PacketWire

@testable import FlowAnalysis
@testable import PageStory

extension Trouble {
  /// All that is usual on a WebSocket.
  static func webSocket() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.upgrade(
      &connection, extensions: "permessage-deflate; server_no_context_takeover",
      then: TestFrame(.text, "welcome").with { $0.key = nil }.octets)
    capture.frames(&connection, .client, TestFrame(.text, "K\u{e4}se #4  \u{1b}[31m \"x\" "))
    capture.frames(&connection, .server, TestFrame(.binary, octets: Array(0..<20)))
    capture.frames(&connection, .client, TestFrame(.text))
    capture.frames(
      &connection, .server, TestFrame(.text, "one ", isFinal: false), TestFrame(.ping),
      TestFrame(.continuation, "two ", isFinal: false))
    capture.frames(&connection, .client, TestFrame(.pong), TestFrame(.pong, octets: [1, 2]))
    capture.frames(&connection, .server, TestFrame(.continuation, "three"))
    let long = TestFrame(.text, String(repeating: "long ", count: 500)).octets
    capture.send(&connection, .client, [.ack], Array(long[..<1_000]))
    capture.send(&connection, .client, [.ack], Array(long[1_000..<2_000]))
    capture.send(&connection, .client, [.ack], Array(long[2_000...]) + [0x81])
    capture.send(&connection, .client, [.ack], TestFrame(.text, "x").octets.suffix(6))
    capture.frames(
      &connection, .client, TestFrame(.text, "ab").with { $0.reservedBits = 4 },
      TestFrame(.close, octets: [3, 0xe8] + Array("bye".utf8)))
    capture.frames(&connection, .server, TestFrame(.close, octets: [3, 0xe8]))
    capture.send(&connection, .server, [.fin, .ack])
    capture.send(&connection, .client, [.fin, .ack])
    capture.send(&connection, .server)
    return capture
  }

  /// Wrong answers, wrong frames, and ends without a close frame.
  static func brokenWebSocket() -> ConversationBuilder {
    var (capture, connection) = opened()
    capture.upgrade(&connection, accept: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    capture.send(
      &connection, .client, [.ack],
      TestFrame(.text, octets: [0xff]).with { ($0.key, $0.reservedBits) = (nil, 2) }.octets)
    capture.frames(&connection, .client, TestFrame(.init(rawValue: 5), "x"))
    capture.frames(&connection, .client, TestFrame(.text, "0123456789"))
    capture.cutLast(to: 66)
    capture.frames(&connection, .server, TestFrame(.close, octets: [3, 0xea]))
    connection.clientNext += 3
    capture.frames(&connection, .client, TestFrame(.text, "far"))
    capture.send(&connection, .server)
    capture.frames(&connection, .client, TestFrame(.text, "off"))
    capture.send(&connection, .client, [.fin, .ack])
    var other = ConversationBuilder.Connection(from: Scenario.client, 40_002)
    capture.open(&other)
    capture.send(
      &other, .client, text: "GET / HTTP/1.1\r\nUpgrade: websocket\r\nHost: y.test\r\n\r\n")
    capture.send(&other, .server, text: "HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n")
    capture.send(&other, .server, [.ack], [0x81, 5])
    capture.send(&other, .server, [.rst, .ack])
    var third = ConversationBuilder.Connection(from: Scenario.client, 40_003)
    capture.open(&third)
    capture.upgrade(&third)
    capture.send(&third, .server, [.fin, .ack])
    return capture
  }
}
