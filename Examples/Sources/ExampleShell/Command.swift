import Glibc
public import PacketText
public import PacketWire

/// An example on the command line.
///
/// Results go to standard output. What is wrong goes to standard error, a line, and the exit code is 1;
/// of a wrong command line it is 2.
public struct Command {
  /// What stands behind the name.
  public let arguments: [String]
  private let usage: String

  /// Reads the command line, and ends the process where it has not as many arguments as `usage` says.
  public init(usage: String, arguments counts: ClosedRange<Int>) {
    self.usage = usage
    arguments = Array(CommandLine.arguments.dropFirst())
    if !counts.contains(arguments.count) { refuse("usage: \(usage)") }
  }

  /// Runs `body`, and says what it throws.
  public func run(_ body: () throws -> Void) {
    do { try body() } catch { end(["\(error)"], 1) }
  }

  /// Says what is wrong with the command line, and ends the process; `details` stand below it.
  public func refuse(_ message: String, details: [String] = []) -> Never {
    end([message] + details, 2)
  }

  /// A line may quote a file or a name, and those may hold anything.
  private func end(_ lines: [String], _ code: Int32) -> Never {
    let text = lines.map { SafeText.printable($0) + "\n" }.joined()
    let message = "\(usage.prefix { $0 != " " }): \(text)"
    _ = unsafe write(STDERR_FILENO, message, message.utf8.count)
    exit(code)
  }
}

/// Writes text to standard output, and forgets it.
public func write(_ text: inout TextBuffer) {
  print(text.string, terminator: "")
  text.removeAll()
}

/// A length of time as text, such as `24.001 ms`.
public func milliseconds(_ time: Nanoseconds) -> String {
  var text = TextBuffer()
  text.append(time, in: .milliseconds, decimals: 3)
  return text.string + " ms"
}
