import CommandLineKit
import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import TerminalText
import Testing

@testable import SniffCommand

@Suite("conversations that are followed")
struct FollowTests {
  private var capture = ConversationBuilder()
  private var connection = ConversationBuilder.Connection()

  /// What is shown of the capture, without its heading and its last line.
  private func shown(_ choice: String, style: TerminalStyle = .plain) throws -> String {
    let choice = try FollowChoice(choice)
    let follower = StreamFollower(choice, style)
    var out = TextBuffer()
    capture.forEachPacket { follower.take($0, $1, $2, into: &out) }
    follower.finish(into: &out)
    guard choice.form != .raw else { return out.string }
    let lines = out.string.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.dropFirst(5).dropLast(2).joined(separator: "\n")
  }

  @Test("the choice, and what is none")
  func choices() throws {
    let choice = try FollowChoice("websocket:12,hex")
    #expect(choice.kind == .websocket && choice.stream == 12 && choice.form == .hex)
    for bad in [
      "tcp", "tcp:", "tcp:-1", "tcp:+1", "sctp:1", "tcp:1,png", "tcp:1:2", "", "tcp:1,",
      "tcp:99999999999999999999",
    ] {
      #expect(throws: UsageError.self) { try FollowChoice(bad) }
    }
  }

  @Test("who says what, in order, whatever order it came in")
  mutating func order() throws {
    capture.open(&connection)
    let start = connection.clientNext
    for (place, text) in [(5, "efg"), (0, "abcXX"), (3, "de"), (5, "EFGh")] {
      capture.segment(
        connection, .client, [.ack], at: start + Int64(place), acknowledging: connection.serverNext,
        Array(text.utf8))
    }
    capture.send(&connection, .server, text: "answer\r\n")
    #expect(try shown("tcp:0") == "5\nabcXX\n3\nefg\n1\nh\n\t8\nanswer")
    #expect(try shown("tcp:0,raw") == "abcXXefghanswer\r\n")
    #expect(try shown("tcp:1").isEmpty)
  }

  @Test("what the peer has and the capture has not is missing")
  mutating func gap() throws {
    capture.open(&connection)
    capture.send(&connection, .server, text: "ab")
    connection.serverNext += 7
    capture.send(&connection, .server, text: "cd")
    capture.send(&connection, .client)
    capture.send(&connection, .server, text: "ef")
    #expect(
      try shown("tcp:0")
        == "\t2\nab\n\t[7 octets are missing from the capture]\n\t2\ncd\n\t2\nef")
  }

  @Test("nothing that a terminal obeys; tabs and lines stay, and hex has its place")
  mutating func hostile() throws {
    capture.open(&connection)
    capture.send(
      &connection, .client, [.ack], Array("a\tb\u{1b}]0;x\u{7}\r\n\u{9b}2J\\".utf8) + [0xff, 0])
    let text = try shown("tcp:0")
    #expect(text == "18\na\tb\\x1b]0;x\\x07\n\\u{009b}2J\\\\\\xff\\x00")
    #expect(
      try shown("tcp:0,hex")
        == "00000000  61 09 62 1b 5d 30 3b 78  07 0d 0a c2 9b 32 4a 5c  a.b.]0;x.....2J\\\n"
        + "00000010  ff 00                                             ..")
  }

  @Test("HTTP without its chunks; nothing of what follows a switch of protocols")
  mutating func http() throws {
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    capture.send(
      &connection, .server, text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab")
    capture.send(&connection, .server, text: "c\r\n2\r\nde\r\n0\r\n\r\n")
    let text = try shown("http:0,raw")
    #expect(text.hasSuffix("\r\n\r\nabcde"))
    #expect(text.hasPrefix("GET / HTTP/1.1\r\n"))
  }

  @Test(
    "a packed body is unpacked: gzip, zlib, and deflate without a frame",
    arguments: [
      ("gzip", "1f8b08000000000000034b4c4a4e490500 65d88785 05000000"),
      ("deflate", "789c4b4c4a4e490500 05c801f0"),
      ("deflate", "4b4c4a4e490500"),
    ])
  func unpacked(_ encoding: String, _ octets: String) throws {
    var test = self
    let body = hex(octets.filter { $0 != " " })
    test.capture.open(&test.connection)
    let head =
      "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(body.count)\r\n\r\n"
    test.capture.send(&test.connection, .server, [.psh, .ack], Array(head.utf8) + body.prefix(4))
    test.capture.send(&test.connection, .server, [.psh, .ack], Array(body.dropFirst(4)))
    #expect(try test.shown("http:0,raw") == head + "abcde")
  }

  @Test("WebSocket unmasked and unpacked, a ping between the frames of a message")
  mutating func webSocket() throws {
    capture.open(&connection)
    capture.send(
      &connection, .client, text: "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")
    capture.send(
      &connection, .server,
      text:
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    )
    // "Hello", packed, in two frames (RFC 7692 §7.2.3.1), a ping between them.
    capture.send(&connection, .server, [.ack], hex("4103 f248cd 8902 7069 8004 c9c90700"))
    // "Hello", masked (RFC 6455 §5.7).
    capture.send(&connection, .client, [.ack], hex("818537fa213d7f9f4d5158"))
    let raw = try shown("websocket:0,raw")
    #expect(raw == "HepilloHello")
  }
}
