import CommandLineKit
import LinuxSystem
import TerminalText
import Testing

/// What a tool wrote.
private final class Written {
  var text = ""

  func output() -> LineOutput {
    LineOutput(flushing: .whenFull) { octets throws(SystemError) in
      for index in octets.indices { self.text.unicodeScalars.append(Unicode.Scalar(octets[index])) }
    }
  }
}

@Suite("The start of a tool")
struct ToolTests {
  private func start(
    _ arguments: [String]
  ) -> (Tool.Start, output: String, errors: String, SampleOptions) {
    let (written, complained) = (Written(), Written())
    var output = written.output()
    var errors = complained.output()
    var options = SampleOptions()
    let start = sampleTable.start(
      arguments, into: &options, columns: 66, output: &output, errors: &errors)
    return (start, written.text, complained.text, options)
  }

  @Test func job() {
    let (start, output, errors, options) = start(["-n", "a", "--", "b"])
    #expect(start == .run(operands: ["a"], command: ["b"]))
    #expect(output == "" && errors == "" && options.isNumeric)
  }

  @Test func help() {
    let (start, output, errors, _) = start(["--help"])
    #expect(start == .exit(0) && errors == "")
    #expect(output == sampleTable.help(columns: 66))
  }

  @Test func version() {
    let (start, output, errors, _) = start(["-V"])
    #expect(start == .exit(0) && errors == "")
    #expect(output == "sample-swift (Wirewalk) 0.1.0\n" && SuiteVersion.text == "0.1.0")
  }

  @Test func mistake() {
    let (start, output, errors, _) = start(["-c", "x\n"])
    #expect(start == .exit(2) && output == "")
    #expect(
      errors == #"""
        sample-swift: option '-c': 'x\x0a' is not a whole number from 1 to 9223372036854775807
        Try 'sample-swift --help'.

        """#)
  }

  @Test("help that cannot be written is a failure, help that nobody reads is none")
  func unwritable() {
    for (number, code) in [(28, 1), (32, 0)] as [(CInt, Int32)] {
      var output = LineOutput(flushing: .whenFull) { _ throws(SystemError) in
        throw SystemError("write", errorNumber: number)
      }
      var errors = Written().output()
      var options = SampleOptions()
      let start = sampleTable.start(
        ["-h"], into: &options, columns: 80, output: &output, errors: &errors)
      #expect(start == .exit(code))
    }
  }
}
