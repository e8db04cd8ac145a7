import Testing

@testable import LabCommand

@Suite("Lines that become datagrams")
struct LineSplitterTests {
  @Test(
    "the same lines, however the text comes in pieces",
    arguments: ["", "\n", "a", "a\n", "one\ntwo\n", "one\n\ntwo", "\n\n", "no end"])
  func pieces(text: String) {
    let octets = Array(text.utf8)
    // At the end of a text there is a line only if there is something in it.
    var expected = octets.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
    if expected.last?.isEmpty == true { expected.removeLast() }
    for size in 1...max(octets.count, 1) {
      var splitter = LineSplitter()
      var lines: [[UInt8]] = []
      for start in stride(from: 0, to: octets.count, by: size) {
        lines += splitter.add(octets[start..<min(start + size, octets.count)], isEnd: false)
      }
      lines += splitter.add([], isEnd: true)
      #expect(lines == expected)
    }
  }

  @Test func aLineLongerThanADatagramIsCut() {
    var splitter = LineSplitter()
    let lines = splitter.add([UInt8](repeating: 0x78, count: 70_000)[...], isEnd: true)
    #expect(lines.map(\.count) == [65_507, 70_000 - 65_507])
  }
}
