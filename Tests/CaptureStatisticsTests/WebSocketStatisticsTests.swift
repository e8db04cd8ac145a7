@testable import CaptureStatistics
import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("Statistics of WebSockets")
struct WebSocketStatisticsTests {
  private static func opened(_ port: UInt16 = 40_001) -> (
    ConversationBuilder, ConversationBuilder.Connection
  ) {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", port, to: "203.0.113.80", 80)
    capture.open(&connection)
    return (capture, connection)
  }

  @Test("frames by opcode and direction, messages and octets")
  func frames() throws {
    var (capture, connection) = Self.opened()
    capture.upgrade(&connection)
    capture.frames(&connection, .client, TestFrame(.text, "ab", isFinal: false))
    capture.frames(&connection, .client, TestFrame(.continuation, "cde"), TestFrame(.ping, "x"))
    capture.frames(&connection, .server, TestFrame(.pong, "x"), TestFrame(.binary, "12345678"))
    capture.frames(&connection, .server, TestFrame(WebSocketOpcode(rawValue: 11)))
    let found = count(capture, .webSocket).webSocket
    #expect(found.count == 1 && found.compressed == 0 && found.omittedFrames == 0)
    #expect(found.toServer.frames == [.text: 1, .continuation: 1, .ping: 1])
    #expect(found.toServer.octets == 6 && found.toServer.messages == 1)
    #expect(found.toServer.packedMessages == 0)
    #expect(
      found.toClient.frames == [.pong: 1, .binary: 1, WebSocketOpcode(rawValue: 11): 1])
    #expect(found.toClient.octets == 9 && found.toClient.messages == 1)
    #expect(found.toClient.frameCount == 3)
    let one = try #require(found.connections.first)
    #expect(one.toServer == found.toServer && one.toClient == found.toClient)
    #expect(one.stream == 0 && one.opened.number == 5)
    #expect(one.client.port == 40_001 && one.server.port == 80)
    #expect(one.closeCode == nil && found.closeCodes.total == 0)
  }

  @Test("the longest silence is between the ends of two frames, the opening counted as one")
  func silence() throws {
    var (capture, connection) = Self.opened()
    capture.upgrade(&connection)
    capture.wait(.seconds(2))
    capture.frames(&connection, .client, TestFrame(.text, "a"))
    capture.wait(.seconds(3))
    capture.frames(&connection, .server, TestFrame(.text, "b"))
    // What no frame ends is no silence between frames.
    capture.wait(.seconds(9))
    capture.send(&connection, .client)
    let one = try #require(count(capture, .webSocket).webSocket.mostSilent)
    #expect(one.silence == .milliseconds(3001) && one.silenceEnd == 7)
    var (other, unused) = Self.opened()
    other.upgrade(&unused)
    #expect(count(other, .webSocket).webSocket.mostSilent == nil)
  }

  @Test("each is closed once, by its first close frame or by the lack of one")
  func closing() {
    var capture = ConversationBuilder()
    let ends: [(UInt16, [UInt8]?)] = [(40_001, [3, 232]), (40_002, []), (40_003, nil)]
    for (port, payload) in ends {
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", port, to: "203.0.113.80", 80)
      capture.open(&connection)
      capture.upgrade(&connection)
      if let payload {
        capture.frames(&connection, .client, TestFrame(.close, octets: payload))
        capture.frames(&connection, .server, TestFrame(.close, octets: [3, 233]))
      }
      capture.send(&connection, .client, [.fin, .ack])
      capture.send(&connection, .server, [.fin, .ack])
    }
    let found = count(capture, .webSocket).webSocket
    #expect(found.connections.map { $0.closeCode?.rawValue } == [1000, 1005, 1006])
    #expect(found.closeCodes[1000] == 1 && found.closeCodes[1005] == 1)
    #expect(found.closeCodes[1006] == 1 && found.closeCodes.total == 3)
  }

  @Test("packed messages are counted, though nobody unpacks them here")
  func packed() {
    var (capture, connection) = Self.opened()
    capture.upgrade(&connection, extensions: "permessage-deflate")
    capture.frames(
      &connection, .client, TestFrame(.text, octets: [0xaa, 0]).with { $0.reservedBits = 4 },
      TestFrame(.text, "plain"))
    let found = count(capture, .webSocket).webSocket
    #expect(found.compressed == 1 && found.connections.first?.isCompressed == true)
    #expect(found.toServer.messages == 2 && found.toServer.packedMessages == 1)
    #expect(found.toServer.packedOctets == 0 && found.toServer.unpackedOctets == 0)
  }

  @Test("later ones count in the sums only, and a segment's frames have a bound")
  func bounds() {
    var capture = ConversationBuilder()
    for port in 0..<4_100 {
      var connection = ConversationBuilder.Connection(
        from: "198.18.0.2", UInt16(10_000 + port), to: "203.0.113.80", 80)
      capture.send(&connection, .client, [.syn])
      capture.send(&connection, .server, [.syn, .ack])
      capture.upgrade(&connection)
      capture.frames(&connection, .client, TestFrame(.ping))
      capture.frames(&connection, .server, TestFrame(.close, octets: [3, 232]))
    }
    let found = count(capture, .webSocket).webSocket
    #expect(found.count == 4_100 && found.connections.count == 4_096)
    #expect(found.toServer.frames == [.ping: 4_100] && found.toClient.frames == [.close: 4_100])
    #expect(found.closeCodes[1000] == 4_100)
    var (many, connection) = Self.opened()
    many.upgrade(&connection)
    many.send(
      &connection, .server, [.ack],
      (0..<100).flatMap { _ in TestFrame(.ping).with { $0.key = nil }.octets })
    let sums = count(many, .webSocket).webSocket
    #expect(sums.toClient.frameCount == 64 && sums.omittedFrames == 36)
  }

  @Test("nothing is counted that was not asked for")
  func unasked() {
    var (capture, connection) = Self.opened()
    capture.upgrade(&connection)
    #expect(count(capture, .http).webSocket.count == 0)
  }
}
