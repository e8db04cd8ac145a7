import PacketFields
import PacketTestSupport
import PacketWire
import Testing

@Suite("fields of TLS records and hellos")
struct TLSFieldTests {
  static let names = [
    "tls.record.content_type", "tls.record.version", "tls.handshake.type", "tls.handshake.version",
    "tls.handshake.extensions_server_name", "tls.handshake.extensions_alpn_str",
    "tls.handshake.ciphersuite", "tls.handshake.extensions.supported_version",
  ]

  private static func vector(_ octets: [UInt8], _ lengthOctets: Int) -> [UInt8] {
    (lengthOctets == 2 ? [UInt8(octets.count >> 8)] : []) + [UInt8(octets.count & 0xff)] + octets
  }

  private static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 3, 3] + vector(body, 2)
  }

  private static func message(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 0] + vector(body, 2)
  }

  private static func extensions(_ list: [(UInt8, [UInt8])]) -> [UInt8] {
    vector(list.flatMap { [0, $0.0] + vector($0.1, 2) }, 2)
  }

  static let clientHello = message(
    1,
    [3, 3] + [UInt8](repeating: 7, count: 32) + [0] + vector([0x13, 1, 0xc0, 0x2f], 2) + [1, 0]
      + extensions([
        (0, vector([0] + vector(Array("a.test".utf8), 2), 2)),
        (16, vector(vector(Array("h2".utf8), 1) + vector(Array("http/1.1".utf8), 1), 2)),
        (43, vector([3, 4, 3, 3], 1)),
      ]))
  static let clientCells = [
    "tls.record.content_type": "22", "tls.record.version": "0x0303", "tls.handshake.type": "1",
    "tls.handshake.version": "0x0303", "tls.handshake.extensions_server_name": "a.test",
    "tls.handshake.extensions_alpn_str": "h2|http/1.1",
    "tls.handshake.ciphersuite": "0x1301|0xc02f",
    "tls.handshake.extensions.supported_version": "0x0304|0x0303",
  ]

  private static func serverHello(_ version: UInt8) -> [UInt8] {
    message(
      2,
      [3, 3] + [UInt8](repeating: 9, count: 32) + [0, 0x13, 1, 0]
        + (version == 4 ? extensions([(43, [3, 4])]) : []))
  }

  @Test("fingerprints of both hellos, and none of a hello that is cut")
  func fingerprints() {
    let names = ["ja3_full", "ja3", "ja4", "ja4_r", "ja3s_full", "ja3s"].map {
      "tls.handshake." + $0
    }
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 4433)
    capture.open(&connection)
    capture.send(&connection, .client, [.psh, .ack], Self.record(22, Self.clientHello))
    capture.send(&connection, .server, [.psh, .ack], Self.record(22, Self.serverHello(4)))
    let rows = PacketFieldsTests.rows(of: capture, names)
    #expect(rows[3]["tls.handshake.ja3_full"] == "771,4865-49199,0-16-43,,")
    #expect(rows[3]["tls.handshake.ja3"] == "336f5f33f4497e06a9cd5231997c3982")
    #expect(rows[3]["tls.handshake.ja4_r"] == "t13d0203h2_1301,c02f_002b")
    #expect(rows[3]["tls.handshake.ja4"]?.hasPrefix("t13d0203h2_") == true)
    #expect(rows[4]["tls.handshake.ja3s_full"] == "771,4865,43")
    #expect(rows[4]["tls.handshake.ja3s"]?.count == 32)
    #expect(rows[3]["tls.handshake.ja3s"] == nil && rows[4]["tls.handshake.ja3"] == nil)
    capture.cutLast(to: capture.packets[4].octets.count - 9)
    #expect(PacketFieldsTests.rows(of: capture, names)[4].isEmpty)
  }

  private func cells(
    _ play: (inout ConversationBuilder, inout ConversationBuilder.Connection) -> Void
  )
    -> [[String: String]]
  {
    var capture = ConversationBuilder()
    var connection = ConversationBuilder.Connection(
      from: "198.18.0.2", 40_001, to: "203.0.113.80", 4433)
    capture.open(&connection)
    play(&capture, &connection)
    return Array(rows(of: capture, Self.names).dropFirst(3))
  }

  @Test("a hello in any cut, over segments and over records")
  func cuts() {
    let whole = Self.record(22, Self.clientHello)
    for cut in 3..<whole.count {
      let found = cells { capture, connection in
        capture.send(&connection, .client, [.psh, .ack], Array(whole[..<cut]))
        capture.send(&connection, .client, [.psh, .ack], Array(whole[cut...]))
      }
      // Too little of a record's header for another port tells nobody what it is.
      if cut >= 6 { #expect(found == [[:], Self.clientCells], "\(cut)") }
    }
    let records =
      Self.record(22, Array(Self.clientHello.prefix(20)))
      + Self.record(22, Array(Self.clientHello.dropFirst(20)))
    var expected = Self.clientCells
    expected["tls.record.content_type"] = "22|22"
    expected["tls.record.version"] = "0x0303|0x0303"
    #expect(cells { $0.send(&$1, .client, [.psh, .ack], records) } == [expected])
  }

  @Test("several records and messages in a segment; nothing of enciphered ones")
  func enciphered() {
    let flight =
      Self.record(22, Self.serverHello(3) + Self.message(11, [0, 0, 0]) + Self.message(14, []))
      + Self.record(20, [1]) + Self.record(22, [0, 0, 0, 0, 0, 0, 0, 1, 5, 6, 7])
    let found = cells { $0.send(&$1, .server, [.psh, .ack], flight) }
    #expect(found[0]["tls.record.content_type"] == "22|20|22")
    #expect(found[0]["tls.handshake.type"] == "2|11|14")
    #expect(found[0]["tls.handshake.ciphersuite"] == "0x1301")
  }

  @Test("data of TLS 1.3 has no content type, since it can be anything")
  func opaque() {
    for version: UInt8 in [3, 4] {
      let found = cells { capture, connection in
        capture.send(
          &connection, .server, [.psh, .ack], Self.record(22, Self.serverHello(version)))
        capture.send(&connection, .client, [.psh, .ack], Self.record(23, [1, 2, 3]))
      }
      #expect(found[1]["tls.record.version"] == "0x0303")
      #expect(found[1]["tls.record.content_type"] == (version == 3 ? "23" : nil))
    }
  }

  @Test("of a hello that the capture cut there is what stands before the cut")
  func cut() {
    let found = cells { capture, connection in
      capture.send(&connection, .client, [.psh, .ack], Self.record(22, Self.clientHello))
      let count = capture.packets[3].octets.count
      capture.cutLast(to: count - 8)
    }
    var expected = Self.clientCells
    expected["tls.handshake.extensions.supported_version"] = nil
    #expect(found == [expected])
  }
}
