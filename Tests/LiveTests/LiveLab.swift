// The system's own tools are beside ours in these tests. Debian packages: iputils-ping
// iputils-clockdiff fping traceroute dnsutils curl tcpdump iproute2 util-linux procps gcc.

import Glibc
import LinuxSystem
import PacketWire
import Testing

/// Tests of the built tools on real sockets that compare times: they run one after another, and
/// scripts/test gives them the machine to themselves.
@Suite("Live, in the lab", .serialized, .inLab)
struct Live {}

/// The others, which do not mind what else the machine does; one after another, as they make labs.
@Suite("Live, in the lab, unhurried", .serialized, .inLab)
struct Unhurried {}

extension Trait where Self == ConditionTrait {
  /// Skips, and says why, where no lab can be set up. Root is never let off.
  static var inLab: Self {
    .enabled(if: LiveLab.obstacle == nil, "\(LiveLab.obstacle ?? "no obstacle")")
  }
}

/// What a script wrote and how it ended.
struct ScriptResult {
  var code: CInt
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map { String($0) } }
}

/// Runs scripts inside a lab of their own, with the built tools in PATH.
enum LiveLab {
  /// Where `swift build` put the tools: beside the test bundle, which `swift test` names.
  static let toolFolder: String = {
    let folders = CommandLine.arguments.compactMap { argument in
      argument.firstRange(of: "WirewalkPackageTests.xctest").map {
        String(argument[..<$0.lowerBound])
      }
    }
    return folders.first ?? ".build/debug/"
  }()

  static let isRoot = getuid() == 0

  static let obstacle: String? = {
    if isRoot { return nil }
    guard let result = try? run(["lab-swift", "run", "--routers", "0", "--", "true"]) else {
      return "timeout(1) cannot be run"
    }
    return result.code == 0 ? nil : "no root, and the lab says: \(result.errors)"
  }()

  /// Runs a shell script inside the lab, with these options of `lab-swift run` and this lab file.
  static func inside(
    _ script: String, options: [String] = [], topology: String? = nil
  ) throws -> ScriptResult {
    var options = options
    let folder = try ScratchFolder()
    if let topology {
      let file = try Descriptor.createForWriting(folder.path + "/topology.lab")
      try writeAll(topology.utf8.span, to: file.rawValue)
      options += ["--topology", folder.path + "/topology.lab"]
    }
    return try run(["lab-swift", "run"] + options + ["--", "sh", "-c", script])
  }

  /// Runs a shell script beside a lab of this file, or the default one with three routers, where nginx
  /// serves the folder that `site` makes: $FOLDER/site. `near` runs a program at the client's side.
  static func besideNginx(
    _ topology: String? = nil, site: String, directives: String = "", _ script: String
  ) throws -> ScriptResult {
    let name = "t\(UInt32.random(in: 0...999_999))"
    return try run([
      "sh", "-c",
      """
      cd "$FOLDER"; chmod 755 .; \(site)
      cat > nginx.conf <<'END'
      pid nginx.pid; error_log nginx.log; user root; daemon off;
      events {}
      http {
        access_log off; types { text/html html; text/css css; image/svg+xml svg; text/plain txt; }
        server { listen 80; listen [::]:80; root site; \(directives) }
      }
      END
      cat > lab.lab <<'END'
      \(topology ?? "client c.test 198.18.0.2 2001:db8::2\nrouter r.test 198.18.1.1 2001:db8:1::1 delay 5ms\nsite www.test 203.0.113.80 2001:db8:cb::80")
      END
      lab-swift up \(name) --topology lab.lab --leave-port 80 || exit 1
      trap 'lab-swift down \(name)' EXIT
      near() { lab-swift run --in \(name) -- "$@"; }
      lab-swift run --in \(name) --side server -- nginx -p "$FOLDER" -c nginx.conf & nginx=$!
      for try in 1 2 3 4 5 6 7 8 9 10; do
        near curl -s -o index http://www.test/ && break; sleep 0.1; done
      \(script)
      kill $nginx; wait $nginx
      """,
    ])
  }

  /// Runs a program to its end, at most a minute. All that it writes is kept.
  static func run(_ arguments: [String]) throws -> ScriptResult {
    let folder = try ScratchFolder()
    let output = try Descriptor.createForWriting(folder.path + "/.stdout")
    let errors = try Descriptor.createForWriting(folder.path + "/.stderr")
    let input = try Descriptor.openForReading("/dev/null")
    var command = Command(["timeout", "-k", "5", "60"] + arguments)
    // $FOLDER is the script's to write into.
    command.environment = [
      "LC_ALL": "C", "TZ": "UTC", "FOLDER": folder.path,
      "PATH": "\(toolFolder):/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    (command.input, command.output, command.error) =
      (input.rawValue, output.rawValue, errors.rawValue)
    var child = try ChildProcess(command)
    try child.release()
    let end = try child.waitForExit(until: MonotonicClock.now() + .seconds(70))
    return ScriptResult(
      code: try #require(end).shellCode, output: try folder.text(".stdout"),
      errors: try folder.text(".stderr"))
  }

  /// Tries `body` up to eight times: on a machine with too much to do, one measurement in a few is
  /// late.
  static func uponRetry(_ body: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<8 where try body() { return true }
    return false
  }
}

/// A folder under /tmp that goes with this value.
final class ScratchFolder {
  let path: String

  init() throws {
    var random = SystemRandomNumberGenerator()
    path = "/tmp/wirewalk-live-\(getpid())-" + String(random.next(), radix: 36)
    try #require(unsafe mkdir(path, 0o755) == 0)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try readFile("\(path)/\(name)", limit: 16 << 20), as: UTF8.self)
  }

  deinit {
    guard var child = try? ChildProcess(Command(["rm", "-rf", path])) else { return }
    try? child.release()
    _ = try? child.waitForExit(until: MonotonicClock.now() + .seconds(10))
  }
}

/// Shell words that several scripts need.
enum Shell {
  /// Runs what follows without any capability: what an ordinary user may, whoever runs the tests.
  static let powerless = "setpriv --bounding-set=-all --inh-caps=-all --ambient-caps=-all"

  /// Prints a line that `sections` splits at.
  static func section(_ name: String) -> String { #"echo "=== \#(name)""# }
}

extension ScriptResult {
  /// The lines that are not empty, between those that `Shell.section` printed.
  var sections: [String: [String]] {
    var found: [String: [String]] = [:]
    var name = ""
    for line in lines {
      if line.hasPrefix("=== ") {
        name = String(line.dropFirst(4))
        found[name] = []
      } else {
        found[name, default: []].append(line)
      }
    }
    return found
  }
}

extension Array where Element == Double {
  /// The middle value; 0 of none.
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
