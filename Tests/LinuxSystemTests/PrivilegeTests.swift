import Glibc
import LinuxSystem
import Testing

@Suite("Privileges")
struct PrivilegeTests {
  @Test func effectiveSetIsTheKernelsOwn() throws {
    let status = String(decoding: try readFile("/proc/thread-self/status"), as: UTF8.self)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("CapEff:") })
    let bits = try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
    #expect(try Privileges.effectiveCapabilities() == bits)
    // Bit numbers of capabilities(7).
    #expect(try Privileges.holds(.netAdmin) == (bits >> 12 & 1 == 1))
    #expect(try Privileges.holds(.netRaw) == (bits >> 13 & 1 == 1))
    #expect(try Privileges.holds(.sysAdmin) == (bits >> 21 & 1 == 1))
  }

  @Test func afterDroppingNothingIsLeft() async {
    await #expect(processExitsWith: .success) {
      try Privileges.dropAllCapabilities()
      #expect(try Privileges.effectiveCapabilities() == 0)
      #expect(try !Privileges.holds(.netRaw))
      #expect(socket(AF_INET, CInt(SOCK_RAW.rawValue), CInt(IPPROTO_ICMP)) == -1)
      #expect(errno == EPERM)
      let status = String(decoding: try readFile("/proc/thread-self/status"), as: UTF8.self)
      #expect(status.contains("CapPrm:\t0000000000000000\n"))
      #expect(status.contains("CapInh:\t0000000000000000\n"))
      #expect(status.contains("CapAmb:\t0000000000000000\n"))
      #expect(status.contains("NoNewPrivs:\t1\n"))
    }
  }

  @Test func aProgramRunAfterwardsGetsNothingBack() async {
    await #expect(processExitsWith: .success) {
      try Privileges.dropAllCapabilities()
      var command = Command(["grep", "-q", "CapEff:.0000000000000000", "/proc/self/status"])
      command.environment = [:]
      var child = try ChildProcess(command)
      try child.release()
      #expect(try child.waitForExit(until: nil) == .exited(0))
    }
  }

  @Test func environment() {
    #expect(Privileges.isSecureExecution == false)
    #expect(Privileges.environment("PATH")?.contains("/bin") == true)
    #expect(Privileges.environment("WIREWALK_NOT_SET") == nil)
  }
}
