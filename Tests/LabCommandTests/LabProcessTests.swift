import CommandLineKit
import Glibc
import LinuxSystem
import PacketWire
import SimulatedInternet
import Testing

@testable import LabCommand

@Suite("The command line of lab-swift")
struct LabCommandLineTests {
  @Test(
    "what cannot be run says why and ends with 2",
    arguments: [
      (["run"], "no command is given; it stands behind --, as in: lab-swift run -- ping ..."),
      (
        ["run", "--"], "no command is given; it stands behind --, as in: lab-swift run -- ping ..."
      ),
      (["run", "ping"], "unexpected 'ping'; a command to be run stands behind --"),
      (["run", "ping", "--", "x"], "unexpected 'ping'; a command to be run stands behind --"),
      (["topology", "home", "x"], "unexpected 'x'"),
      (["topology", "--", "x"], "unexpected '--'"),
      (["run", "--nonsense", "--", "true"], "unknown option '--nonsense'"),
      (
        ["run", "--in", "x", "--seed", "1", "--", "true"],
        "a lab that is up stays as it is: --in goes with --side, other options with 'lab-swift up'"
      ),
      (
        ["shell", "--in", "a b"],
        "option '--in': 'a b' is no name for a lab: 1 to 32 letters, digits, dots, hyphens and "
          + "underscores, a letter or digit first"
      ),
      (["run", "--side", "far", "--", "x"], "option '--side': 'far' is neither client nor server"),
      (["shell", "x"], "unexpected 'x'"), (["up", "a", "b"], "unexpected 'b'"),
      (["down", "--all", "b"], "unexpected 'b'"), (["status", "b"], "unexpected 'b'"),
      (
        ["up", "-"],
        "'-' is no name for a lab: 1 to 32 letters, digits, dots, hyphens and underscores, a letter "
          + "or digit first"
      ),
      (
        ["run", "--routers", "255", "--", "true"],
        "option '--routers': '255' is not a whole number from 0 to 254"
      ),
      (
        ["run", "--loss", "101", "--", "true"],
        "option '--loss': '101' is not a number from 0 to 100, such as 0.5 or 2"
      ),
      (
        ["run", "--delay", "-1", "--", "true"],
        "option '--delay': '-1' is not a number from 0 to 60000, such as 0.5 or 2"
      ),
    ] as [([String], String)])
  func usageErrors(arguments: [String], message: String) throws {
    let outcome = try LabProcess.lab(arguments)
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    let verb = arguments.first.map { " \($0)" } ?? ""
    #expect(
      outcome.errors == "lab-swift\(verb): \(message)\nTry 'lab-swift\(verb) --help'.\n")
  }

  @Test func topology() throws {
    let outcome = try LabProcess.lab(["topology"])
    #expect(outcome.code == 0 && outcome.output == Topology.defaultText)
    #expect(try Topology(parsing: outcome.output) == .default)
  }

  @Test func helpAndVersion() throws {
    let help = try LabProcess.lab(["-h"])
    #expect(help.code == 0 && help.output.hasPrefix("Usage: lab-swift COMMAND"))
    let runHelp = try LabProcess.lab(["run", "-h"]).output
    #expect(runHelp.hasPrefix("Usage: lab-swift run [OPTION]... -- COMMAND"))
    #expect(try LabProcess.lab(["-V"]).output.hasPrefix("lab-swift (Wirewalk) "))
  }

  @Test("a bad lab file ends with 2 and its exact place, and cannot reach the terminal unescaped")
  func badFile() throws {
    let file = try TemporaryFile(
      "seed 1\nclient me.test 198.18.0.2\nrouter r.test 198.18.1.1 delay 5 parsecs")
    let outcome = try LabProcess.lab(["run", "--topology", file.path, "--", "true"])
    #expect(outcome.code == 2)
    #expect(
      outcome.errors == """
        lab-swift: \(file.path):3:32: expected a delay such as 5ms, found "5 parsecs"\n
        """)
    let hostile = try TemporaryFile("seed \u{1b}[2J")
    let escaped = try LabProcess.lab(["run", "-t", hostile.path, "--", "true"]).errors
    #expect(!escaped.contains("\u{1b}") && escaped.contains("[2J"))
    let missing = try LabProcess.lab(["run", "-t", "/nonexistent/lab", "--", "true"])
    #expect(missing.code == 2)
    #expect(
      missing.errors == "lab-swift: cannot open /nonexistent/lab: No such file or directory\n")
  }

  @Test("options change the topology as they say")
  func overrides() throws {
    var options = RunOptions()
    let parsed = try RunOptions.table.parse(
      ["-r", "3", "-d", "2.5", "-l", "0.01", "-s", "18446744073709551615", "--", "x"],
      into: &options)
    #expect(parsed == .run(operands: [], command: ["x"]))
    #expect(options.seed == .max)
    var topology = Topology.default
    options.apply(to: &topology)
    #expect(topology.routers.count == 3)
    for link in topology.routers.map(\.link) + [topology.siteLink] {
      for direction in [link.outward, link.homeward] {
        #expect(direction.delay == Nanoseconds(2_500_000))
        #expect(direction.loss == Probability(clamping: 100))
      }
    }
    options = RunOptions()
    _ = try RunOptions.table.parse(["--routers", "2"], into: &options)
    topology = .default
    options.apply(to: &topology)
    #expect(topology.routers.map(\.link.homeward.delay) == [.milliseconds(1), .milliseconds(1)])
    #expect(topology.siteLink == Topology.default.siteLink)
  }
}

@Suite(
  "What a lab leaves and how it ends", .serialized,
  .enabled(if: LabProcess.obstacle == nil, "\(LabProcess.obstacle ?? "")"))
struct LabEndTests {
  @Test(
    "the exit code is the command's own",
    arguments: [
      (["true"], 0), (["sh", "-c", "exit 77"], 77), (["sh", "-c", "kill -TERM $$"], 143),
      (["sh", "-c", "kill -KILL $$"], 137),
    ] as [([String], CInt)])
  func exitCodes(command: [String], code: CInt) throws {
    let outcome = try LabProcess.lab(["run", "--"] + command)
    #expect(outcome.code == code && outcome.errors.isEmpty && outcome.output.isEmpty)
  }

  @Test func commandsThatDoNotRun() throws {
    let unknown = try LabProcess.lab(["run", "--", "no-such-command", "x"])
    #expect(unknown.code == 127)
    #expect(
      unknown.errors == "lab-swift: cannot run no-such-command: No such file or directory\n")
    let notAProgram = try LabProcess.lab(["run", "--", "/etc/hosts"])
    #expect(notAProgram.code == 126)
    #expect(notAProgram.errors == "lab-swift: cannot run /etc/hosts: Permission denied\n")
  }

  @Test("the lab itself has given up its rights while the command has them")
  func privileges() throws {
    let outcome = try LabProcess.inside(
      "grep CapEff /proc/$PPID/status; grep NoNewPrivs /proc/$PPID/status; ip link set wan0 mtu 1400; ip link"
    )
    #expect(outcome.output.hasPrefix("CapEff:\t0000000000000000\nNoNewPrivs:\t1\n"))
    #expect(outcome.output.contains("mtu 1400"))
    let own = try LabProcess.inside("grep -c 'CapEff:.*0000000000000000' /proc/self/status")
    #expect(own.output == "0\n")
  }

  @Test("nothing that the command started outlives the lab, wherever it hides")
  func background() throws {
    let mark = "98\(getpid()).5"
    let outcome = try LabProcess.inside(
      """
      sleep \(mark) & setsid sleep \(mark) & (nohup setsid sleep \(mark) >/dev/null 2>&1 &)
      (trap '' TERM HUP INT; sleep \(mark)) & sleep 0.1; echo $(pgrep -c -x sleep); exit 5
      """)
    #expect(outcome.code == 5 && outcome.output == "4\n")
    // They were gone before the tool ended.
    #expect(LabProcess.processes(with: mark).isEmpty)
  }

  @Test("commands see the lab's processes only, and are not the first among them")
  func processNumbers() throws {
    let outcome = try LabProcess.inside(
      "ps -e -o pid=,comm= | head -n 2; kill -KILL 1; kill -TERM 1; echo alive")
    #expect(
      outcome.lines.map { $0.split(separator: " ") } == [
        ["1", "lab-init"], ["2", "sh"], ["alive"],
      ])
  }

  @Test("a lab with nothing to do sleeps")
  func idle() throws {
    var ticks: [Int] = []
    _ = try LabProcess.start(
      [LabProcess.path, "run", "--", "sh", "-c", "ping -c 1 203.0.113.80; sleep 2"]
    ) { child in
      Glibc::usleep(1_900_000)
      let stat = String(decoding: try readFile("/proc/\(child.processNumber)/stat"), as: UTF8.self)
      // Behind the name in parentheses: utime and stime are the twelfth and thirteenth (proc(5)).
      ticks =
        stat.split(separator: ")").last?.split(separator: " ")[11...12].compactMap { Int($0) } ?? []
    }
    // Hundredths of a second; a loop that never sleeps takes well over a hundred.
    #expect(ticks.count == 2 && ticks.reduce(0, +) < 60, "\(ticks)")
  }

  @Test func standardStreamsAreTheCommandsOwn() throws {
    let outcome = try LabProcess.inside("cat; echo out; echo err >&2")
    #expect(outcome.output == "out\n" && outcome.errors == "err\n")
  }

  /// What a lab must not change: all that the kernel says of the network outside, its settings, and
  /// the files that names are looked up by.
  private func outside() throws -> String {
    try LabProcess.run([
      "sh", "-c",
      """
      for family in -4 -6; do for what in link addr route rule; do
        echo "$family $what"; ip $family -d $what show; done; ip $family route show table all
      done
      ip neigh show nud permanent; ip netns list; ip tuntap
      cat /etc/resolv.conf /etc/hosts /etc/nsswitch.conf
      readlink /proc/self/ns/net /proc/self/ns/mnt /proc/self/ns/user /proc/self/ns/pid
      grep -v ' /tmp' /proc/self/mounts
      find /proc/sys/net -type f ! -name '*nf_conntrack_count' ! -name '*stable_secret' \
        -exec head -n 9 {} + 2>/dev/null
      """,
    ]).output
  }

  @Test("nothing outside changes, while it runs or after")
  func isolation() throws {
    let before = try outside()
    #expect(before.contains("ip_forward") && before.contains("127.0.0.1"))
    let line = """
      ip -br link; cat /etc/resolv.conf /etc/hosts; readlink /proc/self/ns/net
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip addr add 192.0.2.99/32 dev lo; ip route add blackhole 198.51.100.0/24; ip rule add prio 7
      mount -t tmpfs tmpfs /mnt; echo ready; sleep 1
      """
    var during = ""
    let outcome = try LabProcess.start([LabProcess.path, "run", "--", "sh", "-c", line]) { _ in
      Glibc::usleep(500_000)
      during = try outside()
    }
    #expect(during == before)
    #expect(try outside() == before)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.lines.prefix(2).map { $0.prefix { $0 != " " } } == ["lo", "wan0"])
    #expect(outcome.output.contains("\nnameserver 203.0.113.53\nnameserver 2001:db8:cb::53\n"))
    let namespace = outcome.lines.first { $0.hasPrefix("net:") }
    #expect(namespace != nil && !before.contains(namespace ?? ""))
  }

  @Test("the only file that a lab makes is in a memory of its own")
  func files() throws {
    let log = TemporaryFile()
    let outcome = try LabProcess.run([
      "strace", "-f", "-qq", "-o", log.path, "-e",
      "trace=openat,creat,mkdir,mkdirat,mknod,mknodat,symlink,link,rename,unlink,unlinkat,chmod",
      LabProcess.path, "run", "--", "true",
    ])
    try #require(outcome.code == 0, "\(outcome.errors)")
    let changes = try log.text().split(separator: "\n").filter {
      $0.contains("(") && ($0.contains("O_CREAT") || !$0.contains("openat("))
        && !$0.contains("SIG")
    }
    // A tmpfs is mounted there for a moment, in the lab's own mount namespace.
    #expect(
      !changes.isEmpty && changes.allSatisfy { $0.contains("\"/tmp/content\"") }, "\(changes)")
  }

  /// Starts a lab whose command says when it runs, does something to the lab, and gives the outcome.
  private func lab(
    _ line: String, then action: (borrowing ChildProcess) throws -> Void
  ) throws -> Outcome {
    let started = TemporaryFile()
    let script = "echo > \(started.path); \(line)"
    return try LabProcess.start([LabProcess.path, "run", "--", "sh", "-c", script]) { child in
      for _ in 0..<1000 where unsafe access(started.path, F_OK) != 0 { Glibc::usleep(10_000) }
      try action(child)
    }
  }

  @Test("signals are the command's to handle", arguments: [Signal.terminate, .interrupt, .hangUp])
  func signals(signal: Signal) throws {
    let name = "\(signal)".dropFirst(3)
    let line = "trap 'echo caught; exit 9' \(name); while :; do sleep 0.05; done"
    let outcome = try lab(line) { child in
      Glibc::usleep(200_000)
      try child.signal(signal)
    }
    #expect(outcome.code == 9 && outcome.output == "caught\n")
    let untouched = try lab("exec sleep 30") { try $0.signal(signal) }
    #expect(untouched.code == 128 + signal.rawValue)
  }
}
