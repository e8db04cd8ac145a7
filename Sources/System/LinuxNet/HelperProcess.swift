internal import CLinux
import Glibc
public import LinuxSystem
internal import PacketWire

/// A copy of this process that keeps the rights which this one is about to give up, never sees a
/// packet, and does one kind of thing when it is asked to.
///
/// It has a session of its own, so that the terminal's signals do not reach it, and ends when this
/// value goes or this process dies. Make it before other threads are started.
public struct HelperProcess: ~Copyable {
  /// What the helper answers.
  public struct Answer: ~Copyable {
    /// A message.
    public var octets: [UInt8]
    /// A descriptor that goes with it, if one does.
    public var descriptor: Descriptor?

    /// An answer.
    public init(_ octets: [UInt8], descriptor: consuming Descriptor? = nil) {
      self.octets = octets
      self.descriptor = descriptor
    }

    /// Gives the descriptor away.
    public consuming func takeDescriptor() -> Descriptor? { descriptor }
  }

  /// No answer is longer.
  public static let answerLimit = 65_536
  /// The nice value of an urgent helper (sched(7)): nine times the share of others.
  private static let urgency: CInt = -10
  /// A helper that says nothing for so long has lost its file system, say.
  private static let patience = Nanoseconds.seconds(60)

  private let socket: LocalSocket
  private let process: pid_t

  /// Starts a helper. `serve` runs there, for each question; what it throws cannot happen is its own
  /// business to put into the answer. An urgent one goes before other processes, where that is allowed.
  /// `atEnd` runs there when no more questions can come, whatever this process has ended by.
  /// The corresponding C calls are `fork`, `socketpair` and `setpriority`.
  public init(
    named name: String, isUrgent: Bool = false, atEnd: () -> Void = {},
    _ serve: ([UInt8]) -> Answer
  ) throws(SystemError) {
    let pair = try LocalSocket.Pair()
    let started = try systemCall("start a helper process") { clinux_fork() }
    guard started != 0 else {
      let socket = pair.takeSecond()
      // Refused without CAP_SYS_NICE; then it waits for its turn as others do.
      if isUrgent { _ = setpriority(CInt(PRIO_PROCESS.rawValue), 0, Self.urgency) }
      Self.run(socket, name, atEnd, serve)
    }
    process = started
    socket = pair.takeFirst()
  }

  private static func run(
    _ socket: consuming LocalSocket, _ name: String, _ atEnd: () -> Void,
    _ serve: ([UInt8]) -> Answer
  ) -> Never {
    _ = setsid()
    // The kernel copies the name.
    unsafe clinux_name_process(name)
    // No other end of any pipe or socket of ours is to stay open here.
    clinux_close_from(3, socket.descriptorNumber - 1)
    clinux_close_from(socket.descriptorNumber + 1, CInt.max)
    // A user who started the program set-user-ID has no more rights here than anywhere.
    guard (try? Privileges.keepOnlyTheUsers()) != nil else { _exit(1) }
    var poller = Poller()
    _ = poller.add(socket.descriptorNumber, interest: .read)
    while (try? poller.wait(until: nil)) != nil {
      guard let received = try? socket.receive() else { continue }
      if received.octets.isEmpty { break }
      let answer = serve(received.octets)
      let octets = answer.octets
      let descriptor = answer.takeDescriptor()
      switch descriptor {
      case .some(let descriptor):
        try? socket.send(octets, descriptors: [descriptor.rawValue])
      case .none: try? socket.send(octets)
      }
    }
    atEnd()
    _exit(0)
  }

  /// Asks, and waits for the answer. EPIPE if the helper has gone, ETIMEDOUT if it does not answer.
  public func ask(_ question: [UInt8]) throws(SystemError) -> Answer {
    precondition(!question.isEmpty, "a question says something")
    try socket.send(question)
    var poller = Poller()
    _ = poller.add(socket.descriptorNumber, interest: .read)
    let deadline = MonotonicClock.now() + Self.patience
    while MonotonicClock.now() < deadline {
      guard let received = try socket.receive(limit: Self.answerLimit) else {
        try poller.wait(until: deadline)
        continue
      }
      if received.octets.isEmpty { throw SystemError("ask a helper process", errorNumber: EPIPE) }
      return Answer(
        received.octets, descriptor: received.descriptors.first.map { Descriptor(owning: $0) })
    }
    throw SystemError("ask a helper process", errorNumber: ETIMEDOUT)
  }

  /// The process's number.
  public var processNumber: Int { Int(process) }

  deinit {
    // It ends when nothing more can come; we may have become somebody who cannot signal it.
    _ = shutdown(socket.descriptorNumber, CInt(SHUT_RDWR))
    var word: CInt = 0
    // The kernel writes one word.
    while unsafe waitpid(process, &word, 0) == -1, errno == EINTR {}
  }
}
