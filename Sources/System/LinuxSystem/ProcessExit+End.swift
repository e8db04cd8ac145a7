import Glibc

extension ProcessExit {
  /// Ends this process. The corresponding C call is `exit`.
  public static func end(with code: CInt) -> Never { exit(code) }
}
