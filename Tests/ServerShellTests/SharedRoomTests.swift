import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine
import Testing

@testable import ServerShell

@Suite("A chat room behind several servers")
struct SharedRoomTests {
  @Test("what is said by one server is heard by another at once")
  func news() throws {
    let room = ChatRoom()
    let servers = try (0..<2).map { _ in
      let content = ChatContent(room)
      return try StreamServer(
        at: Endpoint(.v4(.loopback)), makeService: { id, _ in HTTPConnection(content, as: id) },
        wakes: content.wakes)
    }
    var poller = Poller()
    let group = try ServerGroup(servers, watchedBy: &poller)
    // Time stands still, so that nobody's patience ends.
    let now = MonotonicInstant(nanoseconds: 0)
    func turn(until isDone: () -> Bool) throws {
      let end = MonotonicClock.now() + .seconds(20)
      while !isDone(), MonotonicClock.now() < end {
        try poller.wait(until: MonotonicClock.now() + .milliseconds(2))
        try group.serve(poller, at: now)
      }
      #expect(isDone())
    }
    let listener = try TestClient(
      servers[0].localEndpoint(), saying: "GET /poll?after=0 HTTP/1.1\r\nHost: x\r\n\r\n")
    try turn { servers[0].connectionCount == 1 }
    let speaker = try TestClient(
      servers[1].localEndpoint(),
      saying: "POST /poll?name=Ada HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
    try turn {
      speaker.read()
      listener.read()
      return listener.text.hasSuffix("\r\n\r\n1 Ada: hello\n")
    }
    #expect(speaker.text.hasPrefix("HTTP/1.1 204 "))
  }
}
