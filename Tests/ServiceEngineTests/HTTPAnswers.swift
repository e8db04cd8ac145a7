import PacketWire

@testable import ServiceEngine

/// A response taken apart.
struct Reply {
  var status = 0
  var fields: [String: String] = [:]
  /// What is behind the head.
  var octets: [UInt8] = []

  /// The same as text.
  var body: String { String(decoding: octets, as: UTF8.self) }

  /// The first response of some output. The body is what is left.
  init(_ output: [UInt8]) {
    guard let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
    octets = Array(output[end.upperBound...])
    let lines = String(decoding: output[..<end.lowerBound], as: UTF8.self).split(
      separator: "\r\n")
    status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    for line in lines.dropFirst() {
      guard let colon = line.firstRange(of: ": ") else { continue }
      fields[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
    }
  }

  subscript(name: String) -> String? { fields[name] }

  /// The body without its chunks; nil where they are not as they should be.
  var unchunked: String? {
    var plain = ""
    var rest = body[...]
    while let end = rest.firstRange(of: "\r\n") {
      guard let size = Int(rest[..<end.lowerBound], radix: 16) else { return nil }
      rest = rest[end.upperBound...]
      guard rest.utf8.count >= size + 2 else { return nil }
      let chunk = rest.utf8.prefix(size)
      plain += String(Substring(chunk))
      rest = Substring(rest.utf8.dropFirst(size))
      guard rest.hasPrefix("\r\n") else { return nil }
      rest = rest.dropFirst()
      if size == 0 { return rest.isEmpty ? plain : nil }
    }
    return nil
  }
}

/// Content with one text of 1000 octets at /text, and whatever a test adds.
struct TestContent: HTTPContent {
  static let date = WallInstant(nanoseconds: 784_111_777_500_000_000)
  static let text = (0..<100).map { "line \($0 < 10 ? "0" : "")\($0).." + "\n" }.joined()

  var resource = HTTPResource(
    type: "text/plain", length: Self.text.utf8.count, lastModified: Self.date, entityTag: "tag",
    body: Array(Self.text.utf8))

  func answer(_ request: HTTPRequest, on _: ConnectionID, at _: WallInstant) -> HTTPAnswer {
    switch request.path.text {
    case "/text": .resource(resource)
    case "/body": .message(HTTPMessage(.ok, String(decoding: request.body, as: UTF8.self)))
    default: .message(HTTPMessage(.notFound, "\(request.path.text) \(request.query ?? "-")"))
    }
  }
}

/// Says what it was given instead of packing it, so that a test can read it.
struct PlainEncoder: ContentEncoder {
  mutating func encode(_ octets: [UInt8]) -> [UInt8] { octets }
  mutating func finish() -> [UInt8] { Array("<end>".utf8) }
}

extension TestContent {
  static let now = WallInstant(nanoseconds: 1_800_000_000_000_000_000)

  /// What is answered to one request, all of it.
  func reply(
    _ line: String, _ fields: [String] = [], body: String = "", packs: Bool = false
  ) -> Reply {
    var connection = HTTPConnection(self, gzip: packs ? { PlainEncoder() } : nil)
    let head = ([line, "Host: x"] + fields).joined(separator: "\r\n")
    connection.receive(Array((head + "\r\n\r\n" + body).utf8)[...], at: Self.now)
    var octets: [UInt8] = []
    while !connection.output.isEmpty {
      octets += connection.output
      connection.hasSent(connection.output.count)
      connection.receive([], at: Self.now)
    }
    return Reply(octets)
  }
}
