/// A connection among those of one server. No two ever have the same.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
  /// The first connection that a server took is 1.
  public var rawValue: UInt64

  /// Any number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The number.
  public var description: String { "\(rawValue)" }
}
