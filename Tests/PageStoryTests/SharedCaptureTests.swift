import CaptureFile
import CaptureTestSupport
import FlowAnalysis
import PacketWire
import Testing

@testable import PageStory

@Suite(
  "Stories of public captures",
  .enabled(if: SharedCaptures.folder != nil, Comment(rawValue: SharedCaptures.absence)))
struct SharedCaptureTests {
  static func tell(_ capture: SharedCapture) throws -> (steps: [StoryStep], summary: StorySummary) {
    var reader = CaptureReader()
    let file = try capture.octets()
    reader.append(file.span)
    reader.finish()
    var analysis = FlowAnalysis()
    var story = PageStory()
    var steps: [StoryStep] = []
    while let packet = Self.next(&reader) {
      let octets = reader.withOctets { Array(copying: $0) }
      let frame = Frame(
        decoding: octets.span, linkType: packet.linkType, originalLength: packet.originalLength)
      let facts = analysis.add(
        frame, octets: octets.span, number: packet.number, time: packet.time,
        originalLength: packet.originalLength)
      steps.append(story.tell(facts))
    }
    return (steps, story.finish(analysis.counts))
  }

  /// The next packet, as long as the file can be read.
  static func next(_ reader: inout CaptureReader) -> CapturedPacket? {
    do {
      guard case .packet(let packet) = try reader.next() else { return nil }
      return packet
    } catch {
      return nil
    }
  }

  @Test("every packet has one sound step, in order")
  func everyPacket() throws {
    var count = 0
    for capture in try SharedCaptures.list() {
      let (steps, summary) = try Self.tell(capture)
      #expect(steps.map(\.number) == Array(steps.indices.map { $0 + 1 }), "\(capture)")
      StoryTests.expectSoundSentences(steps)
      StoryTests.expectPrintable(steps, summary)
      #expect(summary.packets == steps.count)
      count += steps.count
    }
    #expect(count > 40_000)
  }

  @Test("the walkthrough is told whole: its eight handshakes, and no request without an answer")
  func walkthrough() throws {
    let capture = try #require(
      try SharedCaptures.list().first { $0.file.hasSuffix("zeek__wikipedia.pcap") })
    let (steps, summary) = try Self.tell(capture)
    #expect(steps.count == capture.packets && steps.count == 136)
    let numbers = summary.handshakes.map {
      [$0.packets.syn, $0.packets.synAck, $0.packets.ack].map(\.number)
    }
    #expect(
      numbers == [
        [9, 10, 11], [23, 51, 52], [22, 54, 55], [30, 57, 58], [38, 60, 61], [37, 62, 63],
        [45, 66, 67], [50, 69, 70],
      ])
    #expect(summary.exchanges.count == 15)
    #expect(summary.exchanges.allSatisfy { $0.status == "304 Not Modified" && !$0.isIncomplete })
    #expect(summary.lookups.count == 14 && summary.lookups.allSatisfy { $0.response != nil })
  }
}
