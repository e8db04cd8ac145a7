public import LinuxNet
public import LinuxSystem
public import PacketWire
public import ServiceEngine

/// Serves TCP connections to one address and port, each by a `StreamService` of its own.
///
/// No client can keep others waiting: nothing blocks, each connection does one read a turn, has a
/// bounded amount of memory, and must get something done from time to time. Thousands that are idle
/// cost nothing but their memory.
public final class StreamServer: Server {
  /// What becomes of a client that comes when there is no place left.
  public enum Crowding: Hashable, Sendable {
    /// The one that has done nothing for longest makes room.
    case idlestMakesRoom
    /// It waits, in the kernel's backlog, until another has ended.
    case othersWait
  }

  /// Makes what serves a connection, from which client it comes.
  public typealias MakeService = (ConnectionID, _ client: Endpoint) -> any StreamService

  /// So many connections are accepted, or told news, before others get their turn.
  private static let turn = 64
  /// Where descriptors or memory are short and nobody can make room, it tries again after so long.
  private static let pause = Nanoseconds.milliseconds(100)
  /// What the listening socket is watched as; connections have the numbers of their places.
  private static let listenerToken = UInt64.max

  /// So many connections are kept at once.
  public let maximumConnections: Int
  private let crowding: Crowding
  private let listener: StreamListener
  private let makeService: MakeService
  private let wakes: () -> [ConnectionID]

  private var watch: EventPoll
  private var buffer = [UInt8](repeating: 0, count: 16_384)
  private var connections = ConnectionTable()
  /// Those whose news are still to be sent.
  private var awake: [ConnectionID] = []
  private var isListening = true
  private var listensAgainAt: MonotonicInstant?

  /// Listens in the network namespace that the calling thread is in; the socket stays there.
  ///
  /// `makeService` is called for each connection when it begins. `wakes` is asked after each round for
  /// connections whose services have something to say that did not come from their own clients;
  /// their `receive` is then called with nothing.
  public init(
    at endpoint: Endpoint, maximumConnections: Int = 8192,
    crowding: Crowding = .idlestMakesRoom, makeService: @escaping MakeService,
    wakes: @escaping () -> [ConnectionID] = { [] }
  ) throws(SystemError) {
    listener = try StreamListener(at: endpoint, backlog: 1024)
    watch = try EventPoll()
    try watch.add(listener.descriptorNumber, as: Self.listenerToken, interest: .read)
    self.maximumConnections = max(maximumConnections, 1)
    self.crowding = crowding
    self.makeService = makeService
    self.wakes = wakes
  }

  /// How many are being served.
  public var connectionCount: Int { connections.count }

  /// Where it listens, with the port that the kernel chose if it was asked to.
  public func localEndpoint() throws(SystemError) -> Endpoint { try listener.localEndpoint() }

  /// Poll this for reading.
  public var descriptorNumber: CInt { watch.descriptorNumber }

  /// One for each connection and the one that does not fit, the listening socket and the table.
  public var maximumDescriptors: Int { maximumConnections + 3 }

  /// When `serve` has to be called at the latest.
  public var wakeAt: MonotonicInstant? {
    // News may have come by another server of the same loop.
    if awake.isEmpty { awake = wakes() }
    if !awake.isEmpty { return MonotonicInstant(nanoseconds: 0) }
    guard let deadline = connections.firstDeadline?.instant else { return listensAgainAt }
    return min(deadline, listensAgainAt ?? deadline)
  }

  /// Does what can be done and what is due.
  public func serve(at now: MonotonicInstant) throws(SystemError) {
    try listenAgainIfDue(at: now)
    var hasCallers = false
    try watch.look()
    for event in watch.events {
      if event.token == Self.listenerToken {
        hasCallers = true
      } else if let connection = connections[Int(event.token)] {
        connection.exchange(event.readiness, at: now, buffer: &buffer)
        try settle(connection, at: Int(event.token))
      }
    }
    try endPatience(at: now)
    // Last, so that a place that was given up above is not taken for its next owner's.
    if hasCallers { try acceptConnections(at: now) }
    try deliverNews(at: now)
  }

  private func endPatience(at now: MonotonicInstant) throws(SystemError) {
    while let (place, deadline) = connections.firstDeadline, deadline <= now,
      let connection = connections[place]
    {
      connection.timeIsUp(at: now)
      try settle(connection, at: place)
    }
  }

  private func deliverNews(at now: MonotonicInstant) throws(SystemError) {
    if awake.isEmpty { awake = wakes() }
    for id in awake.prefix(Self.turn) {
      guard let place = connections.place(of: id), let connection = connections[place] else {
        continue
      }
      connection.deliverNews(at: now)
      try settle(connection, at: place)
    }
    awake.removeFirst(min(Self.turn, awake.count))
    // What was told may have been news for others.
    if awake.isEmpty { awake = wakes() }
  }

  /// Watches a connection for what it can do next, or ends it.
  private func settle(_ connection: StreamConnection, at place: Int) throws(SystemError) {
    guard !connection.isOver else { return try end(connection, at: place) }
    connections.update(place)
    let interest = connection.interest
    guard interest != connection.watchedInterest else { return }
    connection.watchedInterest = interest
    try watch.modify(connection.descriptorNumber, as: UInt64(place), interest: interest)
  }

  private func end(_ connection: StreamConnection, at place: Int) throws(SystemError) {
    try watch.remove(connection.descriptorNumber)
    connections.remove(place)
    connection.end()
    if !isListening, listensAgainAt == nil { try listen(true) }
  }
}

// MARK: Taking in

extension StreamServer {
  private func acceptConnections(at now: MonotonicInstant) throws(SystemError) {
    for _ in 0..<Self.turn {
      if connections.count >= maximumConnections, crowding == .othersWait {
        return try listen(false)
      }
      do throws(SystemError) {
        guard let socket = try listener.accept() else { return }
        try begin(socket, at: now)
      } catch {
        // A lack of descriptors or memory is no reason to end all.
        return try makeRoom(at: now)
      }
      if connections.count > maximumConnections { try endIdlest() }
    }
  }

  private func begin(_ socket: consuming StreamSocket, at now: MonotonicInstant) throws(SystemError)
  {
    let id = connections.nextID()
    let place = connections.freePlace
    let connection = StreamConnection(id, socket, makeService(id, socket.peer), at: now)
    connection.watchedInterest = connection.interest
    do throws(SystemError) {
      try watch.add(
        connection.descriptorNumber, as: UInt64(place), interest: connection.watchedInterest)
    } catch {
      connection.end()
      throw error
    }
    connections.insert(connection)
  }

  private func makeRoom(at now: MonotonicInstant) throws(SystemError) {
    if crowding == .idlestMakesRoom, connections.count > 0 { return try endIdlest() }
    try listen(false)
    listensAgainAt = now + Self.pause
  }

  private func endIdlest() throws(SystemError) {
    guard let place = connections.idlest, let connection = connections[place] else { return }
    try end(connection, at: place)
  }

  private func listenAgainIfDue(at now: MonotonicInstant) throws(SystemError) {
    guard let instant = listensAgainAt, instant <= now else { return }
    listensAgainAt = nil
    try listen(true)
  }

  private func listen(_ isListening: Bool) throws(SystemError) {
    self.isListening = isListening
    try watch.modify(
      listener.descriptorNumber, as: Self.listenerToken, interest: isListening ? .read : [])
  }
}
