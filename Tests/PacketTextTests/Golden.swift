import Foundation
import PacketTestSupport
import PacketText
import PacketWire

/// One line of Tests/Fixtures/PacketText/CASES.txt: a name, a fixture and options, and the text that is expected of them in
/// Expected/NAME.txt. `WIREWALK_RECORD=1` writes the expected texts anew and fails the run.
struct GoldenCase: Sendable, CustomStringConvertible {
  var name: String
  var fixture: String
  var flags: [String]

  var description: String { name }

  static let folder = Fixture.tests.appending(path: "Fixtures/PacketText")
  static let isRecording = ProcessInfo.processInfo.environment["WIREWALK_RECORD"] == "1"

  static func all() throws -> [GoldenCase] {
    try String(contentsOf: folder.appending(path: "CASES.txt"), encoding: .utf8)
      .split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { line in
        let words = line.split(separator: " ").map(String.init)
        return GoldenCase(name: words[0], fixture: words[1], flags: Array(words.dropFirst(2)))
      }
  }

  var expectedFile: URL { Self.folder.appending(path: "Expected/\(name).txt") }

  /// The fixture as text.
  func rendered() throws -> String {
    let fixture = try Fixture(fixture)
    var printer = PacketPrinter(try PacketTextOptions(flags: flags))
    var out = TextBuffer()
    for (index, packet) in fixture.packets.enumerated() {
      let octets = packet.octets.span
      let frame = Frame(
        decoding: octets, linkType: fixture.linkType, originalLength: packet.originalLength)
      printer.line(
        for: frame, octets: octets, number: index + 1, at: packet.time,
        originalLength: packet.originalLength, into: &out)
    }
    return out.string
  }
}

extension PacketTextOptions {
  struct UnknownFlag: Error {
    var flag: String
  }

  /// tcpdump's options, each word with one minus and one letter or more of the same.
  init(flags: [String]) throws {
    self.init()
    for flag in flags {
      switch flag {
      case "-n": isNumeric = true
      case "-e": showsLinkHeader = true
      case "-q": isQuick = true
      case "-S": showsAbsoluteSequenceNumbers = true
      case "-#": numbersPackets = true
      case "-v": verbosity = 1
      case "-vv": verbosity = 2
      case "-vvv": verbosity = 3
      case "-t": timestamp = .none
      case "-tt": timestamp = .epoch
      case "-ttt": timestamp = .sincePrevious
      case "-tttt": timestamp = .dateAndTime
      case "-ttttt": timestamp = .sinceFirst
      case "--nano": precision = .nanoseconds
      case "-x": dump = .hex(withLinkHeader: false)
      case "-xx": dump = .hex(withLinkHeader: true)
      case "-X": dump = .hexAndASCII(withLinkHeader: false)
      case "-XX": dump = .hexAndASCII(withLinkHeader: true)
      case "-A": dump = .ascii(withLinkHeader: false)
      case "-AA": dump = .ascii(withLinkHeader: true)
      default: throw UnknownFlag(flag: flag)
      }
    }
  }
}
