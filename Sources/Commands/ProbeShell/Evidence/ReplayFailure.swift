/// Why a file cannot be replayed.
public struct ReplayFailure: Error, CustomStringConvertible {
  private let readable: String
  private let path: String
  private let reason: String

  /// - Parameters:
  ///   - readable: what has written files that can be replayed.
  ///   - path: the file.
  ///   - reason: what is wrong with it.
  public init(readable: String, path: String, reason: String) {
    (self.readable, self.path, self.reason) = (readable, path, reason)
  }

  /// With the remedy.
  public var description: String {
    "cannot replay \(path): \(reason); --replay reads what \(readable) has written"
  }
}
