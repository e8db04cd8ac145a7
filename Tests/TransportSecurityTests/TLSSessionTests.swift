import PacketTestSupport
import Testing

@testable import TransportSecurity

@Suite("TLS without a socket")
struct TLSSessionTests {
  static let identity = Result {
    try ServerIdentity(
      names: ["www.lab.test", "lab.test"], addresses: ["192.0.2.1", "2001:db8::1"],
      authorityName: "Tests")
  }

  private struct Ends {
    let server: TLSSession
    let client: TestTLSClient
    /// What the server heard.
    var heard: [UInt8] = []
    /// What the client heard.
    var answers: [UInt8] = []

    /// Carries octets to and fro, in pieces, until both are silent.
    mutating func exchange(inPiecesOf size: Int = .max) {
      var isBusy = true
      while isBusy {
        answers += client.read()
        let out = client.takeOutput()
        var rest = out[...]
        while !rest.isEmpty {
          server.receive(rest.prefix(size))
          rest = rest.dropFirst(min(size, rest.count))
          while true {
            let plain = server.read()
            if plain.isEmpty { break }
            heard += plain
          }
        }
        let back = server.takeOutput()
        client.receive(back)
        isBusy = !out.isEmpty || !back.isEmpty
      }
    }
  }

  private func ends(name: String = "www.lab.test") throws -> Ends {
    let identity = try Self.identity.get()
    let client = try #require(TestTLSClient(authority: identity.authority, name: name))
    return Ends(server: try TLSSession(as: identity), client: client)
  }

  @Test("both ways, in whatever pieces it comes", arguments: [1, 7, 100_000])
  func conversation(size: Int) throws {
    var ends = try ends()
    ends.exchange(inPiecesOf: size)
    #expect(ends.client.isOpen && ends.server.isOpen && ends.client.verification == 0)
    ends.client.write("hello")
    ends.server.write(Array("welcome".utf8)[...])
    ends.exchange(inPiecesOf: size)
    #expect(ends.heard == Array("hello".utf8) && ends.answers == Array("welcome".utf8))
  }

  @Test("the certificate is good for its names and addresses, and for no others")
  func names() throws {
    for (name, isGood) in [
      ("lab.test", true), ("WWW.lab.test", true), ("192.0.2.1", true), ("2001:db8::1", true),
      ("192.0.2.2", false), ("mail.lab.test", false), ("evil.test", false),
    ] {
      var ends = try ends(name: name)
      ends.exchange()
      #expect(ends.client.isOpen == isGood, "\(name)")
      #expect((ends.client.verification == 0) == isGood)
      // The client's alert says that it does not go on.
      if !isGood { #expect(ends.server.state == .failed) }
    }
  }

  @Test func nobodyElsesAuthority() throws {
    let other = try ServerIdentity(names: ["www.lab.test"], addresses: [], authorityName: "Tests")
    let client = try #require(TestTLSClient(authority: other.authority, name: "www.lab.test"))
    var ends = Ends(server: try TLSSession(as: try Self.identity.get()), client: client)
    ends.exchange()
    #expect(!ends.client.isOpen && ends.client.verification != 0)
  }

  @Test("more than a record at a time")
  func long() throws {
    var ends = try ends()
    ends.exchange()
    var random = SeededRNG(seed: 5)
    let octets = random.bytes(count: 90_000)
    ends.server.write(octets[...])
    ends.exchange()
    #expect(ends.answers == octets)
  }

  @Test("each side can say that it says no more")
  func closing() throws {
    var ends = try ends()
    ends.exchange()
    ends.server.write([1])
    ends.server.close()
    ends.exchange()
    #expect(ends.client.hasServerEnded && ends.answers == [1])
    var others = try self.ends()
    others.exchange()
    others.client.close()
    others.exchange()
    #expect(others.server.state == .ended)
  }

  @Test(
    "what is no TLS is refused, and random octets never trap", arguments: 0..<4 as Range<UInt64>)
  func hostile(seed: UInt64) throws {
    let identity = try Self.identity.get()
    let plain = try TLSSession(as: identity)
    plain.receive(Array("GET / HTTP/1.1\r\n\r\n".utf8)[...])
    #expect(plain.read().isEmpty && plain.state == .failed && !plain.isOpen)
    plain.write([1])
    plain.close()
    var random = SeededRNG(seed: seed)
    for _ in 0..<200 {
      var ends = try ends()
      if Bool.random(using: &random) { ends.exchange() }
      ends.client.write("hello")
      var octets = ends.client.takeOutput() + random.bytes(count: 20)
      octets[Int.random(in: 0..<octets.count, using: &random)] ^= 0x55
      ends.server.receive(octets[...])
      #expect(ends.server.read().count <= 5)
      _ = ends.server.read()
      _ = ends.server.takeOutput()
    }
  }
}
