import CaptureTestSupport
import PacketWire
import Testing

@testable import FlowAnalysis

@Suite(
  "WebSockets of public captures beside tshark",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence))
)
struct SharedWebSocketTests {
  /// The columns of a packet's frames as tshark has them.
  private static func cells(_ frames: [WebSocketFrame]) -> [String] {
    let headers = frames.map { $0.header }
    let columns: [[Int]] = [
      headers.map { Int($0.opcode.rawValue) }, headers.map { $0.isFinal ? 1 : 0 },
      headers.map { $0.maskingKey == nil ? 0 : 1 }, headers.map { Int($0.lengthCode) },
    ]
    return columns.map { $0.map { "\($0)" }.joined(separator: "|") }
  }

  @Test("each frame is where tshark has it, what it has it for, and no rule is broken")
  func frames() throws {
    var count = 0
    for capture in try SharedCaptures.list() where capture.file.hasPrefix("pcap/websocket/") {
      let facts = try SharedCaptureTests.follow(capture)
      for row in try capture.truth() {
        let frames = facts[row.number]?.tcp?.stream?.webSocket?.frames ?? []
        let theirs = ["opcode", "fin", "mask", "payload_length"].map { row["websocket.\($0)"] }
        #expect(Self.cells(frames) == theirs, "\(capture) \(row.number)")
        #expect(frames.flatMap(\.violations) == [], "\(capture) \(row.number)")
        count += frames.count
      }
      let agreements = facts.values.flatMap(\.events).compactMap { event -> WebSocketAgreement? in
        if case .response(let response) = event { response.webSocket } else { nil }
      }
      #expect(!agreements.isEmpty, "\(capture)")
      #expect(agreements.allSatisfy { $0.accept == .right && $0.problems == [] }, "\(capture)")
    }
    #expect(count > 200)
  }
}
