public import LineFormat
public import NameResolution
import PacketText

/// A target of a list that cannot be probed, while the others can.
public enum TargetFailure: Error, Hashable, Sendable {
  /// The line of a file that it stood in.
  public struct Place: Hashable, Sendable {
    /// What the file is called.
    public var source: String
    /// Counts from 1.
    public var line: Int
    /// Counts characters from 1.
    public var column: Int
  }

  /// A name without an address. Operands of the command line have no place.
  case unresolved(ResolutionError, at: Place?)
  /// A line of a file that looks like addresses and is none.
  case malformed(LineError)
}

extension TargetFailure: CustomStringConvertible {
  /// One line, safe for a terminal: "hosts.txt:3:1: www.example: Name or service not known".
  public var description: String {
    switch self {
    case .unresolved(let error, nil): return SafeText.escaped("\(error)")
    case .unresolved(let error, let place?):
      return SafeText.escaped("\(place.source):\(place.line):\(place.column): \(error)")
    case .malformed(let error): return SafeText.escaped("\(error)")
    }
  }
}
