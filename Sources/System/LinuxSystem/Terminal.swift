import CLinux
import Glibc

/// What the system knows about the terminal behind a descriptor.
public enum Terminal {
  /// The columns of the window behind `descriptor`; nil when it is no terminal, or one that does not
  /// know its size. The corresponding C call is `ioctl` with TIOCGWINSZ.
  public static func columns(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }
}
