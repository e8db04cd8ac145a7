import Glibc
import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import Testing

@Suite("TCP sockets over loopback")
struct StreamSocketTests {
  @Test(arguments: ["127.0.0.1", "::1"])
  func aConversation(address: String) throws {
    let listener = try StreamListener(at: endpoint(address))
    let here = try listener.localEndpoint()
    #expect(here.port != 0)
    #expect(try listener.accept() == nil)
    let client = try StreamSocket(connectingTo: here)
    try wait(for: client.descriptorNumber, .write)
    try client.finishConnecting()
    try wait(for: listener.descriptorNumber, .read)
    let accepted = try listener.accept()
    let server = try require(accepted)
    #expect(try server.peer == client.localEndpoint())
    #expect(try server.localEndpoint() == here && client.peer == here)

    var buffer = [UInt8](repeating: 0, count: 64)
    #expect(try server.read(into: &buffer) == nil)
    #expect(try client.write(Array("question".utf8).span) == 8)
    try client.shutdownWriting()
    try wait(for: server.descriptorNumber, .read)
    #expect(try server.read(into: &buffer) == 8)
    #expect(String(decoding: buffer[..<8], as: UTF8.self) == "question")
    try wait(for: server.descriptorNumber, .read)
    #expect(try server.read(into: &buffer) == 0)
    #expect(try server.write(Array("answer".utf8).span) == 6)
    try wait(for: client.descriptorNumber, .read)
    #expect(try client.read(into: &buffer) == 6)
  }

  @Test func aFullConnectionTakesNoMore() throws {
    let listener = try StreamListener(at: endpoint("127.0.0.1"))
    let client = try StreamSocket(connectingTo: listener.localEndpoint())
    try wait(for: client.descriptorNumber, .write)
    let piece = [UInt8](repeating: 1, count: 1 << 20)
    for _ in 0..<64 {
      if try client.write(piece.span) == nil { return }
    }
    Issue.record("64 MiB were taken without a reader")
  }

  @Test func refusedConnectionIsTold() throws {
    let here: Endpoint
    do {
      let listener = try StreamListener(at: endpoint("127.0.0.1"))
      here = try listener.localEndpoint()
    }
    let refused = SystemError("connect to", on: "\(here)", errorNumber: ECONNREFUSED)
    #expect(throws: refused) {
      let client = try StreamSocket(connectingTo: here)
      try wait(for: client.descriptorNumber, .write)
      try client.finishConnecting()
    }
  }

  @Test func anIPv6ListenerTakesNoIPv4() throws {
    let listener = try StreamListener(at: endpoint("::"))
    let port = try listener.localEndpoint().port
    #expect(throws: SystemError("connect to", on: "127.0.0.1:\(port)", errorNumber: ECONNREFUSED)) {
      let client = try StreamSocket(connectingTo: endpoint("127.0.0.1", port))
      try wait(for: client.descriptorNumber, .write)
      try client.finishConnecting()
    }
  }

  @Test func anEarlierConnectionDoesNotKeepThePort() throws {
    let here: Endpoint
    do {
      let listener = try StreamListener(at: endpoint("127.0.0.1"))
      here = try listener.localEndpoint()
      let client = try StreamSocket(connectingTo: here)
      try wait(for: listener.descriptorNumber, .read)
      // The server ends first, and so its side waits in TIME-WAIT (RFC 9293 §3.6).
      do { _ = try require(listener.accept()) }
      try wait(for: client.descriptorNumber, .read)
    }
    let again = try StreamListener(at: here)
    #expect(try again.localEndpoint() == here)
  }

  @Test func aTakenPortIsTold() throws {
    let listener = try StreamListener(at: endpoint("127.0.0.1"))
    let here = try listener.localEndpoint()
    let taken = SystemError(
      "bind to", on: "\(here)", errorNumber: EADDRINUSE, remedy: "`ss -lntup` lists who has it")
    #expect(throws: taken) { _ = try StreamListener(at: here) }
  }

  @Test func writingToAPeerThatIsGoneIsNoSignal() throws {
    let listener = try StreamListener(at: endpoint("127.0.0.1"))
    let client = try StreamSocket(connectingTo: listener.localEndpoint())
    try wait(for: listener.descriptorNumber, .read)
    do { _ = try listener.accept() }
    do throws(SystemError) {
      for _ in 0..<100 {
        _ = try client.write([1].span)
        try wait(for: client.descriptorNumber, .read)
      }
      Issue.record("the peer was never missed")
    } catch {
      #expect(error.isBrokenPipe)
    }
  }
}

/// Waits for a descriptor for at most ten seconds; the test then fails where it reads.
func wait(for descriptor: CInt, _ interest: Poller.Interest) throws(SystemError) {
  var poller = Poller()
  _ = poller.add(descriptor, interest: interest)
  try poller.wait(until: MonotonicClock.now() + .seconds(10))
}

/// The value, or a failed test: `#require` cannot move a noncopyable one.
func require<Value: ~Copyable>(_ value: consuming Value?) throws -> Value {
  guard let value else { throw Missing() }
  return value
}

struct Missing: Error {}
