import LinuxNet
import LinuxSystem
import PacketWire
import Testing

/// A server of `lab-swift serve` as a process of its own, at a port of the kernel's choice on the
/// loopback interface.
struct ServerProcess: ~Copyable {
  private var child: ChildProcess
  private let output: TemporaryFile
  private let errors: TemporaryFile
  /// Where it listens.
  let endpoint: Endpoint

  /// Starts it and waits until its first line says where it is; it may have so many descriptors.
  init(_ arguments: [String], descriptors: Int? = nil) throws {
    let (output, errors) = (TemporaryFile(), TemporaryFile())
    let outputFile = try Descriptor.createForWriting(output.path)
    let errorFile = try Descriptor.createForWriting(errors.path)
    var words = [LabProcess.path, "serve"] + arguments + ["--port", "0"]
    if let descriptors {
      words = ["sh", "-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\""] + words
    }
    var command = Command(words)
    command.environment = ["LC_ALL": "C"]
    (command.output, command.error) = (outputFile.rawValue, errorFile.rawValue)
    command.endsWithParent = true
    var child = try ChildProcess(command)
    try child.release()
    var port: UInt16?
    try waitUntil {
      guard let line = try output.text().split(separator: "\n").first,
        let word = line.split(separator: ":").last
      else { return false }
      port = UInt16(word)
      return port != nil
    }
    endpoint = Endpoint(.v4(.loopback), port: try #require(port))
    (self.output, self.errors) = (output, errors)
    // Noncopyable values go one by one, and only once nothing can fail any more.
    self.child = child
  }

  /// "40123".
  var port: String { "\(endpoint.port)" }

  /// All that it has printed so far.
  func text() throws -> String { try output.text() }

  /// What /proc says about it under a name.
  func status(_ name: String) throws -> String {
    let status = try readFile("/proc/\(child.processNumber)/status")
    let lines = String(decoding: status, as: UTF8.self).split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("\(name):") })
    return String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
  }

  /// How much time it has had from the processor, in hundredths of a second (proc(5)).
  func processorTime() throws -> Int {
    let line = String(decoding: try readFile("/proc/\(child.processNumber)/stat"), as: UTF8.self)
    let fields = try #require(line.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }

  /// How much memory is in use, in KiB.
  func residentMemory() throws -> Int {
    try #require(try status("VmRSS").split(separator: " ").first.flatMap { Int($0) })
  }

  /// Interrupts it, and gives what it had to say.
  consuming func end() throws -> Outcome {
    try child.signal(.interrupt)
    let end = try child.waitForExit(until: MonotonicClock.now() + .seconds(20))
    return Outcome(
      code: end?.shellCode ?? -1, output: try output.text(), errors: try errors.text())
  }
}

/// Asks again and again, for at most twenty seconds; fails where it did not become true.
func waitUntil(_ isTrue: () throws -> Bool) throws {
  var poller = Poller()
  let end = MonotonicClock.now() + .seconds(20)
  while try !isTrue() {
    try #require(MonotonicClock.now() < end, "it did not happen within twenty seconds")
    try poller.wait(until: MonotonicClock.now() + .milliseconds(5))
  }
}

/// A free port of the loopback interface, for a server that has to be told one.
func freePort() throws -> String {
  let listener = try StreamListener(at: Endpoint(.v4(.loopback)))
  return "\(try listener.localEndpoint().port)"
}
