import Glibc
import JSONTestSupport
import LinuxNet
import LinuxSystem
import PacketTestSupport
import PacketWire
import TerminalText
import Testing

@testable import LabCommand

/// Labs that stay, in names of this run's own.
@Suite(
  "Labs that stay", .serialized,
  .enabled(if: LabProcess.obstacle == nil, "\(LabProcess.obstacle ?? "")"))
struct LabStayTests {
  /// A name, and what it was given is taken down whatever happens.
  private func withLabs(_ count: Int, _ body: ([String]) throws -> Void) throws {
    let names = (0..<count).map { "test-\(getpid())-\($0)" }
    defer {
      for name in names { _ = try? LabProcess.lab(["down", name]) }
    }
    try body(names)
  }

  private func inside(_ name: String, _ line: String, side: LabEnd = .client) throws -> Outcome {
    try LabProcess.lab(["run", "--in", name, "--side", side.rawValue, "--", "sh", "-c", line])
  }

  @Test("up, in and out again, and down")
  func life() throws {
    try withLabs(2) { names in
      for name in names {
        let options = name == names[0] ? [] : ["--routers", "2"]
        #expect(try LabProcess.lab(["up", name] + options).code == 0)
      }
      // What one command leaves in the background the next one sees; the other lab does not.
      let first = try inside(names[0], "sleep 77 >/dev/null 2>&1 & ping -n -c 1 203.0.113.80")
      #expect(first.code == 0 && first.output.contains("ttl=53"))
      #expect(try inside(names[0], "pgrep -c -x sleep").output == "1\n")
      let second = try inside(names[1], "pgrep -c -x sleep; ping -n -c 1 203.0.113.80")
      #expect(second.output.hasPrefix("0\n") && second.output.contains("ttl=62"))
      #expect(try inside(names[0], "exit 42").code == 42)
      let far = try inside(names[0], "ip -br link; cat /etc/resolv.conf", side: .server)
      #expect(far.output.contains("site0") && far.output.contains("nameserver 203.0.113.53"))
      // The folder that one is in, and what happens where there is none like it.
      #expect(
        try LabProcess.run([
          "sh", "-c", "cd /usr/bin && exec \"$0\" run --in \(names[0]) -- pwd", LabProcess.path,
        ]).output == "/usr/bin\n")
      try status(names)
      #expect(try LabProcess.lab(["down", names[0]]).code == 0)
      let gone = try inside(names[0], "true")
      #expect(gone.code == 125 && gone.errors.contains("there is no lab '\(names[0])'; "))
      #expect(try inside(names[1], "true").code == 0)
    }
  }

  private func status(_ names: [String]) throws {
    let events = try LabProcess.lab(["status", "--json"]).lines.map { try StrictJSON(String($0)) }
      .filter { names.map { .string($0) }.contains($0["name"]) }
    try #require(events.count == 2)
    #expect(events.map { $0["processes"] } == [.number("1"), .number("0")])
    // An echo request and its reply each, and whatever the kernels had to say.
    for event in events {
      guard case .number(let sent) = event["sent"], case .number(let delivered) = event["delivered"]
      else { Issue.record("no counts in \(event)"); return }
      #expect((Int(sent) ?? 0) >= 2 && (Int(delivered) ?? 0) >= 2)
    }
    let table = try LabProcess.lab(["status"]).lines.map { $0.split(separator: " ") }
    #expect(table.first?.first == "NAME")
    #expect(table.contains { $0.prefix(2) == [Substring(names[0]), "default"] && $0[3] == "1" })
  }

  @Test("of many who want the same name at the same time, one gets it")
  func race() throws {
    try withLabs(1) { names in
      let line = String(
        repeating: "{ \"$0\" up \(names[0]) 2>/dev/null && echo up || echo $?; } &\n", count: 4)
      let outcome = try LabProcess.run([
        "sh", "-c", line + "wait", LabProcess.path,
      ])
      #expect(outcome.lines.sorted() == ["125", "125", "125", "up"])
      #expect(
        try LabProcess.lab(["up", names[0]]).errors
          == "lab-swift: there is a lab '\(names[0])' already; 'lab-swift down \(names[0])' ends it\n"
      )
    }
  }

  @Test("a lab that stays keeps nothing of who made it from ending")
  func detachment() throws {
    try withLabs(1) { names in
      // cat ends once nobody holds its input any more, by whatever number.
      let outcome = try LabProcess.run([
        "sh", "-c",
        "cd /tmp; (exec 7>&1; \"$0\" up \(names[0])) 2>&1 | cat; "
          + "readlink /proc/$(pgrep -o -f 'up \(names[0])$')/cwd",
        LabProcess.path,
      ])
      #expect(outcome.code == 0 && outcome.output == "/\n", "\(outcome)")
    }
  }

  @Test(
    "a lab answers its own user and nobody else", .enabled(if: getuid() == 0, "this needs root"))
  func otherUsers() throws {
    try withLabs(1) { names in
      #expect(try LabProcess.lab(["up", names[0]]).code == 0)
      let answers = try [0, 65534].map { user in
        try LabProcess.run([
          "sh", "-c",
          "printf status | setpriv --reuid \(user) --clear-groups socat -t 1 - "
            + "ABSTRACT-CONNECT:wirewalk-lab/0/\(names[0]),type=5 2>/dev/null | tr '\\0' ' '",
        ]).output
      }
      #expect(answers[0].hasPrefix("default ") && answers[1].isEmpty, "\(answers)")
    }
  }

  @Test("what is wrong is said before up returns")
  func failures() throws {
    try withLabs(1) { names in
      let file = try TemporaryFile("client a.test 198.18.0.2\nsite b.test 203.0.113.80 delay 5")
      let bad = try LabProcess.lab(["up", names[0], "-t", file.path])
      #expect(bad.code == 2 && bad.errors.contains(":2:32: expected a delay such as 5ms"))
      // Without a right to make namespaces, and without a user namespace to get it in.
      if getuid() == 0 {
        let powerless = try LabProcess.run([
          "setpriv", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all", "unshare",
          "--user", LabProcess.path, "up", names[0],
        ])
        #expect(powerless.code == 125 && powerless.errors.hasPrefix("lab-swift: cannot "))
      }
      #expect(try LabProcess.lab(["down", names[0]]).code == 125)
    }
  }

  @Test("a command whose lab goes down ends with it and says why", arguments: [true, false])
  func downBelow(isPolite: Bool) throws {
    try withLabs(1) { names in
      #expect(try LabProcess.lab(["up", names[0]]).code == 0)
      let mark = "97\(getpid()).\(isPolite)"
      let outcome = try LabProcess.start([
        LabProcess.path, "run", "--in", names[0], "--", "sh", "-c", "sleep 60; : \(mark)",
      ]) { _ in
        _ = LabProcess.eventually { LabProcess.processes(with: ": \(mark)").count == 2 }
        if isPolite {
          let code = try LabProcess.lab(["down", names[0]]).code
          #expect(code == 0)
        } else {
          // Its first process has the same command line.
          kill(LabProcess.processes(with: "up\0\(names[0])").min() ?? 0, SIGKILL)
        }
      }
      #expect(outcome.code == 137)
      #expect(
        outcome.errors
          == "lab-swift: the lab '\(names[0])' has ended, and the command with it\n")
      // Nothing is in the way of the next one.
      #expect(try LabProcess.lab(["up", names[0]]).code == 0)
    }
  }

  @Test("signals go to the command, and a killed client takes its command with it")
  func signals() throws {
    try withLabs(1) { names in
      #expect(try LabProcess.lab(["up", names[0]]).code == 0)
      let mark = "96\(getpid()).7"
      for (signal, code) in [(Signal.terminate, 143), (.interrupt, 130), (.kill, 137)]
        as [(Signal, CInt)]
      {
        let outcome = try LabProcess.start([
          LabProcess.path, "run", "--in", names[0], "--", "sleep", mark,
        ]) { child in
          _ = try LabProcess.eventually { try inside(names[0], "pgrep -x sleep").code == 0 }
          try child.signal(signal)
        }
        #expect(outcome.code == code)
        #expect(LabProcess.eventually { LabProcess.processes(with: mark).isEmpty })
      }
      #expect(try inside(names[0], "true").code == 0)
    }
  }

  @Test("a shell inside, with a prompt that says so")
  func shell() throws {
    try withLabs(1) { names in
      #expect(try LabProcess.lab(["up", names[0]]).code == 0)
      for (shell, options, expected) in [
        ("/bin/sh", ["--in", names[0]], "(lab \(names[0])) "), ("", [], "(lab) "),
        ("/bin/bash", ["--in", names[0], "--side", "server"], "(lab \(names[0]), server) "),
      ] {
        // script(1) has a terminal for it.
        let words = (["SHELL=\(shell)", LabProcess.path, "shell"] + options).joined(separator: " ")
        let outcome = try LabProcess.run([
          "sh", "-c",
          "printf 'echo in:$WIREWALK_LAB:$((6*7))\\nexit 3\\n' "
            + "| script -qec '\(words)' /dev/null",
        ])
        #expect(outcome.code == 3, "\(outcome)")
        #expect(outcome.output.contains(expected))
        #expect(outcome.output.contains("in:\(options.isEmpty ? "" : names[0]):42"))
      }
    }
  }
}

/// How labs end that are not allowed to.
@Suite(
  "Labs that are killed", .serialized,
  .enabled(if: LabProcess.obstacle == nil, "\(LabProcess.obstacle ?? "")"))
struct LabKillTests {
  @Test("thirty labs, every third killed midway, leave nothing behind")
  func killed() throws {
    let mark = "95\(getpid()).9"
    var generator = SeededRNG(seed: 4)
    let namespaces = TemporaryFile()
    let commands = [
      "sleep \(mark) & sleep \(mark)", "(setsid sleep \(mark) &); sleep \(mark)",
      "sh -c 'sleep \(mark) & sleep \(mark)' & wait", "nohup sleep \(mark) >/dev/null; true",
    ]
    let before = try surroundings()
    for run in 0..<30 {
      let command = commands[run % commands.count]
      let line =
        "readlink /proc/self/ns/net /proc/self/ns/mnt /proc/self/ns/pid >> \(namespaces.path)\n"
      let isKilled = run.isMultiple(of: 3)
      let outcome = try LabProcess.start(
        [LabProcess.path, "run", "--", "sh", "-c"]
          + [line + (isKilled ? command : "sleep \(mark) & true")]
      ) { child in
        guard isKilled else { return }
        usleep(UInt32.random(in: 0...150_000, using: &generator))
        try child.signal(.kill)
      }
      #expect(outcome.code == (isKilled ? 137 : 0))
    }
    #expect(LabProcess.eventually { LabProcess.processes(with: mark).isEmpty })
    #expect(try surroundings() == before)
    // Whoever reaps the dead outside may take its time; the namespaces live as long.
    let own = Set(try namespaces.text().split(separator: "\n"))
    #expect(own.count >= 20)
    var left: Set<Substring> = own
    for _ in 0..<60 where !left.isEmpty {
      let listed = try LabProcess.run([
        "sh", "-c", "readlink /proc/[0-9]*/ns/net /proc/[0-9]*/ns/mnt /proc/[0-9]*/ns/pid; true",
      ])
      left = own.intersection(listed.lines)
      if !left.isEmpty { usleep(500_000) }
    }
    #expect(left.isEmpty)
  }

  /// Mounts, interfaces and places where something could be left; those of other tests are not looked
  /// at.
  private func surroundings() throws -> String {
    try LabProcess.run([
      "sh", "-c",
      "cat /proc/self/mountinfo; ip -br link; ls -A /run /dev/shm; ls -A /tmp | grep content",
    ]).output
  }
}

@Suite("What labs that stay say and are called")
struct LabMessageTests {
  @Test("names", arguments: ["a", "lab", "My.lab_2-x", String(repeating: "x", count: 32)])
  func names(text: String) throws {
    let name = try LabName(text)
    #expect(name.description == text && name.socketName.hasSuffix("/\(text)"))
  }

  @Test(
    "what is no name",
    arguments: [
      "", ".", "-x", "_x", "a b", "a/b", "ä", "a\u{1b}[2J", String(repeating: "x", count: 33),
    ])
  func noNames(text: String) {
    #expect(throws: (any Error).self) { try LabName(text) }
  }

  @Test func requests() {
    for request in [.status, .down, .join(.client), .join(.server)] as [LabMessage.Request] {
      #expect(LabMessage.Request(request.octets) == request)
    }
    for text in ["", "join", "join\0far", "status\0", "up", "\0"] {
      #expect(LabMessage.Request(Array(text.utf8)) == nil)
    }
  }

  @Test func statuses() {
    var status = LabStatus(
      topology: "a \"b\"\n.lab", since: WallInstant(nanoseconds: 1_795_239_179_478_889_001),
      processes: 3)
    (status.packets.sent, status.packets.delivered, status.packets.forwarded) = (1, 2, 3)
    (status.packets.lost, status.packets.dropped) = (4, 5)
    #expect(LabStatus(status.octets) == status)
    status.processes = nil
    #expect(LabStatus(status.octets) == status)
    for length in 0..<status.octets.count {
      let cut = LabStatus(Array(status.octets.prefix(length)))
      // Only the last number can be cut and still be one.
      #expect(cut == nil || length > status.octets.count - 1)
    }
  }

  @Test("the table says how long in two words and escapes a file's name")
  func table() throws {
    let now = WallInstant(nanoseconds: 1_000_000_000_000_000)
    let ages: [(Int64, String)] = [
      (-5, "0s"), (59, "59s"), (60, "1m00s"), (3599, "59m59s"), (3600, "1h00m"), (90_000, "1d01h"),
    ]
    let labs = try ages.map { age, _ in
      (
        name: try LabName("a"),
        status: LabStatus(
          topology: "\u{1b}x",
          since: WallInstant(nanoseconds: now.nanoseconds - age * 1_000_000_000),
          processes: nil)
      )
    }
    let rows = LabVerb.statusTable(of: labs, at: now).rows.dropFirst()
    #expect(rows.map { $0[2].text } == ages.map(\.1))
    #expect(rows.allSatisfy { $0[3].text == "?" && !$0[1].text.contains("\u{1b}") })
  }

  @Test("an abstract name belongs to one listener, and messages carry descriptors")
  func localSockets() throws {
    let name = "wirewalk-test/\(getpid())/x"
    let listener = try LocalListener(name: name)
    #expect(throws: SystemError.self) { _ = try LocalListener(name: name) }
    #expect(try LocalListener.names(beginningWith: "wirewalk-test/\(getpid())/") == [name])
    let client = try LocalSocket(connectingTo: name)
    let accepted = try listener.accept()
    guard let server = accepted else {
      Issue.record("nobody came")
      return
    }
    let (comer, listening) = (try server.peer(), try client.peer())
    #expect(comer.user == geteuid() && listening.process == Int(getpid()))
    let nothing = try server.receive()
    #expect(nothing == nil)
    let file = try TemporaryFile("passed")
    let descriptor = try Descriptor.openForReading(file.path)
    try client.send([1, 2, 3], descriptors: [descriptor.rawValue, 0])
    let received = try server.receive()
    let message = try #require(received)
    #expect(message.octets == [1, 2, 3] && message.descriptors.count == 2)
    let passed = Descriptor(owning: message.descriptors[0])
    _ = Descriptor(owning: message.descriptors[1])
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = try passed.read(into: &buffer)
    #expect(count == 6 && buffer.starts(with: "passed".utf8))
    for wrong in [String(repeating: "x", count: 108), name + "y"] {
      #expect(throws: SystemError.self) { _ = try LocalSocket(connectingTo: wrong) }
    }
  }
}
