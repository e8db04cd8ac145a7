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

extension Terminal {
  /// Writes all of `octets` to `descriptor`, whatever the number of calls that takes; waits where a
  /// non-blocking descriptor is full. A reader that is gone is EPIPE, for which SIGPIPE has to be
  /// ignored. The corresponding C call is `write`.
  public static func write(_ octets: Span<UInt8>, to descriptor: CInt) throws(SystemError) {
    var done = 0
    while done < octets.count {
      let rest = octets.extracting(droppingFirst: done)
      // The octets are borrowed for the call only.
      let taken = unsafe rest.withUnsafeBufferPointer { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if taken >= 0 {
        done += taken
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        unsafe _ = poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw .current("write the output")
      }
    }
  }
}

extension SystemError {
  /// The reader of a pipe or stream is gone (EPIPE): for output, a quiet end.
  public var isBrokenPipe: Bool { errorNumber == EPIPE }
}
