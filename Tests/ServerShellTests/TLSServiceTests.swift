import PacketWire
import ServiceEngine
import Testing
import TransportSecurity

@testable import ServerShell

/// Says too much for one turn, and then ends.
private struct TalkativeService: StreamService {
  var output = [UInt8](repeating: 0x61, count: 300_000)
  var isClosing: Bool { output.isEmpty }

  func receive(_: ArraySlice<UInt8>, at _: WallInstant) {}
  mutating func hasSent(_ count: Int) { output.removeFirst(count) }
}

@Suite("A service behind TLS")
struct TLSServiceTests {
  private let now = WallInstant(nanoseconds: 0)

  private func identity() throws -> ServerIdentity {
    try ServerIdentity(names: ["lab.test"], addresses: [], authorityName: "Tests")
  }

  @Test("who speaks no TLS hears nothing, but an alert perhaps")
  func plainClient() throws {
    var service = try TLSService(TalkativeService(), as: identity())
    #expect(service.wantsInput && service.output.isEmpty)
    service.receive(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)[...], at: now)
    #expect(service.isClosing && !service.wantsInput)
    #expect(service.output.count < 20)
  }

  @Test("a handshake that never ends is given up")
  func silence() throws {
    var service = try TLSService(HTTPConnection(.chat), as: identity())
    #expect(service.patience == .seconds(15))
    service.receive([22, 3, 1], at: now)
    let goesOn = service.timeIsUp(at: now)
    #expect(!goesOn)
  }
}
