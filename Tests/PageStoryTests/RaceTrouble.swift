import PacketTestSupport
import PacketWire

@testable import PageStory

/// Connections to several addresses of one name (RFC 8305).
extension Trouble {
  private static let host = "www.discord.test"
  private static let (hostV4, hostV6) = ("203.0.113.80", "2001:db8:2::80")

  private static func looked() -> ConversationBuilder {
    var capture = ConversationBuilder()
    Scenario.lookUp(host, is: hostV6, in: &capture)
    Scenario.lookUp(host, is: hostV4, in: &capture, port: 50_002)
    return capture
  }

  private static func overV6() -> ConversationBuilder.Connection {
    ConversationBuilder.Connection(from: "2001:db8:1::2", 40_001, to: hostV6)
  }

  private static func overV4() -> ConversationBuilder.Connection {
    ConversationBuilder.Connection(from: Scenario.client, 40_002, to: hostV4)
  }

  /// IPv6 is slow: IPv4 wins, and the late answer is turned away.
  static func race() -> ConversationBuilder {
    var (capture, slow, fast) = (looked(), overV6(), overV4())
    capture.send(&slow, .client, [.syn], options: ConversationBuilder.usualOptions)
    capture.wait(.milliseconds(249))
    capture.open(&fast)
    capture.send(&slow, .server, [.syn, .ack], options: ConversationBuilder.usualOptions)
    capture.segment(slow, .client, [.rst], at: 1, acknowledging: nil)
    // The name is known; another connection races nobody.
    var next = ConversationBuilder.Connection(from: "2001:db8:1::2", 40_003, to: hostV6)
    capture.open(&next)
    return capture
  }

  /// IPv6 is refused: IPv4 is tried at once.
  static func raceRefused() -> ConversationBuilder {
    var (capture, closed, open) = (looked(), overV6(), overV4())
    capture.send(&closed, .client, [.syn])
    capture.segment(closed, .server, [.rst], at: -991_000_001, acknowledging: 1)
    capture.open(&open)
    return capture
  }

  /// The answer for IPv6 does not come: IPv4 begins after the resolution delay.
  static func raceUnawaited() -> ConversationBuilder {
    var capture = ConversationBuilder()
    capture.dns(DNSMessage(query: name(host), .aaaa, identifier: 7), 50_003)
    Scenario.lookUp(host, is: hostV4, in: &capture)
    capture.wait(.milliseconds(50))
    var connection = overV4()
    capture.open(&connection)
    return capture
  }

  /// Both are open before one is closed again, and a third one was unreachable.
  static func raceOfThree() -> ConversationBuilder {
    var (capture, first, second) = (looked(), overV6(), overV4())
    capture.send(&second, .client, [.syn], options: ConversationBuilder.usualOptions)
    capture.icmp(
      ICMPv4Header(.destinationUnreachable, code: 1), from: "192.0.2.1", to: Scenario.client,
      Array(capture.packets[4].octets[14...]))
    capture.wait(.milliseconds(10))
    capture.send(&first, .client, [.syn], options: ConversationBuilder.usualOptions)
    let answer = DNSMessage(query: name(host), .a, identifier: 9)
    capture.dns(answer, 50_009)
    capture.dns(
      Scenario.answer(to: answer, [Scenario.a(host, 5, "203.0.113.81")]), 50_009)
    var third = ConversationBuilder.Connection(
      from: Scenario.client, 40_004, to: "203.0.113.81")
    capture.send(&third, .client, [.syn], options: ConversationBuilder.usualOptions)
    capture.send(&third, .server, [.syn, .ack], options: ConversationBuilder.usualOptions)
    capture.send(&first, .server, [.syn, .ack], options: ConversationBuilder.usualOptions)
    capture.send(&first, .client)
    capture.send(&third, .client)
    capture.send(&third, .client, [.fin, .ack])
    return capture
  }
}
