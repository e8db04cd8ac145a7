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
    let hello = try #require(first.serverHello)
    #expect(hello.version == 0x0304 && hello.cipherSuite == 0x1302 && !hello.isRetryRequest)
    #expect(hello.message.chosenVersion == 0x0304)
    #expect(first.changeCipherOctets == 6 && first.dataOctets == 8)
    #expect(first.handshakeOctets == Self.serverHello().count && !first.isEnciphered)
    let second = try #require(facts[2].tcp?.stream?.tls)
    #expect(second.dataOctets == 105 && second.isEnciphered && second.handshakeOctets == 0)
    #expect(facts[3].tcp?.stream?.tls?.alertOctets == 7)
  }

  @Test("the hello that is asked for once more is read too")
  func helloRetryRequest() {
    let random = hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
    let facts = Self.facts([
      (.client, Self.clientHello), (.server, Self.serverHello(random)),
      (.client, Self.clientHello), (.server, Self.serverHello()),
    ])
    #expect(facts[1].tcp?.stream?.tls?.serverHello?.isRetryRequest == true)
    #expect(facts[2].tcp?.stream?.tls?.clientHello != nil)
    #expect(facts[3].tcp?.stream?.tls?.serverHello?.isRetryRequest == false)
  }

  @Test("messages of TLS 1.2 are counted up while they are in the clear")
  func messages() {
    let flight =
      Self.oldServerHello + Self.certificates(Self.certificate("a.test", []))
      + Self.handshake(12, [1, 2, 3]) + Self.handshake(14, [])
    let facts = Self.facts([
      (.client, Self.clientHello), (.server, Array(flight.dropLast())),
      (.server, [flight.last ?? 0]),
      (.client, Self.handshake(16, [5]) + Self.record(20, [1]) + Self.handshake(20, [6])),
      (.server, Self.handshake(4, [7]) + Self.record(20, [1]) + Self.record(22, [8])),
    ])
    let messages = facts.map { $0.tcp?.stream?.tls?.messages ?? [] }
    #expect(messages == [[1], [2, 11, 12], [14], [16], [4]])
    let many = Self.record(22, [UInt8](repeating: 0, count: 400))
    #expect(
      Self.facts([(.client, Self.clientHello + many)])[0].tcp?.stream?.tls?.messages.count == 16)
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

  /// A certificate as short as can be: no name of the issuer, a common name, names of the DNS.
  static func certificate(_ common: String, _ names: [String]) -> [UInt8] {
    func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
      precondition(content.count < 256)
      return (content.count < 128 ? [tag] : [tag, 0x81]) + [UInt8(content.count)] + content
    }
    let name = der(0x30, hex("0603550403") + der(0x0c, Array(common.utf8)))
    let others = der(0x30, names.flatMap { der(0x82, Array($0.utf8)) })
    let list = der(0x30, der(0x30, hex("0603551d11") + der(4, others)))
    let time = der(0x17, Array("200102030405Z".utf8))
    let body =
      hex("020101 3000") + der(0x30, der(0x31, name)) + der(0x30, time + time)
      + der(0x30, der(0x31, name)) + hex("3000") + (names.isEmpty ? [] : der(0xa3, list))
    return der(0x30, der(0x30, body))
  }

  static func certificates(_ certificate: [UInt8]) -> [UInt8] {
    let entry = [0] + vector(certificate, lengthOctets: 2)
    return handshake(11, [0] + vector(entry, lengthOctets: 2))
  }

  /// A ServerHello of TLS 1.2, which names no version.
  static let oldServerHello = handshake(
    2,
    [3, 3] + [UInt8](repeating: 0xbb, count: 32) + vector([1, 2, 3], lengthOctets: 1)
      + [0xc0, 0x2f, 0])

  @Test("a certificate of TLS 1.2 is read, however it is cut", arguments: [1, 30, 60, 100, 150])
  func certificateIn(cut: Int) throws {
    let octets =
      Self.oldServerHello
      + Self.certificates(Self.certificate("a.test", ["b.test", "c.test"]))
    let facts = Self.facts([
      (.client, Self.clientHello), (.server, Array(octets[..<cut])),
      (.server, Array(octets[cut...])),
    ])
    let certificate = try #require(facts[2].tcp?.stream?.tls?.certificate)
    #expect(certificate.holder.map { text($0) } == "b.test" && certificate.nameCount == 2)
    #expect(certificate.issuer.map { text($0) } == "a.test")
    #expect(certificate.notBefore?.description == "2020-01-02T03:04:05Z")
    #expect(certificate.notAfter == certificate.notBefore)
    #expect(facts[1].tcp?.stream?.tls?.certificate == nil)
  }

  @Test("without other names the subject counts")
  func subjectOnly() throws {
    let facts = Self.facts([
      (.server, Self.oldServerHello + Self.certificates(Self.certificate("a.test", [])))
    ])
    let certificate = try #require(facts[0].tcp?.stream?.tls?.certificate)
    #expect(certificate.holder.map { text($0) } == "a.test" && certificate.nameCount == 0)
  }

  @Test("behind a ServerHello of TLS 1.3, or once it is enciphered, there is none to be seen")
  func noCertificate() {
    let octets = Self.certificates(Self.certificate("a.test", []))
    for before in [Self.serverHello(), Self.oldServerHello + Self.record(20, [1])] {
      let facts = Self.facts([(.client, Self.clientHello), (.server, before + octets)])
      #expect(facts[1].tcp?.stream?.tls?.serverHello != nil)
      #expect(facts[1].tcp?.stream?.tls?.certificate == nil)
    }
  }
}
