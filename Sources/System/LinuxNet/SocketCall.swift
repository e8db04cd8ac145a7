internal import LinuxSystem

/// One system call on a socket: how it looks in C, and what it returned.
public struct SocketCall: Hashable, Sendable {
  /// Something that stands between the parentheses.
  public enum Argument: Hashable, Sendable {
    /// A number, the name of a constant, or an address in place of the structure it is in.
    case word(String)
    /// What is sent or was received.
    case octets([UInt8])
  }

  /// "connect".
  public let name: String
  /// In the order of C, an address in one with its length.
  public let arguments: [Argument]
  /// What it returned; -1 for a failure.
  public let value: Int
  /// `errno`, where the call has failed.
  public let errorNumber: CInt?

  /// It did what was asked.
  public var hasSucceeded: Bool { errorNumber == nil }
  /// It would have had to wait (EAGAIN).
  public var wouldWait: Bool { SystemError(name, errorNumber: errorNumber ?? 0).wouldWait }

  /// "= 3", "= -1 EAGAIN (Resource temporarily unavailable)".
  public var resultText: String {
    guard let errorNumber else { return "= \(value)" }
    return "= -1 \(SystemError.name(of: errorNumber)) (\(SystemError.message(for: errorNumber)))"
  }
}
