internal import CLinux
import Glibc
public import PacketWire

/// A command that was started as a child of this process.
///
/// It is born behind a gate: everything is ready, but the program does not run until `release`, so
/// that a capture can be opened first and misses nothing. If this process dies before, the child
/// exits.
///
/// A value that goes away while its child lives kills and reaps it (SIGKILL): a tool never leaves
/// a process behind that nobody watches.
public struct ChildProcess: ~Copyable {
  private let command: Command
  private let process: pid_t
  private let pidfd: Descriptor
  private var gate: Descriptor?
  private let report: Descriptor
  private var status: ProcessExit?

  /// Forks the child, which waits behind its gate. The corresponding C calls are `fork`,
  /// `pidfd_open` and, after `release`, `execvp`.
  public init(_ command: Command) throws(SystemError) {
    let gate = try Descriptor.pipe()
    let report = try Descriptor.pipe()
    let started = try Self.start(command, gate: gate, report: report)
    do throws(SystemError) {
      pidfd = Descriptor(
        owning: try systemCall("watch", on: command.arguments[0]) { clinux_pidfd_open(started) })
    } catch {
      _ = Self.end(started)
      throw error
    }
    (self.command, process) = (command, started)
    self.gate = gate.takeWriteEnd()
    self.report = report.takeReadEnd()
  }

  private static func start(
    _ command: Command, gate: borrowing Descriptor.Pipe, report: borrowing Descriptor.Pipe
  ) throws(SystemError) -> pid_t {
    let arguments = CStringArray(command.arguments)
    let environment = CStringArray(
      unsafe environmentStrings(of: environ, replacing: command.environment))
    var child = unsafe clinux_child()
    unsafe child.arguments = unsafe UnsafePointer(arguments.pointers)
    unsafe child.environment = unsafe UnsafePointer(environment.pointers)
    unsafe (child.gate_read, child.gate_write) = (gate.readEnd.rawValue, gate.writeEnd.rawValue)
    unsafe (child.report_read, child.report_write) =
      (report.readEnd.rawValue, report.writeEnd.rawValue)
    unsafe (child.input, child.output, child.error) =
      (command.input ?? -1, command.output ?? -1, command.error ?? -1)
    if let identity = command.identity {
      unsafe child.changes_identity = 1
      unsafe (child.user, child.group) = (identity.user, identity.group)
    }
    unsafe child.ends_with_parent = command.endsWithParent ? 1 : 0
    unsafe child.leads_job = command.leadsJob ? 1 : 0
    return try systemCall("start", on: command.arguments[0]) {
      // The arrays outlive the call; the child has its own copy of them.
      unsafe clinux_start(&child)
    }
  }

  /// Poll this for reading: it is ready once the child has ended.
  public var descriptorNumber: CInt { pidfd.rawValue }

  /// The process number, for messages.
  public var processNumber: Int { Int(process) }

  /// What this value holds open.
  var descriptorNumbers: [CInt] {
    var numbers = [pidfd.rawValue, report.rawValue]
    if let gate = gateNumber { numbers.append(gate) }
    return numbers
  }

  private var gateNumber: CInt? {
    switch gate {
    case .some(let gate): gate.rawValue
    case .none: nil
    }
  }

  /// Takes note of an end that `waitpid` told to somebody else; whether it was this child's.
  mutating func noteEnd(of ended: pid_t, word: CInt) -> Bool {
    guard status == nil, ended == process else { return false }
    status = ProcessExit(word: word)
    return true
  }

  /// Opens the gate and returns once the program runs.
  ///
  /// A program that cannot be run is told here, ENOENT for "no such command" among the causes; the
  /// child is then gone. A second call does nothing.
  public mutating func release() throws(SystemError) {
    guard let gate = gate.take() else { return }
    try Self.open(gate)
    var failure = clinux_child_failure()
    let size = MemoryLayout<clinux_child_failure>.size
    let count = try systemCall("start", on: command.arguments[0]) {
      // exec closes the child's end, so this ends with nothing read when all went well.
      unsafe withUnsafeMutableBytes(of: &failure) { bytes in
        unsafe Glibc::read(report.rawValue, bytes.baseAddress, size)
      }
    }
    guard count == size else { return }
    status = Self.end(process)
    throw SystemError(
      Self.operation(of: failure.step), on: command.arguments[0],
      errorNumber: failure.error_number)
  }

  private static func open(_ gate: consuming Descriptor) throws(SystemError) {
    do throws(SystemError) {
      try writeAll([1].span, to: gate.rawValue)
    } catch {
      // A child that was killed behind its gate is found by `reap`.
      guard error.isBrokenPipe else { throw error }
    }
  }

  private static func operation(of step: CInt) -> String {
    switch step {
    case CInt(CLINUX_STEP_REDIRECT): "redirect the streams of"
    case CInt(CLINUX_STEP_IDENTITY): "change the user for"
    default: "run"
    }
  }

  /// How the child ended, or nil while it runs. The corresponding C call is `waitpid(WNOHANG)`.
  public mutating func reap() throws(SystemError) -> ProcessExit? {
    if let status { return status }
    var word: CInt = 0
    let found = try systemCall("wait for", on: command.arguments[0]) {
      // The kernel writes one word.
      unsafe waitpid(process, &word, WNOHANG)
    }
    if found == process { status = ProcessExit(word: word) }
    return status
  }

  /// Sleeps until the child has ended or `deadline` has come; nil waits for ever. Returns how it
  /// ended, or nil when it still runs.
  public mutating func waitForExit(
    until deadline: MonotonicInstant?
  ) throws(SystemError) -> ProcessExit? {
    if let status = try reap() { return status }
    var poller = Poller()
    _ = poller.add(pidfd.rawValue, interest: .read)
    try poller.wait(until: deadline)
    return try reap()
  }

  /// Sends a signal; does nothing once the child has been reaped, for its number may then be
  /// somebody else's. The corresponding C call is `kill`.
  public func signal(_ signal: Signal) throws(SystemError) {
    guard status == nil else { return }
    _ = try systemCall("signal", on: command.arguments[0]) { kill(process, signal.rawValue) }
  }

  /// Kills and reaps; SIGKILL cannot be refused, so the wait is short.
  private static func end(_ process: pid_t) -> ProcessExit {
    _ = kill(process, SIGKILL)
    var word: CInt = 0
    // The kernel writes one word.
    while unsafe waitpid(process, &word, 0) == -1, errno == EINTR {}
    return ProcessExit(word: word)
  }

  deinit {
    // A child behind its gate that is another user's cannot be killed; it ends with the gate. Something
    // else takes the gate's number until that is closed.
    if let gateNumber { _ = dup2(report.rawValue, gateNumber) }
    if status == nil { _ = Self.end(process) }
  }
}
