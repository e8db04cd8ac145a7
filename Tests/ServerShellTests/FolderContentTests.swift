import Glibc
import LinuxSystem
import PacketWire
import Testing

@testable import ServerShell
@testable import ServiceEngine

/// A folder under /tmp with a web site and traps around it.
private final class TestSite {
  let path: String
  var site: String { path + "/site" }

  init() throws {
    var random = SystemRandomNumberGenerator()
    path = "/tmp/wirewalk-site-\(getpid())-" + String(random.next(), radix: 36)
    for folder in ["", "/site", "/site/sub", "/site/list", "/site/list/deep", "/site/.git"] {
      try #require(unsafe mkdir(path + folder, 0o755) == 0)
    }
    for (name, text) in [
      ("secret", "secret"), ("site/index.html", "<p>index"), ("site/a b.txt", "text"),
      ("site/sub/index.html", "<p>sub"), ("site/list/x<y>&\"z.bin", "1"), ("site/.git/config", "2"),
      ("site/long.txt", String(repeating: "0123456789", count: 20_000)), ("site/empty", ""),
    ] {
      let file = try Descriptor.createForWriting("\(path)/\(name)")
      try writeAll(text.utf8.span, to: file.rawValue)
    }
    try #require(unsafe symlink("../secret", site + "/out") == 0)
    try #require(unsafe symlink("/etc/passwd", site + "/absolute") == 0)
    try #require(unsafe symlink("..", site + "/sub/up") == 0)
    try #require(unsafe symlink("../..", site + "/sub/far") == 0)
    try #require(unsafe symlink("round", site + "/round") == 0)
    try #require(unsafe mkfifo(site + "/pipe", 0o644) == 0)
  }

  /// All that is answered to one request.
  func get(_ target: String, _ method: String = "GET", _ fields: String = "") throws -> String {
    var connection = HTTPConnection(try FolderContent(site), gzip: { GzipEncoder() })
    let request = "\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n"
    let now = WallInstant(nanoseconds: 0)
    connection.receive(Array(request.utf8)[...], at: now)
    var reply: [UInt8] = []
    while !connection.output.isEmpty {
      reply += connection.output
      connection.hasSent(connection.output.count)
      connection.receive([], at: now)
    }
    return String(decoding: reply, as: UTF8.self)
  }

  deinit {
    guard var child = try? ChildProcess(Command(["rm", "-rf", path])) else { return }
    try? child.release()
    _ = try? child.waitForExit(until: MonotonicClock.now() + .seconds(10))
  }
}

@Suite("A folder as a web site")
struct FolderContentTests {
  @Test func filesAndFolders() throws {
    let site = try TestSite()
    for (target, type, body) in [
      ("/", "text/html; charset=utf-8", "<p>index"),
      ("/index.html", "text/html; charset=utf-8", "<p>index"),
      ("/a%20b.txt", "text/plain; charset=utf-8", "text"),
      ("/sub/", "text/html; charset=utf-8", "<p>sub"),
      ("/x/../sub/./index.html", "text/html; charset=utf-8", "<p>sub"),
      ("/sub/up/a%20b.txt", "text/plain; charset=utf-8", "text"),
      ("/empty", "application/octet-stream", ""),
    ] {
      let reply = try site.get(target)
      #expect(reply.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(target)")
      #expect(reply.contains("Content-Type: \(type)\r\n") && reply.hasSuffix("\r\n\r\n" + body))
      #expect(reply.contains("Content-Length: \(body.utf8.count)\r\n"))
    }
    #expect(try site.get("/long.txt").utf8.count > 200_000)
    #expect(try site.get("/sub?a=b").contains("301 Moved Permanently"))
    #expect(try site.get("/sub?a=b").contains("Location: /sub/?a=b\r\n"))
  }

  @Test(
    "what nobody may have",
    arguments: [
      "/none", "/sub/none", "/index.html/", "/index.html/x", "/../secret", "/%2e%2e/secret", "/out",
      "/out/",
      "/absolute", "/sub/far/secret", "/round", "/pipe", "/.git/config", "/.git/",
      "/sub/../.git/config",
      "/../../../../../../etc/passwd", "//etc/passwd", "/\\../secret", "/proc/self/root/etc/passwd",
      "/" + String(repeating: "x", count: 300),
      "/" + String(repeating: "x/", count: 3000),
    ])
  func nothing(target: String) throws {
    #expect(try TestSite().get(target).hasPrefix("HTTP/1.1 404 Not Found\r\n"))
  }

  @Test func listing() throws {
    let reply = try TestSite().get("/list/")
    #expect(
      reply.contains(
        """
            <li><a href="../">../</a></li>
            <li><a href="./deep/">deep/</a></li>
            <li><a href="./x%3Cy%3E%26%22z.bin">x&lt;y&gt;&amp;&quot;z.bin</a></li>
          </ul>
        """))
    #expect(reply.contains("<h1>/list/</h1>"))
  }

  @Test func onlyGetAndHead() throws {
    let site = try TestSite()
    #expect(try site.get("/", "PUT").hasPrefix("HTTP/1.1 405 "))
    #expect(try site.get("/none", "DELETE").hasPrefix("HTTP/1.1 405 "))
    let head = try site.get("/", "HEAD")
    #expect(head.contains("Content-Length: 8\r\n") && head.hasSuffix("\r\n\r\n"))
  }

  @Test("a file that changes has another tag, and one that shrinks is not passed off as whole")
  func changes() throws {
    let site = try TestSite()
    func tag() throws -> Substring? {
      try site.get("/a%20b.txt").split(separator: "\r\n").first { $0.hasPrefix("ETag: ") }
    }
    let first = try tag()
    let file = try Descriptor.createForWriting(site.site + "/a b.txt")
    try writeAll("longer text".utf8.span, to: file.rawValue)
    #expect(try tag() != first)
    var connection = HTTPConnection(try FolderContent(site.site))
    connection.receive(
      Array("GET /long.txt HTTP/1.1\r\nHost: x\r\n\r\n".utf8)[...], at: WallInstant(nanoseconds: 0))
    _ = try Descriptor.createForWriting(site.site + "/long.txt")
    while !connection.output.isEmpty {
      connection.hasSent(connection.output.count)
      connection.receive([], at: WallInstant(nanoseconds: 0))
    }
    #expect(connection.isClosing)
  }

  @Test func packed() throws {
    let reply = try TestSite().get("/long.txt", "GET", "Accept-Encoding: gzip\r\n")
    #expect(reply.contains("Content-Encoding: gzip\r\n") && reply.utf8.count < 5000)
  }

  @Test func noFolder() throws {
    #expect(throws: SystemError.self) { _ = try FolderContent("/no/such/folder") }
    #expect(throws: SystemError.self) { _ = try FolderContent("/etc/passwd") }
  }
}
