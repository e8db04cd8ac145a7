import CLinux
import Glibc

/// What the system knows about the terminal behind a descriptor.
public enum Terminal {
  /// The columns of the window behind `descriptor`; nil when it is no terminal, or one that does not
  /// know its size. The corresponding C call is `ioctl` with TIOCGWINSZ.
  public static func columns(of descriptor: CInt) -> Int? {
    let columns = size(of: descriptor).ws_col
    return columns > 0 ? Int(columns) : nil
  }

  /// Its rows; nil as with `columns(of:)`.
  public static func rows(of descriptor: CInt) -> Int? {
    let rows = size(of: descriptor).ws_row
    return rows > 0 ? Int(rows) : nil
  }

  /// Zeros where it is not known.
  private static func size(of descriptor: CInt) -> winsize {
    var size = winsize()
    return unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? size : winsize()
  }
}
