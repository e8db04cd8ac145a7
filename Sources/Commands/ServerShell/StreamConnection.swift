import LinuxNet
import LinuxSystem
import PacketWire
import ServiceEngine

/// One connection of a `StreamServer`.
final class StreamConnection {
  /// After our last octet, the client has so long to close; closing first could destroy, by a
  /// reset, what it has not read yet (RFC 9112 §9.6).
  private static let farewell = Nanoseconds.seconds(2)
  /// So often it writes before others get their turn: a service may always have more to say.
  private static let turn = 16
  /// A patience of nothing would be asked for ever.
  private static let leastPatience = Nanoseconds.milliseconds(1)

  let id: ConnectionID
  private let socket: StreamSocket
  private var service: any StreamService
  private var hasPeerFinished = false
  private var hasSaidGoodbye = false
  private(set) var isOver = false
  /// When something was last sent.
  private(set) var lastProgress: MonotonicInstant
  /// When its time is up if nothing is sent until then.
  private(set) var deadline: MonotonicInstant
  /// What the server watches it for.
  var watchedInterest: Poller.Interest

  init(
    _ id: ConnectionID, _ socket: consuming StreamSocket, _ service: any StreamService,
    at now: MonotonicInstant
  ) {
    self.id = id
    self.socket = socket
    self.service = service
    (lastProgress, deadline) = (now, now)
    watchedInterest = []
    renewDeadline(at: now)
  }

  var descriptorNumber: CInt { socket.descriptorNumber }

  /// What can be done next.
  var interest: Poller.Interest {
    var interest: Poller.Interest = service.output.isEmpty ? [] : .write
    if !hasPeerFinished, service.wantsInput || hasSaidGoodbye { interest.insert(.read) }
    return interest
  }

  /// Reads once, and writes what there is room for.
  func exchange(_ readiness: Poller.Readiness, at now: MonotonicInstant, buffer: inout [UInt8]) {
    endingOnError { () throws(SystemError) in
      if interest.contains(.read), let count = try socket.read(into: &buffer) {
        hasPeerFinished = count == 0
        service.receive(buffer[..<count], at: WallClock.now())
      }
      try send(at: now)
    }
    // A reset, with nothing to be read or written by which it would show.
    if interest.isEmpty, !readiness.isDisjoint(with: [.failed, .hungUp]) { isOver = true }
  }

  /// Sends what the service has to say without having been told anything.
  func deliverNews(at now: MonotonicInstant) {
    endingOnError { () throws(SystemError) in
      service.receive([], at: WallClock.now())
      try send(at: now)
    }
  }

  /// The deadline has come.
  func timeIsUp(at now: MonotonicInstant) {
    guard !hasSaidGoodbye, service.output.isEmpty, service.timeIsUp(at: WallClock.now()) else {
      isOver = true
      return
    }
    renewDeadline(at: now)
    endingOnError { () throws(SystemError) in try send(at: now) }
  }

  /// Tells the service that this was all.
  func end() { service.ended() }

  private func endingOnError(_ work: () throws(SystemError) -> Void) {
    do throws(SystemError) {
      try work()
    } catch {
      isOver = true  // reset by the client, mostly
    }
  }

  private func send(at now: MonotonicInstant) throws(SystemError) {
    for _ in 0..<Self.turn {
      guard !service.output.isEmpty, let count = try socket.write(service.output.span) else {
        break
      }
      service.hasSent(count)
      // There is room again: requests that have come already may be answered.
      service.receive([], at: WallClock.now())
      lastProgress = now
      renewDeadline(at: now)
    }
    guard service.output.isEmpty, service.isClosing || hasPeerFinished else { return }
    if hasPeerFinished {
      isOver = true
    } else if !hasSaidGoodbye {
      try socket.shutdownWriting()
      hasSaidGoodbye = true
      deadline = now + Self.farewell
    }
  }

  private func renewDeadline(at now: MonotonicInstant) {
    deadline = now + max(service.patience, Self.leastPatience)
  }
}
