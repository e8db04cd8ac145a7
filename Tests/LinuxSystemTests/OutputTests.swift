import Glibc
import LinuxSystem
import Testing

@Suite("Output and files")
struct OutputTests {
  @Test func writesEverythingToAFullNonblockingPipe() async throws {
    let ends = try TestPipe().split()
    makeNonblocking(ends.write)
    // Larger than any pipe's buffer, so that short writes and EAGAIN both happen.
    let octets = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let reader = Task.detached {
      let descriptor = Descriptor(owning: ends.read)
      var buffer = [UInt8](repeating: 0, count: 4096)
      var received: [UInt8] = []
      while let count = try descriptor.read(into: &buffer), count > 0 {
        received += buffer[..<count]
      }
      return received
    }
    try writeAll(octets.span, to: ends.write)
    close(ends.write)
    #expect(try await reader.value == octets)
  }

  @Test("a descriptor that is not open is an error, not a trap")
  func closedDescriptor() throws {
    let octets: [UInt8] = [1]
    #expect(throws: SystemError("write", errorNumber: EBADF)) {
      try writeAll(octets.span, to: 999_999)
    }
  }

  @Test func fileRoundTripAndLimit() throws {
    let path = temporaryPath("file")
    defer { remove(path) }
    do {
      let file = try Descriptor.createForWriting(path, permissions: 0o600)
      try writeAll(Array("0123456789".utf8).span, to: file.rawValue)
    }
    #expect(try readFile(path, limit: 10) == Array("0123456789".utf8))
    #expect(throws: SystemError("read", on: path, errorNumber: EFBIG)) {
      try readFile(path, limit: 9)
    }
    // Creating again empties it.
    _ = try Descriptor.createForWriting(path)
    #expect(try readFile(path) == [])
    try writeExistingFile(path, "new")
    #expect(try readFile(path) == Array("new".utf8))
  }

  @Test func errorsNameOperationAndObject() {
    #expect(throws: SystemError("open", on: "/nonexistent/file", errorNumber: ENOENT)) {
      _ = try Descriptor.openForReading("/nonexistent/file")
    }
    #expect(throws: SystemError("create", on: "/nonexistent/file", errorNumber: ENOENT)) {
      _ = try Descriptor.createForWriting("/nonexistent/file")
    }
    #expect(throws: SystemError("read", on: "/", errorNumber: EISDIR)) { try readFile("/") }
    #expect(throws: SystemError("open", on: "/nonexistent/file", errorNumber: ENOENT)) {
      try writeExistingFile("/nonexistent/file", "")
    }
    let error = SystemError("open", on: "x", errorNumber: ENOENT, remedy: "make it")
    #expect(error.description == "cannot open x: No such file or directory; make it")
    #expect(error.isNotFound && !error.isPermission && !error.wouldWait && !error.isOutOfBuffers)
  }

  @Test func aPipeIsNoTerminal() throws {
    #expect(try !StandardStream.isTerminal(TestPipe().readEnd.rawValue))
  }

  @Test func descriptorsAreClosedAndNotInherited() throws {
    let number: CInt
    do {
      let file = try Descriptor.openForReading("/dev/null")
      number = file.rawValue
      #expect(fcntl(number, F_GETFD) & FD_CLOEXEC == FD_CLOEXEC)
    }
    // Another test's thread may reuse the number at once, but not for /dev/null's device.
    #expect(!isDevNull(number))
  }

  private func isDevNull(_ number: CInt) -> Bool {
    var status = stat()
    return unsafe fstat(number, &status) == 0 && status.st_rdev == 0x103
  }

  @Test func programmersErrorsTrap() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      try writeAll([1].span, to: -1)
    }
  }
}
