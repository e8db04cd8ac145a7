import Glibc
import LinuxSystem
import PacketWire
import Testing

/// What a program wrote and how it ended.
struct Outcome {
  var code: CInt
  var output: String
  var errors: String

  var lines: [Substring] { output.split(separator: "\n") }
}

/// The built tool, run as a user runs it: entering namespaces is for a process of its own.
enum LabProcess {
  /// `lab-swift` beside the test bundle, which `swift test` names in its arguments.
  static let path: String = {
    let folders = CommandLine.arguments.compactMap { argument in
      argument.firstRange(of: "WirewalkPackageTests.xctest").map {
        argument[..<$0.lowerBound]
      }
    }
    return (folders.first ?? ".build/debug/") + "lab-swift"
  }()

  /// Why live tests cannot run here, or nil. Root is never let off.
  static let obstacle: String? = {
    if getuid() == 0 { return nil }
    guard (try? run(["unshare", "-Urnm", "true"]).code) == 0 else {
      return "no root, and this kernel gives this user no user namespace"
    }
    guard (try? Descriptor.open("/dev/net/tun", flags: O_RDWR)) != nil else {
      return "no root, and /dev/net/tun is not for this user"
    }
    return nil
  }()

  /// Runs the lab with these arguments.
  static func lab(_ arguments: [String]) throws -> Outcome { try run([path] + arguments) }

  /// Runs a shell line inside the default lab.
  static func inside(_ line: String, options: [String] = []) throws -> Outcome {
    try lab(["run"] + options + ["--", "sh", "-c", line])
  }

  /// The numbers of the processes on this machine whose command line holds `text`, but for zombies.
  static func processes(with text: String) -> [pid_t] {
    guard let folder = unsafe opendir("/proc") else { return [] }
    defer { _ = unsafe closedir(folder) }
    var found: [pid_t] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let number = pid_t(name), number != getpid(),
        let words = try? readFile("/proc/\(number)/cmdline"),
        String(decoding: words, as: UTF8.self).contains(text)
      else { continue }
      found.append(number)
    }
    return found
  }

  /// Waits until something holds, for five seconds at most; whether it does.
  static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<500 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }

  /// Runs the lab as an ordinary user, who may open the TUN device.
  static func asOrdinaryUser(_ arguments: [String]) throws -> Outcome {
    guard getuid() == 0 else { return try lab(arguments) }
    // Nobody may open the device here, so he gets one of his own, in mounts that only he sees, and
    // a copy of the tool where he may read it.
    let line = """
      set -e
      mount -t tmpfs tmpfs /mnt && mknod /mnt/tun c 10 200 && chmod 666 /mnt/tun
      cp '\(path)' /mnt/lab-swift && mount --bind /mnt/tun /dev/net/tun
      exec setpriv --reuid 65534 --regid 65534 --clear-groups /mnt/lab-swift "$@"
      """
    return try run(["unshare", "-m", "sh", "-c", line, "sh"] + arguments)
  }

  /// Runs any program to its end, at most a minute, with nothing to read.
  static func run(_ arguments: [String]) throws -> Outcome {
    try start(arguments) { _ in }
  }

  /// Runs any program; `meanwhile` is called once it runs.
  static func start(
    _ arguments: [String], meanwhile: (borrowing ChildProcess) throws -> Void
  ) throws -> Outcome {
    let (output, errors) = (TemporaryFile(), TemporaryFile())
    let input = try Descriptor.openForReading("/dev/null")
    let outputFile = try Descriptor.createForWriting(output.path)
    let errorFile = try Descriptor.createForWriting(errors.path)
    var command = Command(arguments)
    command.environment = ["LC_ALL": "C", "PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"]
    (command.input, command.output) = (input.rawValue, outputFile.rawValue)
    command.error = errorFile.rawValue
    var child = try ChildProcess(command)
    try child.release()
    try meanwhile(child)
    let end = try child.waitForExit(until: MonotonicClock.now() + .seconds(60))
    return Outcome(
      code: end?.shellCode ?? -1, output: try output.text(), errors: try errors.text())
  }
}

/// A name under /tmp that nobody else uses; the file goes with it.
final class TemporaryFile {
  let path: String

  init() {
    var random = SystemRandomNumberGenerator()
    path = "/tmp/wirewalk-lab-\(getpid())-" + String(random.next(), radix: 36)
  }

  convenience init(_ text: String) throws {
    self.init()
    let file = try Descriptor.createForWriting(path)
    try writeAll(text.utf8.span, to: file.rawValue)
  }

  func text() throws -> String { String(decoding: try readFile(path), as: UTF8.self) }

  deinit { _ = unsafe unlink(path) }
}
