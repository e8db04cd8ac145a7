import Glibc

/// Makes a system call until it is not interrupted by a signal, and turns -1 into a `SystemError`.
///
/// EBADF, EFAULT and ENOTSOCK can only come from a mistake of our own and trap.
/// `operation` is what is tried, in words that fit after "cannot"; `object` the path, interface or
/// address it is tried on; `remedy` says what the user can do about an error number, if anything.
public func systemCall<Value: SignedInteger>(
  _ operation: @autoclosure () -> String, on object: @autoclosure () -> String = "",
  remedy: (CInt) -> String? = { _ in nil }, _ call: () -> Value
) throws(SystemError) -> Value {
  while true {
    let value = call()
    guard value == -1 else { return value }
    let number = errno
    if number == EINTR { continue }
    precondition(
      number != EBADF && number != EFAULT && number != ENOTSOCK,
      "\(operation()): \(SystemError.message(for: number))")
    throw SystemError(
      operation(), on: object(), errorNumber: number, remedy: remedy(number))
  }
}

/// Like `systemCall`, for a nonblocking call: nil when it would have had to wait (EAGAIN).
public func systemCallUnlessWaiting<Value: SignedInteger>(
  _ operation: @autoclosure () -> String, on object: @autoclosure () -> String = "",
  _ call: () -> Value
) throws(SystemError) -> Value? {
  do throws(SystemError) {
    return try systemCall(operation(), on: object(), call)
  } catch {
    if error.wouldWait { return nil }
    throw error
  }
}

extension SystemError {
  /// The other end of a pipe or connection is gone (EPIPE, ECONNRESET): for output, a quiet end.
  public var isBrokenPipe: Bool { errorNumber == EPIPE || errorNumber == ECONNRESET }
  /// A nonblocking call would have had to wait (EAGAIN).
  public var wouldWait: Bool { errorNumber == EAGAIN }
  /// The kernel's queue or memory for what is sent is full for now (ENOBUFS, ENOMEM).
  public var isOutOfBuffers: Bool { errorNumber == ENOBUFS || errorNumber == ENOMEM }
  /// A message is longer than the socket, the interface or the path takes (EMSGSIZE).
  public var isMessageTooLong: Bool { errorNumber == EMSGSIZE }
  /// A privilege is missing (EPERM, EACCES).
  public var isPermission: Bool { errorNumber == EPERM || errorNumber == EACCES }
  /// Nobody listens there (ECONNREFUSED).
  public var isRefused: Bool { errorNumber == ECONNREFUSED }
  /// Somebody else has the address or name (EADDRINUSE).
  public var isInUse: Bool { errorNumber == EADDRINUSE }
  /// There is no such process, or no longer (ESRCH).
  public var isNoProcess: Bool { errorNumber == ESRCH }
  /// The error number of what is not allowed (EPERM).
  public static let notPermitted = EPERM
  /// The file or program is not there (ENOENT).
  public var isNotFound: Bool { errorNumber == ENOENT }
}
