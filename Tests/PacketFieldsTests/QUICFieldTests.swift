import PacketFields
import PacketTestSupport
import PacketWire
import Testing

@Suite("fields of QUIC headers")
struct QUICFieldTests {
  static let names = ["quic.version", "quic.long.packet_type", "quic.dcid"]

  private func cells(_ datagrams: [(Bool, [UInt8])]) -> [[String: String]] {
    var capture = ConversationBuilder()
    let client = (address: address("198.18.0.2"), port: UInt16(40_001))
    let server = (address: address("203.0.113.80"), port: UInt16(4433))
    for (isClient, octets) in datagrams {
      capture.udp(from: isClient ? client : server, to: isClient ? server : client, octets)
    }
    return rows(of: capture, Self.names)
  }

  @Test("coalesced packets, and a short header whose identifier is as long as its receiver wants")
  func packets() {
    let initial = hex("c0 00000001 02 aabb 01 cc 00 03 112233")
    let handshake = hex("e0 00000001 02 aabb 01 cc 02 4455")
    let answer = hex("c0 00000001 01 cc 03 010203 00 02 0000")
    let found = cells([
      (true, initial + handshake), (false, answer), (true, hex("40 010203 9999")),
      (false, hex("40 cc 9999")),
    ])
    #expect(
      found == [
        [
          "quic.version": "0x00000001|0x00000001", "quic.long.packet_type": "0|2",
          "quic.dcid": "aabb|aabb",
        ],
        ["quic.version": "0x00000001", "quic.long.packet_type": "0", "quic.dcid": "cc"],
        ["quic.dcid": "010203"], ["quic.dcid": "cc"],
      ])
  }

  @Test("a version negotiation counts only as an answer; version 2 has other types")
  func versions() {
    let negotiation = hex("80 00000000 01 cc 02 aabb 00000001")
    let second = hex("d0 6b3343cf 02 aabb 01 cc 00 02 0000")
    #expect(cells([(false, negotiation)]) == [[:]])
    #expect(
      cells([(true, second), (false, negotiation)]) == [
        ["quic.version": "0x6b3343cf", "quic.dcid": "aabb"],
        ["quic.version": "0x00000000", "quic.dcid": "cc"],
      ])
  }
}
