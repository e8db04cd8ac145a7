import CaptureFile
import CaptureTestSupport
import PacketExplanation
import PacketWire
import Testing

@Suite(
  "public captures explained",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SharedCaptureTests {
  /// So many packets of each file are explained: enough to meet each kind of packet that it is about.
  static let limit = 60

  @Test("every bit of every packet stands in exactly one field")
  func accounting() throws {
    var count = 0
    for capture in try SharedCaptures.list() {
      var reader = CaptureReader()
      let file = try capture.octets()
      reader.append(file.span)
      reader.finish()
      for _ in 0..<Self.limit {
        guard case .packet(let packet)? = try? reader.next() else { break }
        let explanation = reader.withOctets {
          PacketExplanation(
            of: $0, linkType: packet.linkType, originalLength: packet.originalLength)
        }
        #expect(explanation.accountsForAll, "\(capture) packet \(packet.number)")
        #expect(explanation.count == packet.capturedLength)
        count += 1
      }
    }
    #expect(count > 5_000)
  }
}
