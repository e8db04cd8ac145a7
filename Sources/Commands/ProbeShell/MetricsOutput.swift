import CommandLineKit
import LinuxSystem
public import PacketText

/// The file of `--openmetrics`: rewritten as a whole, so that whoever reads it sees one state or the next.
///
/// A file that cannot be written does not end the measurement; it is said once, until it can be again.
public struct MetricsOutput {
  private let path: String
  private let toolName: String
  /// The last attempt failed, and that was said.
  private var hasFailed = false

  /// A file that has not been written.
  public init(path: String, toolName: String) { (self.path, self.toolName) = (path, toolName) }

  /// Puts `text` in the place of what is there. The disk is not waited for: that would hold up the probes.
  public mutating func replace(with text: inout TextBuffer) {
    do throws(SystemError) {
      try text.withSpan { octets throws(SystemError) in
        try replaceFile(path, with: octets, survivesCrash: false)
      }
      hasFailed = false
    } catch {
      guard !hasFailed else { return }
      hasFailed = true
      Tool.printDiagnostic("\(toolName): \(error)")
    }
  }
}
