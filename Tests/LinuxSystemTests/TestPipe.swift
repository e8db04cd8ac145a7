import Glibc
import LinuxSystem
import Testing

/// A pipe of the test's own.
struct TestPipe: ~Copyable {
  let readEnd: Descriptor
  let writeEnd: Descriptor

  init() throws {
    var ends: [CInt] = [-1, -1]
    try #require(unsafe Glibc::pipe(&ends) == 0)
    readEnd = Descriptor(owning: ends[0])
    writeEnd = Descriptor(owning: ends[1])
  }

  /// Both numbers, which the caller closes.
  consuming func split() -> (read: CInt, write: CInt) {
    let (read, write) = (readEnd.rawValue, writeEnd.rawValue)
    _ = readEnd.release()
    _ = writeEnd.release()
    return (read, write)
  }

  /// What has been written and not yet read.
  func contents() throws -> String {
    makeNonblocking(readEnd.rawValue)
    var buffer = [UInt8](repeating: 0, count: 65536)
    var octets: [UInt8] = []
    while let count = try readEnd.read(into: &buffer), count > 0 { octets += buffer[..<count] }
    return String(decoding: octets, as: UTF8.self)
  }
}

/// Makes reads and writes return EAGAIN instead of waiting.
func makeNonblocking(_ descriptor: CInt) {
  _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
}

/// A name under /tmp that nobody else uses; the caller unlinks it.
func temporaryPath(_ name: String) -> String { "/tmp/wirewalk-test-\(getpid())-\(name)" }

/// Removes a file that a test made.
func remove(_ path: String) { _ = unsafe unlink(path) }
