import LinuxSystem
import Testing

@Suite("Command lines and what they print")
struct CommandTests {
  @Test("a command line", arguments: CommandCase.all)
  func prints(of command: CommandCase) throws {
    let result = try CommandResult(of: command.line, named: command.name)
    #expect(result.exit == .exited(command.exitCode))
    guard CommandCase.isRecording else {
      #expect(result.output == command.expected("out"))
      #expect(result.error == command.expected("err"))
      return
    }
    try writeFile(command.expectedPath("out"), result.output)
    try writeFile(command.expectedPath("err"), result.error)
    Issue.record("recorded; look at the differences and run again without WIREWALK_RECORD")
  }

  @Test("each line of CASES.txt is a case with a name of its own")
  func casesAreWellFormed() {
    #expect(CommandCase.lines.count > 100)
    #expect(CommandCase.lines.filter { CommandCase($0) == nil } == [])
    let names = Dictionary(grouping: CommandCase.all, by: \.name)
    #expect(names.filter { $0.value.count > 1 }.keys.sorted() == [])
  }

  @Test("nothing is expected of a case that is not there")
  func nothingIsLeftOver() throws {
    let listing = try CommandResult(of: "ls \"\(CommandCase.folder)/Expected\"", named: "listing")
    let names = Set(CommandCase.all.flatMap { ["\($0.name).out", "\($0.name).err"] })
    #expect(listing.output.split(separator: "\n").filter { !names.contains(String($0)) } == [])
  }
}
