import PacketTestSupport
import PacketText
import PacketWire
import TerminalText

@testable import SniffCommand

/// Events of statistics of a capture that holds what the recorded ones do not: tags, and segments
/// that were sent again in both directions.
enum StatisticsSamples {
  static let lines: [String] = {
    var (capture, connection) = (ConversationBuilder(), ConversationBuilder.Connection())
    capture.send(&connection, .client, [.syn])
    capture.send(&connection, .server, [.syn, .ack])
    capture.send(&connection, .client)
    for side in [ConversationBuilder.Side.client, .server] {
      let position: Int64 = 1
      for _ in 0..<2 {
        capture.segment(connection, side, [.psh], at: position, acknowledging: 1, [1, 2, 3])
        capture.wait(.seconds(1))
      }
    }
    return lines(of: capture.packets.map { tagged($0.octets) }, at: capture, options)
      + webSockets(withFrames: true) + webSockets(withFrames: false)
  }()

  /// One that is used and closed, if it is to be, and one that only opens.
  private static func webSockets(withFrames: Bool) -> [String] {
    var (capture, used) = (ConversationBuilder(), ConversationBuilder.Connection())
    if withFrames {
      capture.open(&used)
      capture.upgrade(&used, extensions: "permessage-deflate")
      capture.frames(&used, .client, TestFrame(.text, "ab"), TestFrame(.ping))
      capture.frames(&used, .server, TestFrame(.pong), TestFrame(.close, octets: [3, 232]))
    }
    var opened = ConversationBuilder.Connection(from: "198.18.0.3", 40_002, to: "203.0.113.80", 80)
    capture.open(&opened)
    capture.upgrade(&opened)
    var options = SniffOptions()
    options.statistics = "websocket"
    return lines(of: capture.packets.map(\.octets), at: capture, options)
  }

  private static func lines(
    of frames: [[UInt8]], at capture: ConversationBuilder, _ options: SniffOptions
  ) -> [String] {
    guard let choice = try? StatisticsChoice(options) else { return [] }
    var taker = StatisticsTaker(choice, TerminalSettings(isTerminal: false), printsJSON: true)
    for (index, packet) in capture.packets.enumerated() {
      let octets = frames[index]
      let sniffed = SniffedPacket(
        number: index + 1, time: packet.time, linkType: .ethernet, originalLength: octets.count)
      taker.count(sniffed, Frame(decoding: octets.span, linkType: .ethernet), octets.span)
    }
    var out = TextBuffer()
    taker.finish(into: &out)
    return out.string.split(separator: "\n").map { String($0) }
  }

  private static var options: SniffOptions {
    var options = SniffOptions()
    options.statistics = "conversations,tcp"
    options.listsFindings = true
    return options
  }

  /// The frame with an 802.1Q tag of VLAN 7.
  private static func tagged(_ octets: [UInt8]) -> [UInt8] {
    Array(octets.prefix(12)) + [0x81, 0x00, 0x00, 0x07] + Array(octets.dropFirst(12))
  }
}
