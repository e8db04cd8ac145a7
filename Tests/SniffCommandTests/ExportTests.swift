import Compression
import Glibc
import LinuxSystem
import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@testable import FlowAnalysis
@testable import SniffCommand

@Suite("objects that are written to files")
struct ExportTests {
  private var capture = ConversationBuilder()
  private let place = EmptyFolder()
  private var folder: String { place.path }
  private func remove() { place.remove() }
  private func names() -> [String] { place.names() }
  private func content(_ name: String) -> String? { place.content(name) }

  private mutating func answer(
    _ target: String, _ body: [UInt8], _ port: UInt16, fields: String = "", type: String = "x/y"
  ) {
    var connection = ConversationBuilder.Connection(from: "198.18.0.2", port)
    capture.open(&connection)
    capture.send(&connection, .client, text: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n\(fields)Content-Length: \(body.count)\r\n\r\n"
    capture.send(&connection, .server, text: head)
    for start in stride(from: 0, to: body.count, by: 1_400) {
      let piece = Array(body[start..<min(start + 1_400, body.count)])
      capture.send(&connection, .server, [.ack], piece)
    }
  }

  /// Exports the capture; what is listed.
  @discardableResult
  private func export(_ limits: ObjectLimits = ObjectLimits()) throws -> [String] {
    let exporter = ObjectExporter(folder, limits: limits)
    try exporter.begin()
    var out = TextBuffer()
    capture.forEachPacket { exporter.take($0, $1, $2, into: &out) }
    exporter.finish(into: &out)
    if let failure = exporter.failure { throw failure }
    return out.string.split(separator: "\n").map { String($0) }
  }

  @Test(
    "a name is letters, digits and three marks, whatever a server asks for",
    arguments: [
      ("/a/b.png", "b.png"), ("/", "index.html"), ("/../../etc/passwd", "passwd.html"),
      ("/..", "_."), ("/.", "_.html"), ("/.bashrc", "_bashrc.html"), ("/-rf", "_rf.html"),
      ("/%2e%2e%2f%2e%2e%2fx.sh", "_._.._x.sh"), ("/a%00b.exe", "a_b.exe"), ("/a%0ab", "a_b.html"),
      ("/a b;rm -rf ~", "a_b_rm_-rf__.html"), ("/%1b[2J", "__2J.html"),
      ("/\u{202e}gnp.exe", "___gnp.exe"),
      ("/x?../../y", "x.html"), ("/x#/y", "x.html"), ("http://h/p/q.css", "q.css"),
      ("http://h", "index.html"),
      ("/%zz%4", "_zz_4.html"), ("*", "_.html"), ("/con.", "con."), ("\\..\\x", "_.._x"),
    ])
  func names(_ target: String, _ expected: String) {
    let name = ObjectName(
      UntrustedText(target.utf8.span, limit: 8_192),
      contentType: UntrustedText("text/html; charset=x".utf8.span, limit: 99), isRequest: false)
    let seen = name.numbered(1)
    #expect(seen == expected)
    #expect(!seen.hasPrefix(".") && !seen.hasPrefix("-") && !seen.contains("/"))
  }

  @Test("no name is too long, and names that are alike are numbered")
  func longNames() {
    var random = SeededRNG(seed: 5)
    for _ in 0..<500 {
      let octets = random.bytes(count: Int.random(in: 0...3_000, using: &random))
      let name = ObjectName(
        UntrustedText(octets.span, limit: 8_192), contentType: nil, isRequest: true)
      let seen = name.numbered(9_999)
      #expect(seen.utf8.count <= 80 + 16 + 5 + 8 + 5)
      let isSafe = seen.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0)
          || [0x2e, 0x2d, 0x5f].contains($0)
      }
      #expect(isSafe && !seen.hasPrefix(".") && !seen.hasPrefix("-"))
    }
  }

  @Test("nothing that is there is written over, and no link is followed")
  mutating func noOverwrite() throws {
    defer { remove() }
    let outside = folder + "-outside"
    defer { unsafe unlink(outside) }
    unsafe symlink(outside, folder + "/a.txt")
    try replaceFile(folder + "/a-2.txt", with: "old".utf8.span, survivesCrash: false)
    answer("/a.txt", Array("new".utf8), 1_001)
    let lines = try export()
    #expect(content("a-2.txt") == "old")
    #expect(content("a-3.txt") == "new")
    #expect(!fileExists(outside))
    #expect(lines.first == "a-3.txt: 3 octets, x/y, of a/a.txt (packet 6)")
    #expect(lines.last == "1 object, 3 octets, in \(folder)")
  }

  @Test("a folder that is a file, or that is nowhere, is an error with a remedy")
  func noFolder() throws {
    defer { remove() }
    try replaceFile(folder + "/file", with: "x".utf8.span, survivesCrash: false)
    #expect(throws: SystemError.self) { try ObjectExporter(folder + "/file").begin() }
    #expect(throws: SystemError.self) { try ObjectExporter(folder + "/no/where").begin() }
  }

  @Test("what the list says of hostile heads is safe")
  mutating func hostileList() throws {
    defer { remove() }
    answer("/\u{1b}[2J", Array("x".utf8), 1_002, type: "text/\u{1b}]0;y\u{7}")
    let lines = try export()
    let isSafe = lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
    #expect(isSafe && lines.count == 2, "\(lines)")
  }

  @Test("limits of files and of octets hold, also for what unpacks to much")
  mutating func limits() throws {
    defer { remove() }
    for index in 0..<6 { answer("/f\(index).bin", Array("12345".utf8), UInt16(2_000 + index)) }
    // 1 MiB of zeros in 1 KiB (made by zlib).
    let bomb = try gzip([UInt8](repeating: 0, count: 1 << 20))
    #expect(bomb.count < 4_000)
    answer("/bomb", bomb, 3_000, fields: "Content-Encoding: gzip\r\n")
    var limits = ObjectLimits()
    (limits.files, limits.octetsPerObject) = (7, 1_000)
    var lines = try export(limits)
    #expect(
      lines.contains { $0.hasPrefix("bomb: 1000 octets") && $0.contains("cut off") }, "\(lines)")
    #expect(content("bomb")?.utf8.count == 1_000)
    remove()
    limits.files = 3
    lines = try export(limits)
    #expect(names().count == 3)
    #expect(lines.last?.contains("left out, for a limit was reached: 4") == true, "\(lines)")
    remove()
    limits = ObjectLimits()
    limits.octets = 12
    try export(limits)
    #expect(names().compactMap { content($0)?.utf8.count }.reduce(0, +) == 12)
  }

  @Test("connections that are forgotten, and those that do not end, give what they had")
  mutating func cutShort() throws {
    defer { remove() }
    for index in 0..<8 {
      var connection = ConversationBuilder.Connection(from: "198.18.0.2", UInt16(4_000 + index))
      capture.open(&connection)
      capture.send(&connection, .server, text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
      connection.serverNext += 2
      capture.send(&connection, .client)
      capture.send(&connection, .server, text: "f")
    }
    var limits = ObjectLimits()
    limits.connections.count = 4
    let lines = try export(limits)
    #expect(names().count == 8)
    #expect(content("index") == "abcf")
    #expect(
      lines.dropLast().allSatisfy {
        $0.contains("a request that was not captured") && $0.hasSuffix("not captured: 2 octets")
      })
  }

  private func gzip(_ octets: [UInt8]) throws -> [UInt8] {
    guard var compressor = GzipCompressor() else { throw SystemError("pack", errorNumber: ENOMEM) }
    return compressor.compress(octets) + compressor.finish()
  }
}
