import Glibc
import LinuxSystem
import PacketFields
import PacketTestSupport
import PacketText
import PacketWire
import Testing

@testable import SniffCommand

@Suite("streams that are written to files")
struct StreamExportTests {
  private var capture = ConversationBuilder()
  private let place = EmptyFolder()

  /// Exports the capture; what is listed.
  @discardableResult
  private func export(_ limits: StreamLimits = StreamLimits()) throws -> [String] {
    let exporter = StreamExporter(place.path, limits: limits)
    try exporter.begin()
    var out = TextBuffer()
    capture.forEachPacket { exporter.take($0, $1, $2, into: &out) }
    exporter.finish(into: &out)
    if let failure = exporter.failure { throw failure }
    return out.string.split(separator: "\n").map { String($0) }
  }

  /// A connection that is open.
  private mutating func open(_ address: String, _ port: UInt16) -> ConversationBuilder.Connection {
    var connection = ConversationBuilder.Connection(from: address, port)
    capture.open(&connection)
    return connection
  }

  @Test("each end has a file, in order, whatever order it came in")
  mutating func order() throws {
    defer { place.remove() }
    var connection = open("198.18.0.2", 1_000)
    let start = connection.clientNext
    for (offset, text) in [(5, "efg"), (0, "abcXX"), (3, "de"), (5, "EFGh")] {
      capture.segment(
        connection, .client, [.ack], at: start + Int64(offset),
        acknowledging: connection.serverNext, Array(text.utf8))
    }
    connection.clientNext = start + 9
    capture.send(&connection, .server, text: "answer")
    capture.send(&connection, .server, [.fin, .ack])
    let lines = try export()
    let server = "\(connection.server.address).\(connection.server.port)"
    let (sent, answered) = ("tcp-0-198.18.0.2.1000-\(server)", "tcp-0-\(server)-198.18.0.2.1000")
    #expect(place.content(sent) == "abcXXefgh" && place.content(answered) == "answer")
    #expect(
      lines == [
        "\(sent): 9 octets (packets 4 to 7); it does not end in the capture",
        "\(answered): 6 octets (packet 8)",
        "2 streams, 15 octets, in \(place.path)",
      ])
  }

  @Test("what is missing is counted, a reset told, and who says nothing has no file")
  mutating func hardships() throws {
    defer { place.remove() }
    var connection = ConversationBuilder.Connection(
      from: "2001:db8::2", 1_001, to: "2001:db8::80", 80)
    capture.open(&connection)
    capture.send(&connection, .client, text: "ab")
    connection.clientNext += 3
    capture.send(&connection, .server)
    capture.send(&connection, .client, text: "f")
    capture.send(&connection, .server, [.rst, .ack])
    let lines = try export()
    #expect(place.names().count == 1 && lines.count == 2, "\(lines)")
    let name = try #require(place.names().first)
    #expect(name.hasPrefix("tcp-0-2001_db8__2.1001-") && !name.contains(":"))
    #expect(place.content(name) == "abf")
    #expect(
      lines.first == "\(name): 3 octets (packets 4 to 6); not captured: 3 octets; ended by a reset")
  }

  @Test("a segment whose options are cut is one of which nothing was captured")
  mutating func cutOptions() throws {
    defer { place.remove() }
    var connection = open("198.18.0.2", 1_004)
    capture.send(&connection, .client, text: "ab")
    capture.send(&connection, .client, [.ack], Array("cdef".utf8), options: [1, 1, 1, 1])
    capture.cutLast(to: 14 + 20 + 20 + 2)
    let lines = try export()
    #expect(place.names().map { place.content($0) } == ["ab"])
    #expect(lines.first?.contains("2 octets (packets 4 to 5); not captured: 4 octets;") == true)
  }

  @Test("a stream comes to its file whole, however little may wait", arguments: [1, 7, 4_000])
  mutating func pieces(_ waiting: Int) throws {
    defer { place.remove() }
    var (connections, expected) = (
      [ConversationBuilder.Connection](), [String](repeating: "", count: 5)
    )
    for index in 0..<5 { connections.append(open("198.18.0.2", UInt16(2_000 + index))) }
    for round in 0..<40 {
      for index in 0..<5 {
        let text = "round \(round) of \(index);"
        capture.send(&connections[index], .client, text: text)
        expected[index] += text
      }
    }
    for isOfAll in [false, true] {
      var limits = StreamLimits()
      if isOfAll { limits.allWaitingOctets = waiting } else { limits.waitingOctets = waiting }
      try export(limits)
    }
    for index in 0..<5 {
      let own = place.names().filter { $0.hasPrefix("tcp-\(index)-") }
      #expect(own.count == 2 && own.allSatisfy { place.content($0) == expected[index] }, "\(own)")
    }
  }

  @Test("limits of files and connections hold, and what is let go for room goes on in another file")
  mutating func limits() throws {
    defer { place.remove() }
    var connections: [ConversationBuilder.Connection] = []
    for index in 0..<6 {
      connections.append(open("198.18.0.2", UInt16(3_000 + index)))
      capture.send(&connections[index], .client, text: "first\(index) ")
    }
    capture.send(&connections[0], .client, text: "second0")
    var limits = StreamLimits()
    limits.connections.count = 4
    var lines = try export(limits)
    #expect(lines.last?.hasPrefix("7 streams, 49 octets") == true, "\(lines)")
    let own = place.names().filter { $0.hasPrefix("tcp-0-") }.sorted()
    #expect(own.map { place.content($0) } == ["first0 ", "second0"] && own[1].hasSuffix("-2"))
    place.remove()
    limits = StreamLimits()
    limits.files = 2
    lines = try export(limits)
    #expect(place.names().count == 2 && lines.count == 3)
    #expect(lines.last?.hasSuffix("left out, for a limit was reached: 4") == true, "\(lines)")
  }

  @Test("a flood of SYNs does not push out who has something to say")
  mutating func flood() throws {
    defer { place.remove() }
    var connection = open("198.18.0.2", 1_003)
    capture.send(&connection, .client, text: "before ")
    for index in 0..<40 { _ = open("198.18.0.3", UInt16(5_000 + index)) }
    capture.send(&connection, .client, text: "after")
    var limits = StreamLimits()
    limits.connections.count = 8
    try export(limits)
    #expect(place.names().map { place.content($0) } == ["before after"])
  }

  @Test("nothing that is there is written over, and no link is followed")
  mutating func noOverwrite() throws {
    defer { place.remove() }
    var connection = open("198.18.0.2", 1_002)
    capture.send(&connection, .client, text: "new")
    let name =
      "tcp-0-198.18.0.2.1002-\(connection.server.address).\(connection.server.port)"
    let outside = place.path + "-outside"
    try replaceFile("\(place.path)/\(name)-2", with: "old".utf8.span, survivesCrash: false)
    unsafe symlink(outside, "\(place.path)/\(name)")
    try export()
    #expect(place.content("\(name)-2") == "old" && place.content("\(name)-3") == "new")
    #expect(!fileExists(outside))
    // Nor is one that has taken the place of a file of ours.
    let files = try NewFileFolder(place.path)
    #expect(throws: SystemError.self) { _ = try files.append(to: name) }
    #expect(throws: SystemError.self) { try StreamExporter(place.path + "/no/where").begin() }
    // A disk that is full is told with the file and what helps.
    let full = try Descriptor.open("/dev/full", flags: O_WRONLY)
    let refusal = SystemError(
      "write", on: "x", errorNumber: ENOSPC, remedy: "make room, or choose another folder")
    #expect(throws: refusal) { try NumberedFiles.write([1].span, to: full.rawValue, "x") }
  }
}
