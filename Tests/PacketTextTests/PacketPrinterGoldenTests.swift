import Foundation
import Testing

@Suite("Packets as text, as tcpdump writes them")
struct PacketPrinterGoldenTests {
  @Test("CASES.txt", arguments: try GoldenCase.all())
  func golden(_ golden: GoldenCase) throws {
    let text = try golden.rendered()
    if GoldenCase.isRecording {
      try text.write(to: golden.expectedFile, atomically: true, encoding: .utf8)
      Issue.record("recorded, not compared: unset WIREWALK_RECORD")
      return
    }
    let expected = try String(contentsOf: golden.expectedFile, encoding: .utf8)
    #expect(text == expected)
  }

  @Test func noExpectationIsLeftOver() throws {
    let names = Set(try GoldenCase.all().map { "\($0.name).txt" })
    let files = try FileManager.default.contentsOfDirectory(
      atPath: GoldenCase.folder.appending(path: "Expected").path)
    #expect(Set(files) == names)
  }
}
