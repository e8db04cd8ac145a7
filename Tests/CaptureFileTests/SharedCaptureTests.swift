import CaptureFile
import CaptureTestSupport
import PacketWire
import Testing

/// Counts against tshark's; times, lengths and octets are compared with libpcap in
/// LiveCaptureTests.
@Suite(
  "public captures",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SharedCaptureTests {
  /// tshark shows a Custom Block as a frame. It is none: what is in it, its vendor alone knows
  /// (draft-ietf-opsawg-pcapng §4.8).
  static let customBlocks = "__basic__test017.pcapng"

  @Test("as many packets as tshark finds")
  func packetCounts() throws {
    let captures = try SharedCaptures.list()
    #expect(captures.count > 400)
    for capture in captures {
      let reading = Reading(try capture.octets(), chunkLength: 65_536)
      #expect(reading.error == nil, "\(capture)")
      // Where tshark stopped, it did not know the link type of a sound file.
      let expected = capture.tsharkExit == 0 ? capture.packets : capture.packetsLibpcap
      let isCustom = capture.file.hasSuffix(Self.customBlocks)
      #expect(reading.packets.count == (isCustom ? 0 : expected), "\(capture)")
    }
  }

  @Test("the link types of the manifest")
  func linkTypes() throws {
    for capture in try SharedCaptures.list() {
      var reader = CaptureReader()
      reader.append(try capture.octets())
      reader.finish()
      var found: Set<UInt32> = []
      var step = CaptureReader.Step.needMoreOctets
      repeat {
        step = try reader.next()
        found.formUnion(reader.interfaces.map(\.linkType.rawValue))
      } while step != .end
      // The manifest gives the header's whole field; its upper half is about the frame check.
      #expect(found.isSubset(of: capture.linktypes.map { $0 & 0xffff }), "\(capture)")
      #expect(found.isEmpty == capture.linktypes.isEmpty, "\(capture)")
    }
  }
}
