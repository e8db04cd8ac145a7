internal import CLinux
import Glibc

/// A signal's number. Any number is kept, named or not.
public struct Signal: RawRepresentable, Hashable, Sendable {
  /// The number of `signal(7)`.
  public var rawValue: CInt

  /// Any value, named or not.
  public init(rawValue: CInt) { self.rawValue = rawValue }

  /// The terminal is gone.
  public static let hangUp = Signal(rawValue: SIGHUP)
  /// Control-C.
  public static let interrupt = Signal(rawValue: SIGINT)
  /// Control-backslash; ping and our tools print a status line.
  public static let quit = Signal(rawValue: SIGQUIT)
  /// The end that cannot be refused.
  public static let kill = Signal(rawValue: SIGKILL)
  /// A write to a pipe that nobody reads.
  public static let brokenPipe = Signal(rawValue: SIGPIPE)
  /// A polite request to end.
  public static let terminate = Signal(rawValue: SIGTERM)
  /// A child process has ended or stopped.
  public static let child = Signal(rawValue: SIGCHLD)
  /// Goes on after a stop.
  public static let `continue` = Signal(rawValue: SIGCONT)
  /// Control-Z.
  public static let terminalStop = Signal(rawValue: SIGTSTP)
  /// Free for a program's own use.
  public static let user1 = Signal(rawValue: SIGUSR1)
  /// Free for a program's own use.
  public static let user2 = Signal(rawValue: SIGUSR2)
  /// The terminal's size has changed.
  public static let windowChange = Signal(rawValue: SIGWINCH)

  /// This process ignores it, as nohup has it.
  /// The corresponding C call is `sigaction`.
  public var isIgnored: Bool { clinux_ignores(rawValue) == 1 }

  /// Lets this process go on when the signal comes. The corresponding C call is `signal`.
  public func ignore() { _ = Glibc::signal(rawValue, SIG_IGN) }

  /// Stops this process, as Control-Z does where nobody catches it, until somebody lets it go on
  /// (SIGCONT). The corresponding C call is `raise(SIGSTOP)`.
  public static func stopThisProcess() throws(SystemError) {
    _ = try systemCall("stop this process") { raise(SIGSTOP) == 0 ? 0 : -1 }
  }

  /// Lets writes to a closed pipe or connection fail with EPIPE instead of ending the process.
  public static func ignoreBrokenPipe() {
    brokenPipe.ignore()
  }
}

extension Signal: CustomStringConvertible {
  /// "SIGINT"; "signal 40" for a number that has no name of its own.
  public var description: String {
    guard (1...31).contains(rawValue), let name = unsafe clinux_sigabbrev_np(rawValue) else {
      return "signal \(rawValue)"
    }
    // A constant string of the C library.
    return "SIG" + (unsafe String(cString: name))
  }
}
