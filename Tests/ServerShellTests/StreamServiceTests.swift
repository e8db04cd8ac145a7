import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine
import Testing

@testable import ServerShell

/// What a room of `TestService`s shares.
private final class TestRoom {
  var members: [ConnectionID: Endpoint] = [:]
  private(set) var news: [ConnectionID: String] = [:]
  /// Those with news of which the server has not been told.
  private var awake: Set<ConnectionID> = []
  var ended: [ConnectionID] = []
  var askedAt: [ConnectionID] = []
  var receiveCount = 0
  var patience = Nanoseconds.seconds(5)
  /// Whether a connection goes on, and what it says then, when its time is up.
  var lastWord: String?
  var greeting = ""

  func tell(_ id: ConnectionID, _ words: String) {
    news[id, default: ""] += words
    awake.insert(id)
  }

  func takeNews(for id: ConnectionID) -> String? { news.removeValue(forKey: id) }

  /// Each is told of once.
  func takeAwake() -> [ConnectionID] {
    defer { awake = [] }
    return Array(awake)
  }
}

/// Says what the room says; and tells all others what its client says.
private struct TestService: StreamService {
  let id: ConnectionID
  let room: TestRoom
  var output: [UInt8]
  var isClosing = false
  var wantsInput = true

  init(_ id: ConnectionID, _ room: TestRoom) {
    (self.id, self.room) = (id, room)
    output = Array(room.greeting.utf8)
  }

  var patience: Nanoseconds { room.patience }

  mutating func receive(_ octets: ArraySlice<UInt8>, at _: WallInstant) {
    room.receiveCount += 1
    if let news = room.takeNews(for: id) { output += news.utf8 }
    guard !octets.isEmpty else { return }
    let words = String(decoding: octets, as: UTF8.self)
    if words == "stop" { wantsInput = false }
    for other in room.members.keys where other != id { room.tell(other, words) }
  }

  mutating func hasSent(_ count: Int) { output.removeFirst(count) }

  mutating func timeIsUp(at _: WallInstant) -> Bool {
    room.askedAt.append(id)
    output += (room.lastWord ?? "").utf8
    return room.lastWord != nil
  }

  mutating func ended() {
    room.ended.append(id)
    room.members[id] = nil
  }
}

extension TestRoom {
  func open(
    maximumConnections: Int = 8192, crowding: StreamServer.Crowding = .idlestMakesRoom
  ) throws -> TestLoop {
    try TestLoop(
      StreamServer(
        at: Endpoint(.v4(.loopback)), maximumConnections: maximumConnections, crowding: crowding,
        makeService: { id, client in
          self.members[id] = client
          return TestService(id, self)
        }, wakes: { self.takeAwake() }))
  }
}

@Suite("What services may ask of the shell")
struct StreamServiceTests {
  @Test("news from one connection reaches the others, and each knows its client")
  func aRoom() throws {
    let room = TestRoom()
    var loop = try room.open()
    let clients = try (0..<3).map { _ in try TestClient(loop.endpoint) }
    try loop.run { room.members.count == 3 }
    #expect(Set(room.members.keys.map(\.rawValue)) == [1, 2, 3])
    #expect(try Set(room.members.values) == Set(clients.map { try $0.socket.localEndpoint() }))
    _ = try clients[0].socket.write("hello".utf8.span)
    try loop.run {
      for client in clients { client.read() }
      return clients[1].text == "hello" && clients[2].text == "hello"
    }
    #expect(clients[0].text == "")
    try clients[1].socket.shutdownWriting()
    try loop.run { room.ended.count == 1 }
    #expect(loop.server.connectionCount == 2 && room.members.count == 2)
  }

  @Test("news for more than one turn's worth of connections reach all of them")
  func aBroadcast() throws {
    let room = TestRoom()
    var loop = try room.open()
    let clients = try (0..<200).map { _ in try TestClient(loop.endpoint) }
    try loop.run { room.members.count == 200 }
    for id in room.members.keys { room.tell(id, "x") }
    // Nobody writes anything: the loop is woken by the clock alone.
    try loop.server.serve(at: loop.now)
    #expect(loop.server.wakeAt == MonotonicInstant(nanoseconds: 0))
    for _ in 0..<5 { try loop.server.serve(at: loop.now) }
    #expect(room.news.isEmpty && loop.server.wakeAt != MonotonicInstant(nanoseconds: 0))
    try loop.run {
      for client in clients { client.read() }
      return clients.allSatisfy { $0.text == "x" }
    }
  }

  @Test("what there is to say at the beginning is said without a question")
  func aGreeting() throws {
    let room = TestRoom()
    room.greeting = "welcome"
    var loop = try room.open()
    let client = try TestClient(loop.endpoint)
    try loop.run {
      client.read()
      return client.text == "welcome"
    }
  }

  @Test("a service may go on when its time is up, with something to say or without")
  func goingOn() throws {
    for words in ["ping", ""] {
      let room = TestRoom()
      room.lastWord = words
      var loop = try room.open()
      let client = try TestClient(loop.endpoint)
      try loop.run { room.members.count == 1 }
      for round in 1...3 {
        let due = MonotonicInstant(nanoseconds: 0) + .seconds(Int64(5 * round))
        #expect(loop.server.wakeAt == due)
        loop.now = due + Nanoseconds(-1)
        try loop.server.serve(at: loop.now)
        #expect(room.askedAt.count == round - 1)
        loop.now = due
        try loop.server.serve(at: loop.now)
        // It is asked once, and not over and over.
        try loop.server.serve(at: loop.now)
        #expect(room.askedAt.count == round)
      }
      try loop.run {
        client.read()
        return client.text == String(repeating: words, count: 3)
      }
      room.lastWord = nil
      loop.now = loop.now + .seconds(5)
      try loop.run {
        client.read()
        return client.isEnded
      }
      #expect(room.ended.count == 1 && room.members.isEmpty)
    }
  }

  @Test("a patience of nothing does not stop the loop")
  func noPatience() throws {
    let room = TestRoom()
    (room.patience, room.lastWord) = (Nanoseconds(0), "")
    var loop = try room.open()
    let client = try TestClient(loop.endpoint)
    try loop.run { room.askedAt.count == 0 && room.members.count == 1 }
    loop.now = loop.now + .seconds(1)
    try loop.server.serve(at: loop.now)
    #expect(room.askedAt.count == 1)
    _ = client
  }

  @Test("who takes nothing of what is said ends without being asked")
  func aDeafClient() throws {
    let room = TestRoom()
    room.lastWord = "more"
    var loop = try room.open()
    let client = try TestClient(loop.endpoint)
    try loop.run { room.members.count == 1 }
    // More than the kernel's buffers hold.
    room.tell(ConnectionID(rawValue: 1), String(repeating: "x", count: 32 << 20))
    for _ in 0..<20 { try loop.server.serve(at: loop.now) }
    loop.now = loop.now + .seconds(5)
    try loop.run { room.ended.count == 1 }
    #expect(room.askedAt.isEmpty)
    _ = client
  }

  @Test("of a reset a service hears even while it neither reads nor writes")
  func aResetInSilence() throws {
    let room = TestRoom()
    var loop = try room.open()
    do {
      let client = try TestClient(loop.endpoint, saying: "stop")
      try loop.run { room.receiveCount == 1 }
      room.tell(ConnectionID(rawValue: 1), "unread")
      try loop.run { room.news.isEmpty }
      _ = client
      // Closing with something unread resets the connection.
    }
    try loop.run { room.ended.count == 1 }
  }

  @Test("every way to end is told once")
  func ends() throws {
    let room = TestRoom()
    var loop = try room.open(maximumConnections: 2)
    let first = try TestClient(loop.endpoint)
    try loop.run { room.members.count == 1 }
    loop.now = loop.now + Nanoseconds(1)
    let second = try TestClient(loop.endpoint)
    try loop.run { room.members.count == 2 }
    let third = try TestClient(loop.endpoint)
    try loop.run { room.ended == [ConnectionID(rawValue: 1)] }
    loop.now = loop.now + .seconds(5)
    try loop.run { room.ended.count == 3 }
    #expect(Set(room.ended).count == 3)
    #expect(loop.server.connectionCount == 0 && loop.server.wakeAt == nil)
    _ = (first, second, third)
  }

  @Test("who has been idle for longest makes room, however patient its service is")
  func theIdlest() throws {
    let room = TestRoom()
    room.patience = .seconds(60)
    var loop = try room.open(maximumConnections: 2)
    let patient = try TestClient(loop.endpoint)
    try loop.run { room.members.count == 1 }
    loop.now = loop.now + .seconds(1)
    room.patience = .seconds(5)
    let other = try TestClient(loop.endpoint)
    try loop.run { room.members.count == 2 }
    let third = try TestClient(loop.endpoint)
    try loop.run { room.ended == [ConnectionID(rawValue: 1)] }
    _ = (patient, other, third)
  }

  @Test("one at a time: the others wait, and come in when there is a place")
  func othersWait() throws {
    let room = TestRoom()
    var loop = try room.open(maximumConnections: 1, crowding: .othersWait)
    let first = try TestClient(loop.endpoint, saying: "a")
    try loop.run { room.receiveCount == 1 }
    let second = try TestClient(loop.endpoint, saying: "b")
    for _ in 0..<20 {
      try loop.poller.wait(until: MonotonicClock.now() + .milliseconds(1))
      try loop.server.serve(at: loop.now)
    }
    #expect(room.members.count == 1 && room.receiveCount == 1)
    // Who waits does not wake the loop.
    #expect(try loop.poller.wait(until: MonotonicInstant(nanoseconds: 0)) == 0)
    try first.socket.shutdownWriting()
    try loop.run { room.ended.count == 1 && room.members[ConnectionID(rawValue: 2)] != nil }
    _ = second
  }

  @Test("five thousand idle connections are held, and one more is served")
  func fiveThousand() throws {
    let count = 5000
    // Both ends of each are ours.
    try #require(try OpenFileLimit.raise(to: 2 * count + 500) >= 2 * count + 500)
    let room = TestRoom()
    var loop = try room.open()
    let server = loop.server
    var clients: [TestClient] = []
    while clients.count < count {
      for _ in 0..<250 { clients.append(try TestClient(loop.endpoint)) }
      try loop.run { server.connectionCount == clients.count }
    }
    #expect(room.receiveCount == 0)
    let speaker = try TestClient(loop.endpoint)
    try loop.run { server.connectionCount == count + 1 }
    let last = try #require(clients.last)
    room.tell(ConnectionID(rawValue: UInt64(count)), "news")
    try server.serve(at: loop.now)
    try loop.run {
      last.read()
      return last.text == "news"
    }
    // Nobody else was asked: once for the news, and once for more after it was sent.
    #expect(room.receiveCount == 2)
    #expect(server.connectionCount == count + 1 && room.ended.isEmpty)
    _ = speaker
  }
}
