internal import CLinux
import Glibc

/// A system call that failed: what was tried, on what, why, and what the user can do about it.
public struct SystemError: Error, Hashable, Sendable {
  /// What was tried, in words that fit after "cannot": "open a raw ICMP socket".
  public var operation: String
  /// The path, interface or address it was tried on; empty when there is none.
  public var object: String
  /// The C library's error number.
  public var errorNumber: CInt
  /// What the user can do, as a full command where there is one.
  public var remedy: String?

  /// A failure with an explicit error number.
  public init(
    _ operation: String, on object: String = "", errorNumber: CInt, remedy: String? = nil
  ) {
    (self.operation, self.object) = (operation, object)
    (self.errorNumber, self.remedy) = (errorNumber, remedy)
  }

  /// A failure of the call just made, with the thread's current `errno`.
  public static func current(
    _ operation: String, on object: String = "", remedy: String? = nil
  ) -> SystemError {
    SystemError(operation, on: object, errorNumber: errno, remedy: remedy)
  }
}

extension SystemError: CustomStringConvertible {
  /// "cannot OPERATION OBJECT: CAUSE; REMEDY".
  public var description: String {
    let place = object.isEmpty ? "" : " \(object)"
    let cure = remedy.map { "; \($0)" } ?? ""
    return "cannot \(operation)\(place): \(Self.message(for: errorNumber))\(cure)"
  }

  /// The C library's text for an error number. The corresponding C call is `strerrordesc_np`.
  public static func message(for errorNumber: CInt) -> String {
    guard let text = unsafe strerror(errorNumber) else { return "error \(errorNumber)" }
    return unsafe String(cString: text)
  }
  /// "ENOENT"; "error 4000" for a number without a name. The corresponding C call is
  /// `strerrorname_np`.
  public static func name(of errorNumber: CInt) -> String {
    guard let name = unsafe clinux_strerrorname_np(errorNumber) else {
      return "error \(errorNumber)"
    }
    // A constant string of the C library.
    return unsafe String(cString: name)
  }
}
