import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

/// The test process has threads, of which a helper must not need any; these do next to nothing.
@Suite("Helper processes", .serialized)
struct HelperProcessTests {
  @Test("answers, descriptors, and memory of its own")
  func answers() throws {
    var count: UInt8 = 0
    let helper = try HelperProcess(named: "helper-test") { question in
      count += 1
      let null = try? Descriptor.openForReading("/proc/self/comm")
      return HelperProcess.Answer([count] + question, descriptor: question == [7] ? null : nil)
    }
    let first = try helper.ask([5, 6])
    #expect(first.octets == [1, 5, 6])
    let second = try helper.ask([7])
    #expect(second.octets == [2, 7] && count == 0)
    guard let descriptor = second.takeDescriptor() else {
      Issue.record("no descriptor came")
      return
    }
    var buffer = [UInt8](repeating: 0, count: 32)
    let length = try descriptor.read(into: &buffer)
    // Opened there: it is the helper's name that it tells.
    #expect(String(decoding: buffer.prefix(length ?? 0), as: UTF8.self) == "helper-test\n")
  }

  @Test("it has a session of its own, and goes with its value")
  func goes() throws {
    var number = 0
    do {
      let helper = try HelperProcess(named: "helper-test") { _ in
        HelperProcess.Answer([getsid(0) == getpid() ? 1 : 0])
      }
      number = helper.processNumber
      let answer = try helper.ask([0])
      #expect(answer.octets == [1])
    }
    #expect(kill(pid_t(number), 0) == -1 && errno == ESRCH)
  }

  @Test("what is to be done at its end is done there, before its value has gone")
  func end() throws {
    let path = "/tmp/wirewalk-helper-test-\(getpid())"
    defer { _ = unsafe unlink(path) }
    do {
      var count = 0
      let helper = try HelperProcess(
        named: "helper-test",
        atEnd: { if count == 2 { _ = try? Descriptor.createForWriting(path) } }
      ) { _ in
        count += 1
        return HelperProcess.Answer([0])
      }
      for _ in 0..<2 { _ = try helper.ask([0]).octets }
      #expect(!fileExists(path) && count == 0)
    }
    #expect(fileExists(path))
  }

  @Test("a helper that has gone is an error, and no wait")
  func gone() throws {
    let helper = try HelperProcess(named: "helper-test") { _ in _exit(3) }
    #expect(throws: SystemError.self) { _ = try helper.ask([0]).octets }
    #expect(throws: SystemError.self) { _ = try helper.ask([0]).octets }
  }
}
