import PacketTestSupport
import PacketWire
import Testing

@Suite("What a stream begins")
struct StreamStartTests {
  static let starts: [([UInt8], StreamStart, Int)] = [
    // The octets, what they begin, and how many of them it takes to know.
    (Array("GET / HTTP/1.1".utf8), .httpRequest, 4),
    (Array("M-SEARCH * HTTP/1.1".utf8), .httpRequest, 9),
    (Array("RPC_IN_DATA / HTTP/1.1".utf8), .httpRequest, 12),
    (Array("HTTP/1.0 200".utf8), .httpResponse, 7),
    (Array("HEAD / HTTP/1.0".utf8), .httpRequest, 5),
    (Array("PRI * HTTP/2.0\r\n\r\nSM".utf8), .http2, 16),
    (Array("PUT / HTTP/1.0".utf8), .httpRequest, 4),
    (hex("16 0301 0005 01 000001"), .tlsClient, 6), (hex("16 0304 0005 02 000001"), .tlsServer, 6),
    (hex("16 0303 0005 0b 000001"), .unknown, 6), (hex("16 0305 0005 01"), .unknown, 3),
    (hex("16 0203 0005 01"), .unknown, 2), (hex("17 0303 0005 01"), .unknown, 1),
    (Array("get / HTTP/1.1".utf8), .unknown, 1), (Array("SSH-2.0-a".utf8), .unknown, 4),
    (Array("GE(T / HTTP/1.1".utf8), .unknown, 3), (Array("GEt / HTTP/1.1".utf8), .unknown, 3),
    (Array("AB /".utf8), .unknown, 3), (Array(" /".utf8), .unknown, 1),
    (Array("ABCDEFGHIJKLMNOPQRSTUVWX /".utf8), .httpRequest, 25),
    (Array("ABCDEFGHIJKLMNOPQRSTUVWXY /".utf8), .unknown, 25),
  ]

  @Test("octets that begin with a text, or are all of it")
  func beginsWith() {
    let octets = Array("PRI *".utf8)
    #expect(octets.span.begins(with: "PRI *") && octets.span.begins(with: "PR"))
    #expect(!octets.span.begins(with: "PRI * ") && !octets.span.begins(with: "PRO"))
  }

  @Test("each is known as early as can be", arguments: starts)
  func start(octets: [UInt8], expected: StreamStart, needed: Int) {
    for count in 0...octets.count {
      let seen = StreamStart(Array(octets.prefix(count)).span)
      // A method with a hyphen or the like needs the blank behind it.
      let isUnusual = octets.contains(0x2d) && expected == .httpRequest || octets[0] == 0x52
      if count >= needed {
        #expect(seen == expected, "\(count)")
      } else if !isUnusual {
        #expect(seen == .needsMore, "\(count)")
      }
    }
  }
}
