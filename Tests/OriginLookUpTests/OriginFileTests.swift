import AddressOrigins
import Glibc
import LineFormat
import LinuxSystem
import OriginLookUp
import PacketWire
import Testing

@Suite("Tables of origins in files")
struct OriginFileTests {
  /// Calls `body` with the path of a file that holds `text`.
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = "/tmp/wirewalk-origins-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    do {
      let file = try Descriptor.createForWriting(path)
      try writeAll(text.utf8.span, to: file.rawValue)
    }
    defer { _ = unsafe unlink(path) }
    try body(path)
  }

  @Test("a table of more than one piece is read whole")
  func large() throws {
    let text = (0..<20_000).map { "198.\($0 >> 8).\($0 & 255).0/24 64500 NAME-\($0)\n" }.joined()
    try withFile(text) { path in
      let table = try OriginTable.read(from: path)
      #expect(table.count == 20_000)
      let last = try #require(IPAddress("198.78.31.1"))
      #expect(table.origin(of: last)?.name == "NAME-19999")
    }
  }

  @Test("an error has the file's name and the line")
  func wrong() throws {
    try withFile("192.0.2.0/24 64500\nx\n") { path in
      let error = #expect(throws: LineError.self) { try OriginTable.read(from: path) }
      #expect(error?.source == path && error?.line == 2)
    }
    let error = #expect(throws: SystemError.self) { try OriginTable.read(from: "/tmp/no/such") }
    #expect(error?.description == "cannot open /tmp/no/such: No such file or directory")
  }
}
