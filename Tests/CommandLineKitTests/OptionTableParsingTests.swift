import CommandLineKit
import PacketWire
import Testing

/// Runs the sample's parser on words that are separated by blanks.
private func parse(
  _ line: String, stopsAtFirstOperand: Bool = false
) throws(UsageError) -> (SampleOptions, ParsedArguments) {
  var options = SampleOptions()
  let words = line.split(separator: " ").map(String.init)
  let parsed = try makeSampleTable(stopsAtFirstOperand: stopsAtFirstOperand)
    .parse(words, into: &options)
  return (options, parsed)
}

private func changed(_ change: (inout SampleOptions) -> Void) -> SampleOptions {
  var options = SampleOptions()
  change(&options)
  return options
}

@Suite("Command lines")
struct OptionTableParsingTests {
  @Test(
    "options and their values",
    arguments: [
      ("", SampleOptions()),
      ("-n", changed { $0.isNumeric = true }), ("--numeric", changed { $0.isNumeric = true }),
      ("--num", changed { $0.isNumeric = true }),
      ("-c 3", changed { $0.count = 3 }), ("-c3", changed { $0.count = 3 }),
      ("--count 3", changed { $0.count = 3 }), ("--count=3", changed { $0.count = 3 }),
      ("--cou=3", changed { $0.count = 3 }), ("-c 007", changed { $0.count = 7 }),
      ("-c 9223372036854775807", changed { $0.count = .max }),
      ("-t 255 -t 1", changed { $0.ttl = 1 }),
      ("--offset -10", changed { $0.offset = -10 }), ("--offset=-0", SampleOptions()),
      (
        "-n4sc7", changed { ($0.isNumeric, $0.family, $0.stampStyle, $0.count) = (true, .v4, 1, 7) }
      ),
      ("-4 -6", changed { $0.family = .v6 }), ("-6 -4", changed { $0.family = .v4 }),
      ("-s", changed { $0.stampStyle = 1 }), ("-sss", changed { $0.stampStyle = 3 }),
      ("-ss --stamp -s", changed { $0.stampStyle = 4 }),
      ("-i 0.2", changed { $0.interval = .milliseconds(200) }),
      ("-i .2", changed { $0.interval = .milliseconds(200) }),
      ("-i 2.", changed { $0.interval = .seconds(2) }),
      ("-i 0.002000001", changed { $0.interval = Nanoseconds(2_000_001) }),
      ("-i 3600", changed { $0.interval = .seconds(3600) }),
      ("-w 0", changed { $0.deadline = .zero }),
      ("--a-very 12.5", changed { $0.loss = 12.5 }), ("--a-very .5", changed { $0.loss = 0.5 }),
      ("--a-very 100.", changed { $0.loss = 100 }),
      ("-I eth0", changed { $0.interface = "eth0" }), ("-I --", changed { $0.interface = "--" }),
      ("-I -n", changed { $0.interface = "-n" }), ("--interface=", changed { $0.interface = "" }),
      ("--note a --note=b", changed { $0.order = ["a", "b"] }),
    ])
  func options(line: String, expected: SampleOptions) throws {
    let (options, parsed) = try parse(line)
    #expect(options == expected)
    #expect(parsed == .run(operands: [], command: nil))
  }

  @Test(
    "one clear line for each mistake",
    arguments: [
      ("-Z", "unknown option '-Z'"), ("-nZ", "unknown option '-Z'"),
      ("-nZs -Y", "unknown option '-Z'"),
      ("--zebra", "unknown option '--zebra'"), ("--zebra=4", "unknown option '--zebra'"),
      ("-é", "unknown option '-é'"), ("-né", "unknown option '-né'"),
      ("-\u{1b}[31m", #"unknown option '-\x1b[31m'"#),
      ("--\u{202e}", #"unknown option '--\u{202e}'"#),
      ("-:", "unknown option '-:'"), ("-?", "unknown option '-?'"), ("-W", "unknown option '-W'"),
      ("--in", "option '--in' can mean --interval or --interface"),
      ("--n=1", "option '--n' can mean --numeric or --note"),
      ("-c", "option '-c' needs a value"), ("-nc", "option '-c' needs a value"),
      ("--count", "option '--count' needs a value"), ("--cou", "option '--count' needs a value"),
      ("--numeric=yes", "option '--numeric' takes no value"),
      ("-c abc", "option '-c': 'abc' is not a whole number from 1 to 9223372036854775807"),
      (
        "--count=abc", "option '--count': 'abc' is not a whole number from 1 to 9223372036854775807"
      ),
      ("-c 0", "option '-c': '0' is not a whole number from 1 to 9223372036854775807"),
      ("-c -1", "option '-c': '-1' is not a whole number from 1 to 9223372036854775807"),
      (
        "-c 9223372036854775808",
        "option '-c': '9223372036854775808' is not a whole number from 1 to 9223372036854775807"
      ),
      ("-t 256", "option '-t': '256' is not a whole number from 1 to 255"),
      ("-t +5", "option '-t': '+5' is not a whole number from 1 to 255"),
      ("-t 0x10", "option '-t': '0x10' is not a whole number from 1 to 255"),
      ("-t 5s", "option '-t': '5s' is not a whole number from 1 to 255"),
      ("-t ٥", "option '-t': '٥' is not a whole number from 1 to 255"),
      ("--ttl=", "option '--ttl': '' is not a whole number from 1 to 255"),
      ("--offset=-", "option '--offset': '-' is not a whole number from -10 to 10"),
      ("--offset --5", "option '--offset': '--5' is not a whole number from -10 to 10"),
      ("--offset -11", "option '--offset': '-11' is not a whole number from -10 to 10"),
      (
        "--a-very 100.01",
        "option '--a-very-long-name-of-loss': '100.01' is not a number from 0 to 100, such as 0.5 or 2"
      ),
      (
        "--a-very nan",
        "option '--a-very-long-name-of-loss': 'nan' is not a number from 0 to 100, such as 0.5 or 2"
      ),
      (
        "--a-very -0.5",
        "option '--a-very-long-name-of-loss': '-0.5' is not a number from 0 to 100, such as 0.5 or 2"
      ),
      (
        "--a-very 1e1",
        "option '--a-very-long-name-of-loss': '1e1' is not a number from 0 to 100, such as 0.5 or 2"
      ),
      ("--note bad", "option '--note': 'bad' is no good word"),
    ])
  func mistakes(line: String, message: String) {
    let error = #expect(throws: UsageError.self) { try parse(line) }
    #expect(error == UsageError(message))
    #expect(error.map { "\($0)" } == message)
  }

  @Test(
    "seconds are strict and free of the locale",
    arguments: [
      "0,5", "0.5.1", "5s", "1e0", "inf", "nan", "NaN", "-1", "+1", " 1", "1 ", "", ".", "0x1",
      "1_0", "٥",
      "0.0019", "3600.000000001", "0.5000000001", "99999999999999999999",
    ])
  func strictSeconds(text: String) {
    var options = SampleOptions()
    let error = #expect(throws: UsageError.self) {
      try sampleTable.parse(["-n", "-i", text], into: &options)
    }
    #expect(
      error?.message
        == "option '-i': '\(text)' is not a number of seconds from 0.002 to 3600, such as 0.5 or 2")
    #expect(options == SampleOptions(), "a command line that is refused changes nothing")
  }

  @Test("a long or hostile word is shown short and safe")
  func quotedWords() {
    #expect(UsageError.quoted("a'\u{7}") == #"'a'\x07'"#)
    let long = UsageError.quoted(String(repeating: "x", count: 5000))
    #expect(long == "'" + String(repeating: "x", count: 119) + "…'")
  }

  @Test(
    "operands, and the command behind --",
    arguments: [
      ("a b", .run(operands: ["a", "b"], command: nil)),
      ("a -n b", .run(operands: ["a", "b"], command: nil)),
      ("-", .run(operands: ["-"], command: nil)),
      ("a - b", .run(operands: ["a", "-", "b"], command: nil)),
      ("--", .run(operands: [], command: [])), ("-n --", .run(operands: [], command: [])),
      ("a --", .run(operands: ["a"], command: [])), ("-I -- --", .run(operands: [], command: [])),
      ("-I --", .run(operands: [], command: nil)), ("a -I --", .run(operands: ["a"], command: nil)),
      ("a -n -- curl -s -n x", .run(operands: ["a"], command: ["curl", "-s", "-n", "x"])),
      ("-- a -- b", .run(operands: [], command: ["a", "--", "b"])),
    ] as [(String, ParsedArguments)])
  func operands(line: String, expected: ParsedArguments) throws {
    #expect(try parse(line).1 == expected)
  }

  @Test(
    "a tool that runs a command stops at the first operand",
    arguments: [
      ("-n run -s x", .run(operands: ["run", "-s", "x"], command: nil)),
      ("-n", .run(operands: [], command: nil)),
      ("-n -- -s x", .run(operands: [], command: ["-s", "x"])),
      ("-I -- run", .run(operands: ["run"], command: nil)),
      ("run -Z -- x", .run(operands: ["run", "-Z", "--", "x"], command: nil)),
    ] as [(String, ParsedArguments)])
  func stopping(line: String, expected: ParsedArguments) throws {
    let (options, parsed) = try parse(line, stopsAtFirstOperand: true)
    #expect(parsed == expected)
    #expect(options.isNumeric == line.hasPrefix("-n"))
    #expect(options.stampStyle == 0)
  }

  @Test(
    "help and version end the reading",
    arguments: [
      ("-h", .help), ("--help", .help), ("-nh -Z", .help), ("x --he", .help), ("-hV", .help),
      ("-V", .version), ("--version -h", .version), ("-c 3 -V", .version),
    ] as [(String, ParsedArguments)])
  func standardOptions(line: String, expected: ParsedArguments) throws {
    #expect(try parse(line).1 == expected)
  }

  @Test("an error before --help is an error")
  func errorBeforeHelp() {
    #expect(throws: UsageError("unknown option '-Z'")) { try parse("-Z -h") }
  }

  @Test("a tool's own letter wins over a standard one")
  func ownLetters() throws {
    let table = OptionTable<SampleOptions>(
      tool: "x", usage: [""], summary: ""
    ) {
      $0.group("Own")
      $0.flag("h", "hex", help: "hex") { $0.isNumeric = true }
    } notes: { _ in
    }
    var options = SampleOptions()
    #expect(try table.parse(["-h"], into: &options) == .run(operands: [], command: nil))
    #expect(options.isNumeric)
    #expect(try table.parse(["--help"], into: &options) == .help)
    #expect(throws: UsageError("option '--he' can mean --hex or --help")) {
      try table.parse(["--he"], into: &options)
    }
    let lines = table.help(columns: 80).split(separator: "\n")
    #expect(lines.contains("  -h, --hex      hex"))
    #expect(lines.contains("      --help     show this help and end"))
    #expect(lines.contains("  -V, --version  show the version and end"))
  }

  @Test("a table with one spelling for two options is a mistake of ours")
  func sharedSpelling() async {
    await #expect(processExitsWith: .failure) {
      let table = OptionTable<SampleOptions>(tool: "x", usage: [""], summary: "") {
        $0.flag("n", "numeric", help: "") { $0.isNumeric = true }
        $0.flag("n", "never", help: "") { $0.isNumeric = false }
      } notes: { _ in
      }
      var options = SampleOptions()
      _ = try? table.parse([], into: &options)
    }
  }

  @Test("parsing runs again and again, and at the same time")
  func concurrently() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 1...40 {
        group.addTask {
          var options = SampleOptions()
          // The cluster that breaks off leaves getopt in the middle of a word.
          _ = try? sampleTable.parse(["-nZs"], into: &options)
          let parsed = try? sampleTable.parse(
            ["a", "-sc", "\(number)", "b", "--", "c"], into: &options)
          return parsed == .run(operands: ["a", "b"], command: ["c"]) && options.count == number
            && options.stampStyle == 1
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }
}
