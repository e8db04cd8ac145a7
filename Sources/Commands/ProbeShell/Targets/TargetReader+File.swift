import CommandLineKit
import LinuxSystem

extension TargetReader {
  /// Adds what the lines of a file name; `-` is standard input.
  ///
  /// - Throws: `SystemError` if it cannot be read, `UsageError` if it names too much.
  public mutating func add(file path: String) throws {
    let isInput = path == "-"
    let source = isInput ? "standard input" : path
    let descriptor =
      try isInput ? Descriptor.duplicate(of: 0) : Descriptor.openForReading(path)
    var line = 1
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = try Self.read(descriptor, into: &buffer, named: source)
      text += buffer[..<count]
      let end = count == 0 ? text.count : text.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
      try add(lines: text.span.extracting(first: end), from: &line, named: source)
      guard count > 0 else { return }
      text.removeFirst(end)
      guard text.count <= Self.longestLine else {
        throw UsageError(
          "line \(line) of \(UsageError.quoted(source)) has more than \(Self.longestLine) octets: one target a line"
        )
      }
    }
  }

  private static func read(
    _ descriptor: borrowing Descriptor, into buffer: inout [UInt8], named source: String
  ) throws(SystemError) -> Int {
    do throws(SystemError) {
      while true {
        if let count = try descriptor.read(into: &buffer) { return count }
        // Somebody else made standard input nonblocking.
        try waitUntilReadable(descriptor)
      }
    } catch {
      throw SystemError("read", on: source, errorNumber: error.errorNumber)
    }
  }

  private static func waitUntilReadable(
    _ descriptor: borrowing Descriptor
  ) throws(SystemError) {
    var poller = Poller()
    _ = poller.add(descriptor.rawValue, interest: .read)
    try poller.wait(until: nil)
  }
}
