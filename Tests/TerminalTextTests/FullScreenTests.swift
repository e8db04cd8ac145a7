import PacketText
import PacketWire
import Testing

@testable import TerminalText

@Suite("Pictures on the whole terminal")
struct FullScreenTests {
  @Test func frame() {
    var text = TextBuffer()
    FullScreen.draw(["one", "two"], &text)
    #expect(text.string == "\u{1b}[H\u{1b}[Kone\r\n\u{1b}[Ktwo\u{1b}[0m\u{1b}[J")
  }

  @Test("it is drawn when something has changed, ten times a second at the most")
  func pace() {
    let start = MonotonicInstant(nanoseconds: 5)
    var pacer = RedrawPacer()
    #expect(pacer.isDue(at: start))
    pacer.drawn(at: start)
    #expect(pacer.dueAt == nil && !pacer.isDue(at: start + .seconds(9)))
    pacer.change()
    #expect(pacer.dueAt == start + .milliseconds(100))
    #expect(!pacer.isDue(at: start + .milliseconds(99)))
    #expect(pacer.isDue(at: start + .milliseconds(100)))
  }

  @Test(
    "text is clipped to columns, and says so",
    arguments: [
      ("abc", 3, "abc"), ("abcd", 3, "ab~"), ("abcd", 1, "~"), ("abcd", 0, ""), ("", 0, ""),
      ("日本語", 6, "日本語"), ("日本語", 5, "日本~"), ("日本語", 4, "日~"), ("日本", 1, "~"),
      ("e\u{301}bc", 2, "e\u{301}~"),
    ])
  func clipped(text: String, limit: Int, expected: String) {
    let clipped = DisplayWidth.clipped(text, to: limit)
    #expect(clipped == expected && DisplayWidth.columns(of: clipped) <= limit)
  }
}
