import PacketTestSupport
import PacketWire
import Testing

@Suite("Frames within frames")
struct CarriedFrameTests {
  /// IPv4 from 192.0.2.1 to 192.0.2.2 with this protocol and payload.
  static func ipv4(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt8(20 + payload.count)
    return hex("4500 00") + [length] + hex("0001 0000 40") + [number]
      + hex("0000 c0000201 c0000202") + payload
  }
  static let inner = ipv4(17, hex("0035 0036 0008 0000"))

  private func carried(_ octets: [UInt8], _ linkType: LinkType = .ipv4) -> CarriedFrame? {
    Frame(decoding: octets.span, linkType: linkType).carried(in: octets.span)
  }

  @Test func errorQuotesItsDatagram() throws {
    // Destination unreachable: its sixth octet is the quotation's length in words.
    for (length, end) in [(0, 60), (7, 56), (200, 60)] as [(UInt8, Int)] {
      let octets = Self.ipv4(
        1, hex("0303 0000 00") + [length] + hex("0000") + Self.inner + hex("2000 0000"))
      #expect(
        carried(octets)
          == CarriedFrame(
            role: .quoted, linkType: .ipv4, octets: 28..<end, originalLength: end - 28))
    }
    // Of a redirect those octets are the gateway's address.
    let redirect = Self.ipv4(1, hex("0501 0000 c0070203") + Self.inner)
    #expect(try #require(carried(redirect)).octets == 28..<56)
  }

  @Test func registerOfMulticastRouting() {
    let register = Self.ipv4(103, hex("2100 0000 4000 0000") + Self.inner)
    #expect(
      carried(register)
        == CarriedFrame(role: .tunnelled, linkType: .raw, octets: 28..<56, originalLength: 28))
    // Another type, another version, and nothing in it.
    #expect(carried(Self.ipv4(103, hex("2000 0000 0000 0000") + Self.inner)) == nil)
    #expect(carried(Self.ipv4(103, hex("1100 0000 0000 0000") + Self.inner)) == nil)
    #expect(carried(Self.ipv4(103, hex("2100 0000 0000 0000"))) == nil)
  }

  @Test func errorOverIPv6() throws {
    for (type, length, end) in [(1, 3, 72), (2, 3, 76), (3, 0, 76)] as [(UInt8, UInt8, Int)] {
      let message = [type, 0, 0, 0, length, 0, 0, 0] + Self.inner
      let octets = hex("6000 0000 0024 3a40") + [UInt8](repeating: 1, count: 32) + message
      let found = try #require(carried(octets, .ipv6))
      #expect(found.octets == 48..<end && found.linkType == .ipv6 && found.role == .quoted)
    }
  }

  @Test func tunnels() {
    let inside = CarriedFrame(
      role: .tunnelled, linkType: .ipv4, octets: 20..<48, originalLength: 28)
    #expect(carried(Self.ipv4(4, Self.inner)) == inside)
    var sixInFour = inside
    sixInFour.linkType = .ipv6
    #expect(carried(Self.ipv4(41, Self.inner)) == sixInFour)
  }

  @Test func othersCarryNone() {
    #expect(carried(Self.inner) == nil)
    #expect(carried(Self.ipv4(1, hex("0800 0000 0001 0001") + Self.inner)) == nil)
    #expect(carried(Self.ipv4(4, [])) == nil)
    #expect(carried(Array(Self.ipv4(1, hex("0303 0000 0000 0000")).prefix(24))) == nil)
  }
}
