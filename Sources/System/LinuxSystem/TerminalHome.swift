internal import CLinux
import Glibc

/// Remembers that this process's job is in the foreground of its terminal, so that it can be put
/// there again after a command that was run in between.
///
/// An interactive shell puts itself there, and back when it ends what was there before; in a PID
/// namespace it cannot name that.
public struct TerminalHome: Sendable {
  private let terminal: CInt?

  /// The terminal of the standard streams, if there is one and we are in its foreground.
  /// The corresponding C call is `tcgetpgrp`.
  public init() {
    terminal = [StandardStream.input, StandardStream.output, StandardStream.error]
      .first { tcgetpgrp($0) == getpgrp() }
  }

  /// Whether standard input is a terminal that has us in the foreground.
  public var isInput: Bool { terminal == StandardStream.input }

  /// Puts this process's job into the foreground, if it was there. The corresponding C call is
  /// `tcsetpgrp`, with SIGTTOU blocked for it.
  public func takeBack() {
    guard let terminal else { return }
    var background = sigset_t()
    var previous = sigset_t()
    // The sets are plain values, borrowed for each call only.
    _ = unsafe sigemptyset(&background)
    _ = unsafe sigaddset(&background, SIGTTOU)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &background, &previous)
    _ = tcsetpgrp(terminal, getpgrp())
    _ = unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
  }
}
