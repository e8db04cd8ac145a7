internal import CLinux

/// How a process ended.
public enum ProcessExit: Hashable, Sendable {
  /// It returned this code, 0 to 255.
  case exited(CInt)
  /// A signal ended it.
  case signalled(Signal)

  /// Reads the status word of `waitpid`.
  init(word: CInt) {
    self =
      clinux_has_been_signalled(word) != 0
      ? .signalled(Signal(rawValue: clinux_ending_signal(word)))
      : .exited(clinux_exit_code(word))
  }

  /// It returned 0.
  public var isSuccess: Bool { self == .exited(0) }

  /// The code that a shell gives for this end: 128 and the signal's number for a signal.
  public var shellCode: CInt {
    switch self {
    case .exited(let code): code
    case .signalled(let signal): 128 + signal.rawValue
    }
  }
}

extension ProcessExit: CustomStringConvertible {
  /// "exit code 3" or "SIGTERM".
  public var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signalled(let signal): signal.description
    }
  }
}
