import LinuxNet
import LinuxSystem
import PacketWire

/// Why something could not be done with a lab that stays, in one line.
struct LabError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  init(_ error: SystemError) { description = "\(error)" }
}

/// A connection to a lab of this user that is up.
struct LabConnection: ~Copyable {
  /// A lab has so long to answer: it may be busy, or still being set up.
  private static let patience = Nanoseconds.seconds(5)
  /// And so long to end.
  private static let patienceWithEnd = Nanoseconds.seconds(10)

  private let name: LabName
  private let socket: LocalSocket
  private let process: ProcessWatch

  /// Finds the lab by its name, and makes sure that it is this user's.
  init(to name: LabName) throws(LabError) {
    do throws(SystemError) {
      let socket = try LocalSocket(connectingTo: name.socketName)
      let peer = try socket.peer()
      guard peer.user == Privileges.userNumber else { throw SystemError.foreign(name) }
      process = try ProcessWatch(peer.process)
      self.socket = socket
      self.name = name
    } catch {
      guard error.isRefused else { throw LabError(error) }
      throw LabError(
        "there is no lab '\(name)'; 'lab-swift status' lists those that are up, "
          + "'lab-swift up \(name)' makes it")
    }
  }

  /// What the lab says about itself.
  func status() throws(LabError) -> LabStatus {
    guard let status = LabStatus(try answer(to: .status).octets) else { throw notUnderstood }
    return status
  }

  /// Moves this process into the lab as far as it can be: its thread, and the processes that it
  /// starts. The current folder stays what it is, if the lab has it.
  func join(at end: LabEnd) throws(LabError) {
    let answer = try answer(to: .join(end))
    guard !answer.descriptors.isEmpty else { throw notUnderstood }
    do throws(SystemError) {
      let folder = try? CurrentFolder.path()
      try LabDoors.enter(answer.octets, answer.descriptors)
      if let folder { try CurrentFolder.change(to: folder) }
    } catch {
      throw LabError(error)
    }
  }

  /// Ends the lab, and returns once everything in it is gone. A lab that does not end is killed.
  func end() throws(LabError) {
    do throws(SystemError) {
      try socket.send(LabMessage.Request.down.octets)
      if try process.waitForEnd(until: MonotonicClock.now() + Self.patienceWithEnd) { return }
      try process.kill()
      if try process.waitForEnd(until: MonotonicClock.now() + Self.patience) { return }
    } catch {
      // It has ended by itself in the meantime.
      guard !error.isBrokenPipe, !error.isNoProcess else { return }
      throw LabError(error)
    }
    throw LabError("the lab '\(name)' has been killed but does not end")
  }

  /// Whether the lab is gone, after a command in it was killed: who did that, the kernel does not tell,
  /// and the lab may be a moment behind.
  func hasEnded() -> Bool {
    var poller = Poller()
    _ = poller.add(socket.descriptorNumber, interest: .read)
    _ = try? poller.wait(until: MonotonicClock.now() + .milliseconds(200))
    guard let message = try? socket.receive() else { return false }
    return message.octets.isEmpty
  }

  private func answer(
    to request: LabMessage.Request
  ) throws(LabError) -> (octets: [UInt8], descriptors: [CInt]) {
    do throws(SystemError) {
      try socket.send(request.octets)
      var poller = Poller()
      _ = poller.add(socket.descriptorNumber, interest: .read)
      let deadline = MonotonicClock.now() + Self.patience
      while MonotonicClock.now() < deadline {
        if let message = try socket.receive() { return message }
        try poller.wait(until: deadline)
      }
    } catch {
      guard !error.isBrokenPipe else { throw LabError("the lab '\(name)' has just ended") }
      throw LabError(error)
    }
    throw LabError("the lab '\(name)' does not answer")
  }

  private var notUnderstood: LabError {
    LabError(
      "the lab '\(name)' has just ended, or is of another version: 'lab-swift down \(name)' ends it"
    )
  }
}

extension SystemError {
  fileprivate static func foreign(_ name: LabName) -> SystemError {
    SystemError(
      "use the lab", on: "'\(name)'", errorNumber: SystemError.notPermitted,
      remedy: "another user has taken the name; choose another one")
  }
}
