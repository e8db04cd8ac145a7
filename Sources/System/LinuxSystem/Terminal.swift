import CLinux
import Glibc

/// What the system knows about the terminal behind a descriptor, and about the user's wishes.
public enum Terminal {
  /// Whether `descriptor` is a terminal. The corresponding C call is `isatty`.
  public static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }

  /// The columns of the window behind `descriptor`; nil when it is no terminal, or one that does not
  /// know its size. The corresponding C call is `ioctl` with TIOCGWINSZ.
  public static func columns(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// An environment variable; nil when it is not set, and always nil in a program that was started
  /// with more rights than its user has (AT_SECURE). The corresponding C call is `secure_getenv`.
  public static func environment(_ name: String) -> String? {
    unsafe clinux_secure_getenv(name).map { unsafe String(cString: $0) }
  }
}

/// How a write to a stream that somebody else reads ended.
public enum StreamWrite: Hashable, Sendable {
  /// All octets were taken.
  case complete
  /// The reader is gone (EPIPE): nobody wants more, which is not an error.
  case closed
  /// It cannot be written to, a full disk for example.
  case failed(SystemError)
}

extension Terminal {
  /// Writes all of `octets` to `descriptor`, whatever the number of calls that takes; waits where a
  /// non-blocking descriptor is full. SIGPIPE has to be ignored, or a reader that is gone ends the
  /// program. The corresponding C call is `write`.
  public static func write(_ octets: Span<UInt8>, to descriptor: CInt) -> StreamWrite {
    unsafe octets.withUnsafeBufferPointer { buffer in
      var rest = unsafe UnsafeRawBufferPointer(buffer)[...]
      while unsafe !rest.isEmpty {
        let taken = unsafe Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if taken >= 0 {
          unsafe rest = rest.dropFirst(taken)
          continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN:
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          unsafe _ = poll(&waiting, 1, -1)
        case EPIPE: return .closed
        default: return .failed(.current("write the output"))
        }
      }
      return .complete
    }
  }
}
