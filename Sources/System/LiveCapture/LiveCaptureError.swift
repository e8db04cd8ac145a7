internal import CPcap
import Glibc

/// A capture that could not be started or went wrong: what was tried, on what, why, and what helps.
public struct LiveCaptureError: Error, Hashable, Sendable {
  /// What was tried, in words that fit after "cannot".
  public var operation: String
  /// The interface.
  public var interface: String
  /// libpcap's word for why.
  public var reason: String
  /// What the user can do.
  public var remedy: String?
}

extension LiveCaptureError: CustomStringConvertible {
  /// "cannot OPERATION INTERFACE: REASON; REMEDY".
  public var description: String {
    "cannot \(operation) \(interface): \(reason)" + (remedy.map { "; \($0)" } ?? "")
  }
}

/// A filter expression that does not compile.
public struct FilterError: Error, Hashable, Sendable {
  /// The expression.
  public var expression: String
  /// libpcap's word for why.
  public var reason: String
}

extension FilterError: CustomStringConvertible {
  /// "filter 'EXPRESSION': REASON", as it was typed: escape it before it is printed.
  public var description: String { "filter '\(expression)': \(reason)" }
}

/// libpcap's last error on a handle.
func lastError(_ handle: OpaquePointer?) -> String {
  // The text lives as long as the handle and is copied at once.
  guard let text = unsafe pcap_geterr(handle) else { return "unknown error" }
  return unsafe String(cString: text)
}
