internal import CLinux
import Glibc
internal import PacketWire

/// A PID namespace that belongs to this value (pid_namespaces(7)), and perhaps a command in it:
/// processes that are started while it lives are in it, and so is all that they start. They are gone
/// when this value is, and also when this process ends, however it ends.
///
/// Its first process is a small one of ours (`NamespaceInit`), so that commands are ordinary
/// processes: one with the number 1 would not even end by SIGTERM unless it had asked to.
public struct ProcessNamespace: ~Copyable {
  /// How long `deinit` waits for processes that the kernel cannot end at once.
  private static let patience = Nanoseconds.seconds(2)

  private let command: Command?
  private let first: pid_t
  private let pidfd: Descriptor
  private let channel: NamespaceChannel
  private var hasOwnProc = false
  private var isRunning = false
  private var end: ProcessExit?

  /// Makes a namespace for the processes that this one starts from now on; this one stays outside.
  /// The command has all that this process has now, and waits until it is released. For a process
  /// with a single thread. The corresponding C calls are `unshare(CLONE_NEWPID)` and `fork`.
  public init(for command: Command? = nil) throws(SystemError) {
    _ = try systemCall(
      "create a PID namespace",
      remedy: { $0 == EPERM ? "run as root, or in a user namespace" : nil }
    ) { clinux_unshare(CLONE_NEWPID) }
    let pair = try NamespaceChannel.pair()
    let started = try systemCall("start the first process of a PID namespace") { clinux_fork() }
    guard started != 0 else { NamespaceInit.run(pair.takeInner(), command) }
    do throws(SystemError) {
      pidfd = Descriptor(
        owning: try systemCall("watch the first process of a PID namespace") {
          clinux_pidfd_open(started)
        })
    } catch {
      _ = kill(started, SIGKILL)
      _ = waitpid(started, nil, 0)
      throw error
    }
    (self.command, first) = (command, started)
    channel = pair.takeOuter()
  }

  /// Mounts a new /proc that shows this namespace's processes, in the mount namespace of the calling
  /// thread. Files of /proc/self cannot be reached by this process from then on.
  ///
  /// - Returns: false where the kernel does not allow it: then /proc stays as it was.
  public mutating func mountProc() throws(SystemError) -> Bool {
    try channel.send(.mountProc)
    guard case .mounted(let failure) = try channel.receive() else {
      throw SystemError("mount /proc", errorNumber: ESRCH)
    }
    hasOwnProc = failure == 0
    return hasOwnProc
  }

  /// How many processes there are in it, the first one not among them; nil where /proc shows others,
  /// because it was not mounted. The corresponding C call is `readdir("/proc")`.
  public func processCount() -> Int? {
    guard hasOwnProc, let folder = unsafe opendir("/proc") else { return nil }
    defer { _ = unsafe closedir(folder) }
    var count = 0
    // The C library's record of a name; its first octet is all that is looked at.
    while let entry = unsafe readdir(folder) {
      if (0x30...0x39).contains(unsafe entry.pointee.d_name.0) { count += 1 }
    }
    return max(count - 1, 0)
  }

  /// Becomes readable once all processes are gone, which they can be before this value is if somebody
  /// with the right to do so has killed the first one.
  public var endDescriptorNumber: CInt { pidfd.rawValue }

  deinit {
    _ = kill(first, SIGKILL)
    // It does not end before all others have; those whose parent is stopped may take their time.
    var poller = Poller()
    _ = poller.add(pidfd.rawValue, interest: .read)
    _ = try? poller.wait(until: MonotonicClock.now() + Self.patience)
    _ = waitpid(first, nil, WNOHANG)
  }
}

extension ProcessNamespace: StartedCommand {
  /// Poll this for reading: it is ready once the command has ended.
  public var descriptorNumber: CInt { channel.descriptorNumber }

  /// Lets the command run, and returns once it does; throws why it cannot, ENOENT for "no such
  /// command" among the causes.
  public mutating func release() throws(SystemError) {
    guard let command else { return }
    try channel.send(.release)
    guard case .started(let failure) = try channel.receive() else {
      throw SystemError("run", on: command.arguments[0], errorNumber: ESRCH)
    }
    guard failure == 0 else {
      throw SystemError("run", on: command.arguments[0], errorNumber: failure)
    }
    isRunning = true
  }

  /// How the command ended, or nil while it runs. If the whole namespace was killed from outside, it
  /// was killed with it.
  public mutating func reap() throws(SystemError) -> ProcessExit? {
    guard isRunning, end == nil else { return end }
    switch try channel.receive(waits: false) {
    case .ended(let word): end = ProcessExit(word: word)
    case .gone: end = .signalled(.kill)
    default: break
    }
    return end
  }

  /// Sends a signal to the command, if it runs and may be signalled.
  public func signal(_ signal: Signal) throws(SystemError) {
    guard isRunning, end == nil else { return }
    try channel.send(.signal(signal.rawValue))
  }
}
