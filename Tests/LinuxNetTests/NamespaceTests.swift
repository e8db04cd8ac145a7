import Glibc
import LinuxNet
import LinuxSystem
import PacketWire
import Testing

@Suite("User, mount and network namespaces")
struct NamespaceTests {
  /// The tool beside the test bundle, which `swift test` names in its arguments.
  private static var tool: String? {
    CommandLine.arguments.lazy.compactMap { argument in
      argument.contains(".xctest") ? argument.firstRange(of: "WirewalkPackageTests") : nil
    }.first.map { _ in
      let bundle = CommandLine.arguments.first { $0.contains("WirewalkPackageTests") } ?? ""
      let folder = bundle.split(separator: "/", omittingEmptySubsequences: false)
        .prefix { $0 != "WirewalkPackageTests.xctest" }
      return folder.joined(separator: "/") + "/NamespaceTestTool"
    }
  }

  /// Whether this kernel lets this user make a user namespace at all.
  private static let hasUserNamespaces: Bool = {
    var command = Command(["unshare", "-Urnm", "true"])
    command.error = try? Descriptor.open("/dev/null", flags: O_WRONLY).release()
    guard var child = try? ChildProcess(command), (try? child.release()) != nil else {
      return false
    }
    return (try? child.waitForExit(until: MonotonicClock.now() + .seconds(20))) == .exited(0)
  }()

  @Test(
    "an ordinary user's namespaces, and a file replaced in them",
    .enabled(if: hasUserNamespaces, "this kernel gives this user no user namespace"),
    arguments: ["/etc/hosts", "under /tmp"])
  func rootless(target: String) throws {
    let tool = try #require(Self.tool)
    let isTemporary = target == "under /tmp"
    let path = isTemporary ? "/tmp/wirewalk-test-\(getpid())-replaced" : target
    defer { if isTemporary { _ = unsafe unlink(path) } }
    if isTemporary { _ = try Descriptor.createForWriting(path) }
    let before = try readFile(path)

    let output = "/tmp/wirewalk-test-\(getpid())-output-\(isTemporary)"
    defer { _ = unsafe unlink(output) }
    let file = try Descriptor.createForWriting(output)
    var command = Command([tool, path])
    (command.output, command.error) = (file.rawValue, file.rawValue)
    var child = try ChildProcess(command)
    try child.release()
    #expect(try child.waitForExit(until: MonotonicClock.now() + .seconds(30)) == .exited(0))
    #expect(
      String(decoding: try readFile(output), as: UTF8.self)
        == "0\nnameserver 198.51.100.53\n644\n0\nlo up\n")
    // Nobody else has seen it.
    #expect(try readFile(path) == before)
  }
}
