import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import Testing

@Suite("Name servers")
struct NameServersTests {
  @Test("those of resolv.conf, in their order")
  func configured() throws {
    let servers = try NameServers.configured()
    let text = String(decoding: (try? readFile("/etc/resolv.conf")) ?? [], as: UTF8.self)
    let listed = text.split(separator: "\n").compactMap { line -> String? in
      let words = line.split { $0 == " " || $0 == "\t" }
      return words.count >= 2 && words[0] == "nameserver" ? String(words[1]) : nil
    }
    let addresses = listed.prefix(3).compactMap { IPAddress($0) }
    // A scope, which link-local servers have, is a matter of its own.
    #expect(
      servers.map(\.address) == (addresses.isEmpty ? [.v4(.loopback)] : addresses)
        || listed.contains { $0.contains("%") })
    #expect(!servers.isEmpty && servers.allSatisfy { $0.port == 53 })
  }
}
