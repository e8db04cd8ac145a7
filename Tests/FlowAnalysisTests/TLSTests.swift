@testable import FlowAnalysis
import PacketTestSupport
import PacketWire
import Testing

@Suite("What TLS shows of itself (RFC 8446)")
struct TLSTests {
  static func vector(_ octets: [UInt8], lengthOctets: Int) -> [UInt8] {
    (lengthOctets == 2 ? [UInt8(octets.count >> 8)] : []) + [UInt8(octets.count & 0xff)] + octets
  }

  static func extensions(_ list: [(UInt16, [UInt8])]) -> [UInt8] {
    vector(
      list.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 0xff)] + vector($0.1, lengthOctets: 2) },
      lengthOctets: 2)
  }

  static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 3, 1] + vector(body, lengthOctets: 2)
  }

  static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    record(22, [type, 0] + vector(body, lengthOctets: 2))
  }

  /// Server name, two protocols, versions 1.3 and 1.2 and one that is noise (RFC 8701).
  static let clientHello = handshake(
    1,
    [3, 3] + [UInt8](repeating: 0xaa, count: 32) + vector([1, 2, 3], lengthOctets: 1)
      + vector([0x13, 0x01], lengthOctets: 2) + vector([0], lengthOctets: 1)
      + extensions([
        (0xfafa, []),
        (0, vector([0] + vector(Array("www.discord.test".utf8), lengthOctets: 2), lengthOctets: 2)),
        (
          16,
          vector(
            vector(Array("h2".utf8), lengthOctets: 1)
              + vector(Array("http/1.1".utf8), lengthOctets: 1), lengthOctets: 2)
        ),
        (43, vector([0xfa, 0xfa, 3, 4, 3, 3], lengthOctets: 1)),
      ]))

  static func serverHello(_ random: [UInt8] = [UInt8](repeating: 0xbb, count: 32)) -> [UInt8] {
    handshake(
      2,
      [3, 3] + random + vector([1, 2, 3], lengthOctets: 1) + [0x13, 0x02, 0]
        + extensions([(43, [3, 4])]))
  }

  static func facts(_ pieces: [(ConversationBuilder.Side, [UInt8])]) -> [PacketFacts] {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(to: "203.0.113.80", 443)
    capture.open(&connection)
    for (side, octets) in pieces { capture.send(&connection, side, [.ack], octets) }
    return Array(follow(capture).dropFirst(3))
  }

  @Test("the hello is read whole, however it is cut", arguments: [0, 1, 5, 6, 50, 110])
  func clientHelloIn(cut: Int) throws {
    let facts = Self.facts([
      (.client, Array(Self.clientHello[..<cut])), (.client, Array(Self.clientHello[cut...])),
    ])
    let hello = try #require(facts[1].tcp?.stream?.tls?.clientHello)
    #expect(text(try #require(hello.serverName)) == "www.discord.test")
    #expect(hello.applicationProtocols.map { text($0) } == ["h2", "http/1.1"])
    #expect(hello.version == 0x0304 && !hello.hasEncryptedHello)
    #expect(facts[1].tcp?.application == .tls)
  }

  @Test func serverHelloAndData() throws {
    let facts = Self.facts([
      (.client, Self.clientHello),
      (.server, Self.serverHello() + Self.record(20, [1]) + Self.record(23, [1, 2, 3])),
      (.server, Self.record(23, [UInt8](repeating: 9, count: 100))),
      (.client, Self.record(21, [1, 0])),
    ])
    let first = try #require(facts[1].tcp?.stream?.tls)
    #expect(first.serverHello == TLSServerHello(version: 0x0304, cipherSuite: 0x1302))
    #expect(first.changeCipherOctets == 6 && first.dataOctets == 8)
    #expect(first.handshakeOctets == Self.serverHello().count && !first.isEnciphered)
    let second = try #require(facts[2].tcp?.stream?.tls)
    #expect(second.dataOctets == 105 && second.isEnciphered && second.handshakeOctets == 0)
    #expect(facts[3].tcp?.stream?.tls?.alertOctets == 7)
  }

  @Test func helloRetryRequest() {
    let random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    let facts = Self.facts([(.client, Self.clientHello), (.server, Self.serverHello(random))])
    #expect(facts[1].tcp?.stream?.tls?.serverHello?.isRetryRequest == true)
  }

  @Test("every shorter hello is read as far as it goes, and none traps")
  func shortened() {
    for count in 5..<Self.clientHello.count {
      var octets = Array(Self.clientHello[..<count])
      guard count > 9 else { continue }
      (octets[3], octets[4]) = (UInt8((count - 5) >> 8), UInt8((count - 5) & 0xff))
      (octets[7], octets[8]) = (UInt8((count - 9) >> 8), UInt8((count - 9) & 0xff))
      let hello = Self.facts([(.client, octets)])[0].tcp?.stream?.tls?.clientHello
      #expect((hello != nil) == (count >= 9 + 35))
    }
  }

  @Test("octets that are no records any more are lost, not followed")
  func lost() {
    let facts = Self.facts([(.client, Self.clientHello), (.client, [1, 2, 3, 4, 5, 6])])
    #expect(facts[1].tcp?.stream?.tls?.isLost == true)
  }
}
