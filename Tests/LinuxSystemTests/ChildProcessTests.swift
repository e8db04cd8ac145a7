import Glibc
import LinuxSystem
import PacketWire
import Testing

@Suite("Child processes")
struct ChildProcessTests {
  /// Runs a shell line and returns what it wrote and how it ended.
  private func run(
    _ line: String, change: (inout Command) -> Void = { _ in }
  ) throws -> (String, ProcessExit?) {
    let pipe = try TestPipe()
    var command = Command(["sh", "-c", line])
    command.output = pipe.writeEnd.rawValue
    change(&command)
    var child = try ChildProcess(command)
    try child.release()
    let status = try child.waitForExit(until: MonotonicClock.now() + .seconds(20))
    return (try pipe.contents(), status)
  }

  @Test(arguments: [
    ("exit 0", ProcessExit.exited(0), "exit code 0", 0),
    ("exit 7", .exited(7), "exit code 7", 7),
    ("kill -TERM $$", .signalled(.terminate), "SIGTERM", 143),
  ])
  func statuses(line: String, status: ProcessExit, text: String, code: CInt) throws {
    #expect(try run(line).1 == status)
    #expect(status.description == text && status.shellCode == code)
    #expect(status.isSuccess == (code == 0))
  }

  @Test func outputAndEnvironment() throws {
    let (text, status) = try run("echo $WIREWALK_NEW $LANGUAGE; env | grep -c ^LANGUAGE=") {
      $0.environment = ["WIREWALK_NEW": "a b", "LANGUAGE": "new"]
    }
    #expect(text == "a b new\n1\n")
    #expect(status == .exited(0))
  }

  @Test func bothStreamsMayShareOneDescriptor() throws {
    let (text, _) = try run("echo out; echo err >&2") { $0.error = $0.output }
    #expect(text == "out\nerr\n")
  }

  @Test func oursIsInheritedButForWhatIsReplaced() throws {
    // A shell would hide a variable that is there twice.
    let ours = try run("") { $0.arguments = ["env"] }.0
    let changed = try run("") {
      $0.arguments = ["env"]
      $0.environment = ["PATH": "/elsewhere:/usr/bin:/bin"]
    }.0
    #expect(environmentCount(ours, "PATH") == 1 && environmentCount(changed, "PATH") == 1)
    #expect(changed.contains("PATH=/elsewhere:/usr/bin:/bin\n"))
  }

  private func environmentCount(_ text: String, _ name: String) -> Int {
    text.split(separator: "\n").count { $0.hasPrefix("\(name)=") }
  }

  @Test func inputIsGiven() throws {
    let path = temporaryPath("input")
    defer { remove(path) }
    do {
      let file = try Descriptor.createForWriting(path)
      try writeAll(Array("given".utf8).span, to: file.rawValue)
    }
    let file = try Descriptor.openForReading(path)
    #expect(try run("cat") { $0.input = file.rawValue }.0 == "given")
  }

  @Test func nothingElseIsInherited() throws {
    let path = temporaryPath("secret")
    defer { remove(path) }
    let secret = try Descriptor.createForWriting(path)
    let listing = try run("ls -l /proc/self/fd").0
    #expect(listing.contains(" 0 -> ") && !listing.contains(path))
    // The same descriptor is inherited where it is asked for.
    #expect(try run("ls -l /proc/self/fd") { $0.error = secret.rawValue }.0.contains(path))
  }

  @Test func signalsAreAsAProgramExpectsThem() throws {
    let source = try SignalSource([.user2])
    Signal.ignoreBrokenPipe()
    let (text, _) = try run("grep -E '^Sig(Blk|Ign)' /proc/self/status")
    #expect(text.contains("SigBlk:\t0000000000000000"))
    // Bit 12 is SIGPIPE.
    let ignored = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("SigIgn") }?.split(separator: "\t").last)
    #expect(try #require(UInt64(ignored, radix: 16)) & 0x1000 == 0)
    _ = source
  }

  @Test func theGateHolds() throws {
    let pipe = try TestPipe()
    makeNonblocking(pipe.readEnd.rawValue)
    var command = Command(["sh", "-c", "echo ran"])
    command.output = pipe.writeEnd.rawValue
    var child = try ChildProcess(command)
    #expect(try child.waitForExit(until: MonotonicClock.now() + .milliseconds(100)) == nil)
    var buffer = [UInt8](repeating: 0, count: 16)
    #expect(try pipe.readEnd.read(into: &buffer) == nil)
    try child.release()
    try child.release()
    #expect(try child.waitForExit(until: nil) == .exited(0))
    #expect(try child.reap() == .exited(0))
    // Its number may belong to somebody else now.
    try child.signal(.kill)
    #expect(try pipe.contents() == "ran\n")
  }

  @Test func aMissingCommandIsAClearError() throws {
    // A path, for a name is EACCES where a folder in PATH is closed to this user (execvp).
    var child = try ChildProcess(Command(["/nonexistent/command"]))
    #expect(throws: SystemError("run", on: "/nonexistent/command", errorNumber: ENOENT)) {
      try child.release()
    }
    #expect(try child.reap() == .signalled(.kill) || child.reap() == .exited(127))
  }

  @Test func aFileThatIsNoProgramIsAClearError() throws {
    var child = try ChildProcess(Command(["/etc/passwd"]))
    #expect(throws: SystemError("run", on: "/etc/passwd", errorNumber: EACCES)) {
      try child.release()
    }
  }

  @Test func pollingTheDescriptor() throws {
    var child = try ChildProcess(Command(["sleep", "60"]))
    try child.release()
    var poller = Poller()
    let slot = poller.add(child.descriptorNumber, interest: .read)
    #expect(try poller.wait(until: MonotonicClock.now()) == 0)
    #expect(try child.reap() == nil)
    try child.signal(.terminate)
    try poller.wait(until: nil)
    #expect(poller.readiness(of: slot).contains(.readable))
    #expect(try child.reap() == .signalled(.terminate))
  }

  @Test(arguments: [true, false])
  func aForgottenChildIsKilledAndReaped(released: Bool) throws {
    let number: pid_t
    do {
      var child = try ChildProcess(Command(["sleep", "60"]))
      number = pid_t(child.processNumber)
      if released { try child.release() }
      #expect(kill(number, 0) == 0)
    }
    let result = waitpid(number, nil, WNOHANG)
    #expect(result == -1 && errno == ECHILD)
  }

  @Test func anUnreleasedChildExitsWithItsParent() async throws {
    // The parent is an exit test's process that ends without running any deinit.
    let result = await #expect(
      processExitsWith: .exitCode(3), observing: [\.standardOutputContent]
    ) {
      let child = try ChildProcess(Command(["sleep", "60"]))
      try writeAll(Array("child=\(child.processNumber);".utf8).span, to: StandardStream.output)
      _exit(3)
    }
    let text = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    let start = try #require(text.firstRange(of: "child="))
    let number = try #require(pid_t(text[start.upperBound...].prefix { $0 != ";" }))
    var poller = Poller()
    for _ in 0..<200 where kill(number, 0) == 0 {
      try poller.wait(until: MonotonicClock.now() + .milliseconds(10))
    }
    #expect(kill(number, 0) == -1 && errno == ESRCH)
  }

  /// Root, and not only in a user namespace that maps nobody else.
  private static let maySetUser: Bool = {
    guard geteuid() == 0, let map = try? readFile("/proc/self/uid_map") else { return false }
    return String(decoding: map, as: UTF8.self).contains("4294967295")
  }()

  @Test(.enabled(if: maySetUser, "changing the user needs root"))
  func runsAsAnotherUser() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      // A group that is to be given up.
      _ = unsafe setgroups(1, [54321])
      var command = Command(["sh", "-c", "echo \"<$(id -u) $(id -g) $(id -G)>\""])
      command.identity = Command.Identity(user: 65534, group: 65533)
      var child = try ChildProcess(command)
      try child.release()
      #expect(try child.waitForExit(until: nil) == .exited(0))
    }
    let text = String(decoding: try #require(result).standardOutputContent, as: UTF8.self)
    #expect(text.contains("<65534 65533 65533>"))
  }

  @Test func streamsMayBeExchanged() async throws {
    let result = await #expect(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      var command = Command(["sh", "-c", "echo '<out>'; echo '<err>' >&2"])
      (command.output, command.error) = (StandardStream.error, StandardStream.output)
      var child = try ChildProcess(command)
      try child.release()
      #expect(try child.waitForExit(until: nil) == .exited(0))
    }
    let found = try #require(result)
    #expect(String(decoding: found.standardOutputContent, as: UTF8.self).contains("<err>"))
    #expect(String(decoding: found.standardErrorContent, as: UTF8.self).contains("<out>"))
  }

  @Test func aUserThatMayNotBeChangedIsAClearError() async {
    await #expect(processExitsWith: .success) {
      try Privileges.dropAllCapabilities()
      var command = Command(["true"])
      command.identity = Command.Identity(user: 65534, group: 65534)
      var child = try ChildProcess(command)
      do throws(SystemError) {
        try child.release()
      } catch {
        #expect(error == SystemError("change the user for", on: "true", errorNumber: EPERM))
        exit(0)
      }
      exit(1)
    }
  }
}
