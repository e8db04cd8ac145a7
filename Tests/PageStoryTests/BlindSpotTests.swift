import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("What cannot be seen")
struct BlindSpotTests {
  /// A TLS connection whose hello names `site` and says that it speaks `protocolName` inside.
  static func tls(
    site: String, speaking protocolName: String = "h2", version: UInt8 = 3,
    isEncrypted: Bool = false,
    to server: String = "203.0.113.80", _ port: UInt16 = 443, in capture: inout ConversationBuilder
  ) {
    let hello = TLSOctets.clientHello(
      server: site, speaking: protocolName,
      extensions: isEncrypted ? [0xfe, 0x0d] + TLSOctets.vector([0, 1, 2, 3]) : [])
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", UInt16(41_000 + capture.packets.count), to: server, port)
    capture.open(&connection)
    capture.send(&connection, .client, [.ack], hello)
    capture.send(&connection, .server, [.ack], TLSOctets.serverHello(version: version))
  }

  static func kinds(_ build: (inout ConversationBuilder) -> Void) -> [BlindSpot.Kind] {
    var capture = ConversationBuilder()
    Scenario.lookUp("www.discord.test", is: Scenario.server, in: &capture)
    build(&capture)
    return tell(capture).summary.blindSpots.map(\.kind)
  }

  @Test("nothing is said that does not hold for the capture")
  func nothing() {
    #expect(tell(Scenario.page()).summary.blindSpots.isEmpty)
    #expect(Self.kinds { _ in }.isEmpty)
  }

  @Test("TLS, its certificate, its enciphered hello")
  func tls() {
    #expect(Self.kinds { Self.tls(site: "www.discord.test", in: &$0) } == [.tls])
    #expect(
      Self.kinds { Self.tls(site: "www.discord.test", version: 4, in: &$0) } == [
        .tls, .certificate,
      ])
    #expect(
      Self.kinds { Self.tls(site: "front.test", isEncrypted: true, in: &$0) } == [
        .tls, .encryptedHello,
      ])
  }

  @Test("look-ups behind TLS, by port, by protocol and by who is asked")
  func lookups() {
    #expect(
      Self.kinds { Self.tls(site: "x.test", to: "203.0.113.80", 853, in: &$0) } == [
        .tls, .dnsOverTLS,
      ])
    #expect(
      Self.kinds { Self.tls(site: "x.test", speaking: "dot", in: &$0) } == [.tls, .dnsOverTLS])
    #expect(Self.kinds { Self.tls(site: "DNS.google", in: &$0) } == [.tls, .dnsOverHTTPS])
    #expect(
      Self.kinds { Self.tls(site: "x.test", to: "9.9.9.9", in: &$0) } == [
        .tls, .dnsOverHTTPS, .cachedNames,
      ])
    // Known for another service on another port.
    #expect(
      Self.kinds { Self.tls(site: "dns.google", to: "8.8.8.8", 853, in: &$0) } == [
        .tls, .dnsOverTLS,
      ])
    // A site that only ends like one.
    #expect(Self.kinds { Self.tls(site: "notdns.google", in: &$0) } == [.tls])
  }

  @Test("QUIC, also for look-ups, and names that were not looked up")
  func quic() {
    func initial(to server: String, _ port: UInt16) -> [BlindSpot.Kind] {
      Self.kinds { capture in
        capture.udp(
          from: (address("198.18.0.2"), 50_000), to: (address(server), port),
          [0xc0, 0, 0, 0, 1, 8] + [UInt8](repeating: 7, count: 1_194))
      }
    }
    #expect(initial(to: Scenario.server, 443) == [.quic])
    #expect(initial(to: "203.0.113.81", 443) == [.quic, .cachedNames])
    #expect(initial(to: Scenario.server, 853) == [.quic, .dnsOverTLS])
    #expect(initial(to: "1.1.1.1", 443) == [.quic, .dnsOverHTTPS, .cachedNames])
  }

  @Test("packets that are missing, cut or joined")
  func missing() {
    let captures = [Trouble.midStream(), Trouble.lostData(), Trouble.cutShort()]
    let kinds = captures.map { tell($0).summary.blindSpots.filter(\.kind.isMissing).map(\.kind) }
    #expect(kinds[0] == [.beginning])
    #expect(kinds[1].isEmpty && kinds[2].isEmpty)
    var cut = Scenario.page()
    cut.cutLast(to: 40)
    #expect(tell(cut).summary.blindSpots.map(\.kind) == [.cutFrames])
    #expect(
      tell(Trouble.gap()).summary.blindSpots.map(\.kind) == [.cachedNames, .gaps, .cutFrames])
    let long = Self.kinds { capture in
      var connection = ConversationBuilder.Connection()
      capture.open(&connection)
      capture.send(&connection, .client, [.ack], [UInt8](repeating: 1, count: 3_000))
    }
    #expect(long == [.joinedFrames])
  }

  @Test("each says what, why and how to see it, in plain sentences")
  func sentences() {
    var capture = ConversationBuilder()
    for count in 0..<9 {
      Self.tls(
        site: "dns.google\u{1b}<b>", speaking: "dot", version: 4, isEncrypted: true,
        to: "8.8.8.8", UInt16(443 + count), in: &capture)
    }
    capture.cutLast(to: 60)
    let summary = tell(capture).summary
    let spots = summary.blindSpots
    #expect(Set(spots.map(\.kind.keyword)).count == spots.count && spots.count >= 6)
    for spot in spots {
      for text in [spot.what, spot.why, spot.how] {
        #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !text.contains("  "))
      }
      #expect([".", ":", ","].contains(spot.what.suffix(1)) && spot.how.hasSuffix("."))
      #expect(spot.what.utf8.count < 400, "\(spot.what)")
    }
    #expect(
      BlindSpot.Kind.allCases.map(\.keyword) == [
        "tls", "certificate", "encrypted-hello", "quic", "dns-over-tls", "dns-over-https",
        "cached-names", "beginning", "gaps", "cut-frames", "joined-frames",
      ])
    #expect(text(capture, width: 100).contains("To see it: Ask the server for it"))
  }
}
