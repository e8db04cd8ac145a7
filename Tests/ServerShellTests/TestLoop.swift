import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine
import Testing

@testable import ServerShell

/// A client's end of a connection.
final class TestClient {
  let socket: StreamSocket
  private(set) var text = ""
  private(set) var isEnded = false

  init(_ endpoint: Endpoint, saying words: String = "") throws {
    socket = try StreamSocket(connectingTo: endpoint)
    _ = try? socket.write(words.utf8.span)
  }

  /// Reads what is there.
  func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while !isEnded {
      do {
        guard let count = try socket.read(into: &buffer) else { return }
        isEnded = count == 0
        text += String(decoding: buffer[..<count], as: UTF8.self)
      } catch {
        isEnded = true
      }
    }
  }
}

/// A server on the loopback interface and the loop around it, in which time is what the test says.
struct TestLoop: ~Copyable {
  let server: StreamServer
  let endpoint: Endpoint
  var poller = Poller()
  var now = MonotonicInstant(nanoseconds: 0)

  init(_ makeService: @escaping () -> any StreamService) throws {
    try self.init(StreamServer(at: Endpoint(.v4(.loopback))) { _, _ in makeService() })
  }

  init(_ server: StreamServer) throws {
    (self.server, endpoint) = (server, try server.localEndpoint())
    _ = poller.add(server.descriptorNumber, interest: .read)
  }

  /// Turns the loop until `isDone`; gives up after a while of real time.
  mutating func run(until isDone: () -> Bool) throws {
    let end = MonotonicClock.now() + .seconds(20)
    while !isDone(), MonotonicClock.now() < end {
      try poller.wait(until: MonotonicClock.now() + .milliseconds(2))
      try server.serve(at: now)
    }
    #expect(isDone())
  }
}
