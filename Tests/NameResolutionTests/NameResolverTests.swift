import Glibc
import LinuxNet
import LinuxSystem
import NameResolution
import PacketWire
import Testing

/// EAI_ADDRFAMILY, which the C library shows to _GNU_SOURCE only.
private let wrongFamily: CInt = -9

@Suite("Names to addresses")
struct NameResolverTests {
  @Test(arguments: [
    ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::1"), ("::1", "::1"),
    ("127.1", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("fe80::1%1", "fe80::1%1"),
    ("fe80::1%lo", "fe80::1%1"), ("ff02::1%lo", "ff02::1%1"),
  ])
  func addressesInText(host: String, text: String) throws {
    let resolved = try NameResolver.resolve(host)
    #expect(resolved.endpoints.map(\.addressText) == [text])
    #expect(resolved.endpoints.map(\.port) == [0])
    #expect(resolved.canonicalName == host)
  }

  @Test(arguments: [
    ("192.0.2.1", IPFamily.v6, wrongFamily), ("::1", .v4, wrongFamily),
    ("127.0.0.1\0b", .v4, EAI_NONAME), ("", .v6, EAI_NONAME),
  ])
  func refused(host: String, family: IPFamily, code: CInt) {
    #expect(throws: ResolutionError(host: host, code: code)) {
      do throws(ResolutionError) {
        _ = try NameResolver.resolve(host, family: family)
      } catch {
        throw ResolutionError(host: error.host, code: error.code)
      }
    }
  }

  @Test(arguments: [
    (EAI_NONAME, "www.x: Name or service not known"),
    (EAI_AGAIN, "www.x: Temporary failure in name resolution"),
    (wrongFamily, "www.x: Address family for hostname not supported"),
    (EAI_SYSTEM, "www.x: Too many open files"), (4711, "www.x: Unknown error"),
  ])
  func errorsReadAsIputilsPrintsThem(code: CInt, text: String) {
    let error = ResolutionError(host: "www.x", code: code, errorNumber: EMFILE)
    #expect(error.description == text)
    #expect(error.isTemporary == (code == EAI_AGAIN))
  }

  /// In a mount namespace of its own, so that /etc/hosts is all that is ever asked.
  @Test(.enabled(if: canReplaceFiles, "needs root, or: unshare -Urnm"))
  func names() async {
    await #expect(processExitsWith: .success) {
      try useHostsFile(
        """
        192.0.2.7 www.wirewalk.test alias.wirewalk.test
        2001:db8::7 six.wirewalk.test
        192.0.2.8 xn--bcher-kva.test
        """)
      let host = try NameResolver.resolve("alias.wirewalk.test")
      #expect(host.endpoints == [Endpoint(.v4(IPv4Address(192, 0, 2, 7)))])
      #expect(host.canonicalName == "www.wirewalk.test")
      #expect(
        try NameResolver.addresses(of: "bücher.test").map(\.addressText) == ["192.0.2.8"])
      #expect(
        try NameResolver.addresses(of: "localhost", family: .v4).map(\.addressText)
          == ["127.0.0.1"])
      #expect(
        throws: ResolutionError(host: "nobody.wirewalk.test", code: EAI_NONAME)
      ) {
        do throws(ResolutionError) {
          _ = try NameResolver.addresses(of: "nobody.wirewalk.test")
        } catch {
          throw ResolutionError(host: error.host, code: error.code)
        }
      }
    }
  }

  @Test(.enabled(if: canReplaceFiles, "needs root, or: unshare -Urnm"))
  func reverse() async {
    await #expect(processExitsWith: .success) {
      try useHostsFile("192.0.2.7 www.wirewalk.test\n2001:db8::7 six.wirewalk.test\n")
      let resolver = try ReverseResolver()
      let addresses = ["192.0.2.7", "2001:db8::7", "192.0.2.9"].compactMap { IPAddress($0) }
      for address in addresses { #expect(resolver.request(address)) }
      try waitUntilAnswered(resolver)
      #expect(
        addresses.map(resolver.name(of:)) == [
          .named("www.wirewalk.test"), .named("six.wirewalk.test"), .unnamed,
        ])
    }
  }
}

/// Mount namespaces can be had.
let canReplaceFiles = (try? Privileges.holds(.sysAdmin)) == true

/// Lets this process, and no other, see `content` as /etc/hosts and ask nothing else for names. It has
/// no network but a loopback that is down.
func useHostsFile(_ content: String) throws(SystemError) {
  try Namespaces.enterNewNetworkNamespace()
  try Namespaces.enterNewMountNamespace()
  try Namespaces.replaceFile("/etc/nsswitch.conf", with: Array("hosts: files\n".utf8))
  try Namespaces.replaceFile("/etc/hosts", with: Array("127.0.0.1 localhost\n\(content)".utf8))
}

/// Waits until nothing is pending, for at most twenty seconds.
func waitUntilAnswered(_ resolver: ReverseResolver) throws(SystemError) {
  var poller = Poller()
  _ = poller.add(resolver.descriptorNumber, interest: .read)
  let deadline = MonotonicClock.now() + .seconds(20)
  while resolver.pendingCount > 0, MonotonicClock.now() < deadline {
    try poller.wait(until: deadline)
    _ = resolver.drain()
  }
}
