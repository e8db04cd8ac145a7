public import LinuxNet
public import LinuxSystem
public import PacketWire
public import ServiceEngine

/// Serves TCP connections to one address and port, each by a `StreamService` of its own.
///
/// No client can keep others waiting: nothing blocks, each connection does one read a turn, has a
/// bounded amount of memory, and must get something done from time to time. When there are too many,
/// the one that has done nothing for longest makes room.
public final class StreamServer: Server {
  /// So many connections are kept at once.
  public static let maximumConnections = 128
  /// So many are accepted before others get their turn.
  private static let turn = 16

  private let listener: StreamListener
  private let makeService: () -> any StreamService
  private var listenerSlot: Poller.Slot?
  private var connections: [StreamConnection] = []
  private var buffer = [UInt8](repeating: 0, count: 16_384)

  /// Listens in the network namespace that the calling thread is in; the socket stays there.
  public init(
    at endpoint: Endpoint, _ makeService: @escaping () -> any StreamService
  ) throws(SystemError) {
    listener = try StreamListener(at: endpoint)
    self.makeService = makeService
  }

  /// How many are being served.
  public var connectionCount: Int { connections.count }

  /// Puts its sockets into the table, once.
  public func watch(with poller: inout Poller) {
    listenerSlot = poller.add(listener.descriptorNumber, interest: .read)
  }

  /// When `serve` has to be called at the latest.
  public var wakeAt: MonotonicInstant? { connections.lazy.map(\.deadline).min() }

  /// Does what the table says can be done, and what is due.
  public func serve(_ poller: inout Poller, at now: MonotonicInstant) throws(SystemError) {
    for connection in connections {
      connection.serve(&poller, at: now, buffer: &buffer)
    }
    connections.removeAll { connection in
      guard connection.isOver else { return false }
      connection.forget(&poller)
      return true
    }
    guard let listenerSlot, !poller.readiness(of: listenerSlot).isEmpty else { return }
    for _ in 0..<Self.turn {
      do throws(SystemError) {
        guard
          let next = try StreamConnection(from: listener, makeService(), &poller, at: now)
        else { return }
        connections.append(next)
        if connections.count > Self.maximumConnections { evict(&poller) }
      } catch {
        // A lack of descriptors or memory is no reason to end the lab.
        return evict(&poller)
      }
    }
  }

  /// Where it listens, with the port that the kernel chose if it was asked to.
  public func localEndpoint() throws(SystemError) -> Endpoint { try listener.localEndpoint() }

  private func evict(_ poller: inout Poller) {
    let places = connections.indices
    guard let oldest = places.min(by: { connections[$0].deadline < connections[$1].deadline })
    else { return }
    connections[oldest].forget(&poller)
    connections.remove(at: oldest)
  }
}

/// One connection of a `StreamServer`.
private final class StreamConnection {
  /// A connection that gets nothing done for so long is ended.
  private static let patience = Nanoseconds.seconds(15)
  /// After our last octet, the client has so long to close; closing first could destroy, by a
  /// reset, what it has not read yet (RFC 9112 §9.6).
  private static let farewell = Nanoseconds.seconds(2)

  private let socket: StreamSocket
  private let slot: Poller.Slot
  private var service: any StreamService
  private var hasPeerFinished = false
  private var hasSaidGoodbye = false
  private(set) var isOver = false
  /// When it ends if nothing is done until then.
  private(set) var deadline: MonotonicInstant

  /// The next connection that waits, if one does.
  init?(
    from listener: borrowing StreamListener, _ service: any StreamService,
    _ poller: inout Poller, at now: MonotonicInstant
  ) throws(SystemError) {
    guard let socket = try listener.accept() else { return nil }
    slot = poller.add(socket.descriptorNumber, interest: .read)
    self.socket = socket
    self.service = service
    deadline = now + Self.patience
  }

  /// Takes it out of the table; it closes when the last reference goes.
  func forget(_ poller: inout Poller) { poller.remove(slot) }

  func serve(_ poller: inout Poller, at now: MonotonicInstant, buffer: inout [UInt8]) {
    guard !poller.readiness(of: slot).isEmpty || deadline <= now else { return }
    guard deadline > now else {
      isOver = true
      return
    }
    do throws(SystemError) {
      try exchange(at: now, buffer: &buffer)
    } catch {
      isOver = true  // reset by the client, mostly
    }
    poller.modify(slot, interest: interest)
  }

  private func exchange(at now: MonotonicInstant, buffer: inout [UInt8]) throws(SystemError) {
    if interest.contains(.read), let count = try socket.read(into: &buffer) {
      hasPeerFinished = count == 0
      service.receive(buffer[..<count], at: WallClock.now())
    }
    try send(at: now)
    guard service.output.isEmpty, service.isClosing || hasPeerFinished else { return }
    if hasPeerFinished {
      isOver = true
    } else if !hasSaidGoodbye {
      try socket.shutdownWriting()
      hasSaidGoodbye = true
      deadline = now + Self.farewell
    }
  }

  private func send(at now: MonotonicInstant) throws(SystemError) {
    while !service.output.isEmpty, let count = try socket.write(service.output.span) {
      service.hasSent(count)
      // There is room again: requests that have come already may be answered.
      service.receive([], at: WallClock.now())
      deadline = now + Self.patience
    }
  }

  private var interest: Poller.Interest {
    var interest: Poller.Interest = service.output.isEmpty ? [] : .write
    if !hasPeerFinished, service.wantsInput || hasSaidGoodbye { interest.insert(.read) }
    return interest
  }
}
