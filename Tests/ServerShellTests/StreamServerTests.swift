import LinuxNet
import LinuxSystem
import PacketWire
import SimulatedInternet
import Testing

@testable import ServerShell
@testable import ServiceEngine

@Suite("Connections to the servers")
struct StreamServerTests {
  static let request = "GET /logo.svg HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test func oneConnectionManyRequests() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    let client = try TestClient(loop.endpoint, saying: Self.request)
    for count in 1...3 {
      try loop.run {
        client.read()
        return client.text.count(of: "</svg>") == count
      }
      _ = try client.socket.write(Self.request.utf8.span)
    }
    #expect(!client.isEnded)
  }

  @Test("a server that is done ends its side, and the client reads everything first")
  func closing() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    // Octets behind the last request, which nobody will read, would turn a plain close into a reset.
    let client = try TestClient(
      loop.endpoint, saying: "GET / HTTP/1.0\r\n\r\n" + String(repeating: "x", count: 10_000))
    try loop.run {
      client.read()
      return client.isEnded
    }
    #expect(client.text.hasSuffix(LandingPages.landing))
    // The connection waits for the client's own end, but not for long.
    #expect(loop.server.wakeAt == loop.now + .seconds(2))
    try client.socket.shutdownWriting()
    let server = loop.server
    try loop.run { server.wakeAt == nil }
  }

  @Test func aClientThatHasSaidAllIsStillAnswered() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    let client = try TestClient(
      loop.endpoint, saying: String(repeating: Self.request, count: 500))
    try client.socket.shutdownWriting()
    try loop.run {
      client.read()
      return client.isEnded
    }
    #expect(client.text.count(of: "</svg>") == 500)
    #expect(loop.server.wakeAt == nil)
  }

  @Test("who does nothing for fifteen seconds goes; who is served stays")
  func patience() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    let idle = try TestClient(loop.endpoint)
    let slow = try TestClient(loop.endpoint, saying: "GET / HT")
    let busy = try TestClient(loop.endpoint, saying: Self.request)
    try loop.run {
      busy.read()
      return busy.text.count(of: "</svg>") == 1
    }
    loop.now = MonotonicInstant(nanoseconds: 10_000_000_000)
    _ = try busy.socket.write(Self.request.utf8.span)
    // Octets alone are no progress: this one never ends its request.
    _ = try slow.socket.write("TP/1.1\r\nA: b".utf8.span)
    try loop.run {
      busy.read()
      return busy.text.count(of: "</svg>") == 2
    }
    loop.now = MonotonicInstant(nanoseconds: 15_000_000_000)
    try loop.run {
      for client in [idle, slow, busy] { client.read() }
      return idle.isEnded && slow.isEnded
    }
    #expect(!busy.isEnded)
    #expect(loop.server.wakeAt == MonotonicInstant(nanoseconds: 25_000_000_000))
  }

  @Test("idle clients do not keep others out; the idlest makes room")
  func crowd() throws {
    let places = 128
    var loop = try TestLoop(
      StreamServer(at: Endpoint(.v4(.loopback)), maximumConnections: places) { _, _ in
        HTTPConnection(.chat)
      })
    var crowd: [TestClient] = []
    for number in 0..<places + 10 {
      loop.now = MonotonicInstant(nanoseconds: Int64(number))
      crowd.append(try TestClient(loop.endpoint))
      // Taken in one by one, so that the order of their ages is known.
      let server = loop.server
      let oldest = Int64(max(0, number + 1 - places))
      try loop.run {
        server.connectionCount == min(number + 1, places)
          && server.wakeAt == MonotonicInstant(nanoseconds: 15_000_000_000 + oldest)
      }
    }
    let client = try TestClient(loop.endpoint, saying: Self.request)
    try loop.run {
      client.read()
      return client.text.count(of: "</svg>") == 1
    }
    // The ends of the others may come later than the answer: the kernel hands packets over when it can.
    try loop.run {
      for client in crowd { client.read() }
      return crowd.prefix(11).allSatisfy { $0.isEnded }
    }
    #expect(crowd.dropFirst(11).allSatisfy { !$0.isEnded })
  }

  @Test("a client that reads nothing does not keep others waiting")
  func aClientThatDoesNotRead() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    let greedy = try TestClient(loop.endpoint)
    let flood = Array(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 2000).utf8)
    // The server stops reading, and then the kernel's buffers are full for good.
    var turnsWithoutRoom = 0
    for _ in 0..<3000 where turnsWithoutRoom < 100 {
      turnsWithoutRoom = try greedy.socket.write(flood.span) == nil ? turnsWithoutRoom + 1 : 0
      try loop.poller.wait(until: MonotonicClock.now())
      try loop.server.serve(at: loop.now)
    }
    #expect(turnsWithoutRoom == 100)
    let client = try TestClient(loop.endpoint, saying: Self.request)
    try loop.run {
      client.read()
      return client.text.count(of: "</svg>") == 1
    }
  }

  @Test func clientsThatVanish() throws {
    var loop = try TestLoop { HTTPConnection(.chat) }
    for _ in 0..<20 { _ = try TestClient(loop.endpoint, saying: Self.request + Self.request) }
    let client = try TestClient(loop.endpoint, saying: Self.request)
    let server = loop.server
    try loop.run {
      client.read()
      return client.text.count(of: "</svg>") == 1
    }
    try client.socket.shutdownWriting()
    try loop.run { server.wakeAt == nil }
  }

  @Test func namesOverTCP() throws {
    let responder = DNSResponder(records: Topology.default.dnsRecords)
    var loop = try TestLoop { DNSStream(responder) }
    let query = DNSMessage(query: try #require(DNSName("www.discord.test")), .a, identifier: 7)
    let octets = [UInt8](capacity: query.length) { query.write(to: &$0) }
    let socket = try StreamSocket(connectingTo: loop.endpoint)
    _ = try socket.write(([0, UInt8(octets.count)] + octets).span)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    try loop.run {
      if let count = try? socket.read(into: &buffer) { answer += buffer[..<count] }
      return answer.count > 2
    }
    #expect(Array(answer.dropFirst(2)) == responder.answer(to: octets, over: .tcp))
  }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func count(of text: String) -> Int {
    ranges(of: text).count
  }
}
