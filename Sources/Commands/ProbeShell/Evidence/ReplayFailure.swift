/// Why a file cannot be replayed.
public struct ReplayFailure: Error, CustomStringConvertible {
  private let tool: String
  private let path: String
  private let reason: String

  /// - Parameters:
  ///   - tool: whose files it reads.
  ///   - path: the file.
  ///   - reason: what is wrong with it.
  public init(tool: String, path: String, reason: String) {
    (self.tool, self.path, self.reason) = (tool, path, reason)
  }

  /// With the remedy.
  public var description: String {
    "cannot replay \(path): \(reason); --replay reads what \(tool) --record or tcpdump -w has written"
  }
}
