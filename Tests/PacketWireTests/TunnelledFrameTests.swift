import PacketTestSupport
import PacketWire
import Testing

@Suite("Packets in tunnels")
struct TunnelledFrameTests {
  private func first(_ octets: [UInt8]) -> TunnelledFrame? {
    TunnelledFrame(in: Frame(decoding: octets.span, linkType: .ipv4), octets.span)
  }

  @Test("each tunnel's content, at its place in the whole frame")
  func inwards() throws {
    let octets = CarriedFrameTests.ipv4(4, CarriedFrameTests.ipv4(4, CarriedFrameTests.inner))
    var inner = try #require(first(octets))
    #expect(inner.octets == 20..<68 && inner.depth == 1)
    #expect(inner.frame.payload == 20..<48)
    let hasSecond = inner.goInwards(octets.span)
    #expect(hasSecond && inner.octets == 40..<68 && inner.depth == 2)
    #expect(inner.frame.ports?.destination == 0x36)
    let hasThird = inner.goInwards(octets.span)
    #expect(!hasThird)
    #expect(inner.octets == 40..<68 && inner.depth == 2)
  }

  @Test("a plain packet and a quoted one came through no tunnel")
  func none() throws {
    #expect(first(CarriedFrameTests.inner) == nil)
    let error = CarriedFrameTests.ipv4(1, hex("0303 0000 0000 0000") + CarriedFrameTests.inner)
    #expect(first(error) == nil)
    // Nor does a tunnel's packet carry what it quotes.
    let tunnel = CarriedFrameTests.ipv4(4, error)
    var inner = try #require(first(tunnel))
    let goesOn = inner.goInwards(tunnel.span)
    #expect(!goesOn && inner.depth == 1)
  }

  @Test("a cut frame's content keeps the length that it had")
  func cut() {
    let whole = CarriedFrameTests.ipv4(4, CarriedFrameTests.inner)
    let octets = Array(whole.prefix(44))
    let frame = Frame(decoding: octets.span, linkType: .ipv4, originalLength: whole.count)
    let inner = TunnelledFrame(in: frame, octets.span)
    #expect(inner?.octets == 20..<44)
    #expect(inner?.frame.problem?.layer == .udp)
  }

  @Test("tunnels are walked as deep as frames are, and no deeper")
  func deep() throws {
    var octets = CarriedFrameTests.inner
    for _ in 0..<10 { octets = CarriedFrameTests.ipv4(4, octets) }
    var inner = try #require(first(octets))
    var depths = [inner.depth]
    while inner.goInwards(octets.span) { depths.append(inner.depth) }
    #expect(depths == Array(1...Frame.maximumDepth))
    #expect(inner.octets.lowerBound == 20 * Frame.maximumDepth)
  }
}
