import Glibc

/// An owned file descriptor, closed when it goes out of scope. Use after close does not compile.
public struct Descriptor: ~Copyable, Sendable {
  /// The number; valid for as long as this value lives.
  public let rawValue: CInt

  /// Takes over `rawValue`, which nobody else may close.
  public init(owning rawValue: CInt) { self.rawValue = rawValue }

  deinit { _ = Glibc::close(rawValue) }

  /// Gives the number away; the receiver closes it.
  public consuming func release() -> CInt {
    let number = rawValue
    discard self
    return number
  }
}
