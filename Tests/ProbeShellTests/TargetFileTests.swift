import CommandLineKit
import Glibc
import LineFormat
import LinuxSystem
import NameResolution
import PacketTestSupport
import PacketWire
import Testing

@testable import ProbeShell

@Suite("Files of targets")
struct TargetFileTests {
  static func read(
    _ text: String, family: IPFamily? = nil
  ) throws -> TargetListTests.Outcome {
    let octets = Array(text.utf8)
    return try TargetListTests.read(family: family) { reader in
      var line = 1
      try reader.add(lines: octets.span, from: &line, named: "hosts.txt")
    }
  }

  @Test("one target a line: blanks, comments, words for people, any end of line")
  func lines() throws {
    let text = """
      # a list
      192.0.2.1
        192.0.2.2 192.0.2.9

      \t192.0.2.3 # gateway
       #nothing
      192.0.2.4#office\r
      192.0.2.6-7\r
      two.test
      ::1
      192.0.2.1
      """
    let outcome = try Self.read(text)
    #expect(
      outcome.names == [
        "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.6", "192.0.2.7", "two.test",
        "::1", "192.0.2.1",
      ])
    #expect(outcome.failures.isEmpty)
  }

  @Test("what is wrong is told with its place, and the others go on")
  func failures() throws {
    let outcome = try Self.read("192.0.2.1\n  nobody.test x\n192.0.2.0/99\n\n 192.0.2.7-3\n::9")
    #expect(outcome.names == ["192.0.2.1", "::9"])
    #expect(outcome.failures.count == 3)
    #expect(
      outcome.failures[0]
        == .unresolved(
          ResolutionError(host: "nobody.test", code: -2),
          at: .init(source: "hosts.txt", line: 2, column: 3)))
    #expect(outcome.failures[0].description.hasPrefix("hosts.txt:2:3: nobody.test: "))
    #expect(
      outcome.failures[1].description
        == "hosts.txt:3:11: expected a prefix length from 0 to 32, found \"99\"")
    #expect(outcome.failures[2].description.hasPrefix("hosts.txt:5:12: expected the last address"))
  }

  @Test("text of a file is made safe")
  func hostile() throws {
    let outcome = try Self.read("\u{1b}[2Jx/1\n\u{1b}]0;evil\u{7}\n\0\n\u{80}")
    #expect(outcome.failures.count == 4)
    for failure in outcome.failures {
      #expect(failure.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7f })
    }
  }

  @Test("any octets are read to their end", arguments: 0..<4 as Range<UInt64>)
  func random(seed: UInt64) throws {
    var rng = SeededRNG(seed: seed)
    let alphabet = Array("0123456789./-%:# \n\tabf".utf8)
    for _ in 0..<300 {
      let octets = (0..<Int.random(in: 0...80, using: &rng)).map { _ in
        alphabet.randomElement(using: &rng) ?? 0
      }
      _ = try? TargetListTests.read { reader in
        var line = 1
        try reader.add(lines: octets.span, from: &line, named: "x")
        #expect(line == 1 + octets.count { $0 == 0x0a } + (octets.last ?? 0x0a == 0x0a ? 0 : 1))
      }
    }
  }

  @Test("a file is read in blocks, across whose borders lines go on")
  func file() throws {
    let file = TemporaryFile()
    let addresses = (0..<60_000).map { "127.\($0 % 200).\($0 / 250).\($0 % 250)" }
    try file.write(addresses.joined(separator: "\n"))
    let outcome = try TargetListTests.read { try $0.add(file: file.path) }
    #expect(outcome.names == addresses)
  }

  @Test func unreadable() throws {
    let error = try #require(throws: SystemError.self) {
      _ = try TargetListTests.read { try $0.add(file: "/nonexistent/hosts") }
    }
    #expect("\(error)".contains("/nonexistent/hosts"))
    let file = TemporaryFile()
    try file.write("192.0.2.1\n" + String(repeating: "x", count: 400_000))
    let long = try #require(throws: UsageError.self) {
      _ = try TargetListTests.read { try $0.add(file: file.path) }
    }
    #expect(long.message.hasPrefix("line 2 of '\(file.path)' has more than 65536 octets"))
  }
}

/// A file that goes away with its name.
private final class TemporaryFile {
  let path: String

  init() {
    var random = SystemRandomNumberGenerator()
    path = "/tmp/wirewalk-targets-\(getpid())-" + String(random.next(), radix: 36)
  }

  func write(_ text: String) throws {
    let file = try Descriptor.createForWriting(path)
    try writeAll(text.utf8.span, to: file.rawValue)
  }

  deinit { _ = unsafe unlink(path) }
}
