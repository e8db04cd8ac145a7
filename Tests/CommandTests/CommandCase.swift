import LinuxSystem
import PacketWire
import Testing

/// A line of CASES.txt.
struct CommandCase: CustomTestStringConvertible, Sendable {
  /// Of the files under Expected.
  var name: String
  /// What the command line has to end with.
  var exitCode: CInt
  /// What a shell runs.
  var line: String

  var testDescription: String { name }

  /// The folder of this file.
  static let folder = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? "".endIndex))
  /// The folder that command lines run in.
  static let fixtures = "\(folder)/../Fixtures/commands"
  /// Write what comes instead of comparing it.
  static let isRecording = Privileges.environment("WIREWALK_RECORD") == "1"

  /// All cases; a line that is none is told by `CommandTests`.
  static let all: [CommandCase] = lines.compactMap { CommandCase($0) }

  /// The lines that ought to be cases.
  static let lines: [String] = {
    let text = (try? readFile("\(folder)/CASES.txt")).map { String(decoding: $0, as: UTF8.self) }
    return (text ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { String($0) }
  }()

  /// Reads `NAME | EXIT CODE | COMMAND LINE`.
  init?(_ line: String) {
    var rest = Substring(line)
    var parts: [String] = []
    while parts.count < 2 {
      guard let bar = rest.firstRange(of: " | ") else { return nil }
      parts.append(String(rest[..<bar.lowerBound]))
      rest = rest[bar.upperBound...]
    }
    guard let exitCode = CInt(parts[1]), !parts[0].isEmpty, !rest.isEmpty else { return nil }
    (name, self.exitCode, self.line) = (parts[0], exitCode, String(rest))
  }

  /// Where what a stream must hold is kept.
  func expectedPath(_ stream: String) -> String { "\(Self.folder)/Expected/\(name).\(stream)" }

  /// What a stream must hold.
  func expected(_ stream: String) -> String {
    (try? readFile(expectedPath(stream))).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// What a command line did.
struct CommandResult: Hashable, Sendable {
  var exit: ProcessExit?
  var output: String
  var error: String

  /// The folder of the built tools: the test bundle's.
  static let tools: String = {
    let bundle = CommandLine.arguments.first { $0.contains("WirewalkPackageTests") } ?? ""
    return bundle.split(separator: "/", omittingEmptySubsequences: false)
      .prefix { $0 != "WirewalkPackageTests.xctest" }.joined(separator: "/")
  }()

  /// Runs a shell line in the fixtures' folder.
  init(of line: String, named name: String) throws {
    let paths = ["out", "err"].map { "/tmp/wirewalk-commands-\(processNumber)-\(name).\($0)" }
    defer { for path in paths { removeFile(path) } }
    let outputFile = try Descriptor.createForWriting(paths[0])
    let errorFile = try Descriptor.createForWriting(paths[1])
    let input = try Descriptor.openForReading("/dev/null")
    var command = Command([
      "sh", "-c", "cd \"$1\" && eval \"$2\"", "sh", CommandCase.fixtures, line,
    ])
    command.environment = [
      "PATH": "\(Self.tools):\(Privileges.environment("PATH") ?? "/usr/bin:/bin")",
      "TZ": "UTC", "LC_ALL": "C", "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1",
      "CLICOLOR_FORCE": "0",
    ]
    command.input = input.rawValue
    (command.output, command.error) = (outputFile.rawValue, errorFile.rawValue)
    var child = try ChildProcess(command)
    try child.release()
    exit = try child.waitForExit(until: MonotonicClock.now() + .seconds(60))
    output = String(decoding: try readFile(paths[0]), as: UTF8.self)
    error = String(decoding: try readFile(paths[1]), as: UTF8.self)
  }
}
