import LinuxSystem
import PacketText
import TerminalText

/// What a server says, on standard output: as it came for a file or a program, and safe for a terminal.
struct PeerOutput: ~Copyable {
  private var output = LineOutput(to: StandardStream.output, flushing: .eachLine)
  private let isTerminal = StandardStream.isTerminal(StandardStream.output)
  /// The beginning of a character of which the rest has not come yet.
  private var held: [UInt8] = []

  /// Somebody still reads.
  var isOpen: Bool { output.isOpen }

  /// Prints octets of a stream. On a terminal, line ends stay and everything else that is not
  /// printable is escaped.
  mutating func print(_ octets: ArraySlice<UInt8>) {
    guard isTerminal else {
      output.text.append(octets.span)
      return output.flush()
    }
    let whole = held + octets
    held = whole.suffix(Self.unfinishedCount(whole))
    let lines = whole.dropLast(held.count).split(
      separator: 0x0a, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if index > 0 { output.text.newline() }
      let isWhole = index < lines.count - 1
      output.text.append(untrusted: (isWhole && line.last == 0x0d ? line.dropLast() : line).span)
    }
    output.flush()
  }

  /// Prints a message as a line of its own, safe wherever it goes.
  mutating func printLine(_ message: ArraySlice<UInt8>) {
    output.text.append(untrusted: (message.last == 0x0a ? message.dropLast() : message).span)
    output.endLine()
  }

  /// Prints a line of our own words.
  mutating func note(_ line: String) {
    output.text.append(line)
    output.endLine()
  }

  /// How many octets at the end begin a character in UTF-8 that is not whole yet, 0 to 3.
  private static func unfinishedCount(_ octets: [UInt8]) -> Int {
    for (back, octet) in octets.suffix(3).reversed().enumerated() where octet & 0xc0 != 0x80 {
      // The first octet says by its leading ones how many there are (RFC 3629 §3).
      let length = (~octet).leadingZeroBitCount
      return length > back + 1 && length <= 4 ? back + 1 : 0
    }
    return 0
  }
}
