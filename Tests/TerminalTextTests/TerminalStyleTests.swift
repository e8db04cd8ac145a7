import PacketText
import TerminalText
import Testing

@Suite("Styles")
struct TerminalStyleTests {
  @Test("plain text holds no control sequence", arguments: TextRole.allCases)
  func plain(role: TextRole) {
    #expect(TerminalStyle.plain.styled("text", as: role) == "text")
    var buffer = TextBuffer()
    buffer.append("text", as: role, .plain)
    #expect(buffer.string == "text")
  }

  @Test("each kind has its own colour, which ends with the text")
  func coloured() {
    #expect(TerminalStyle.coloured.styled("lost", as: .bad) == "\u{1b}[1;31mlost\u{1b}[0m")
    #expect(TerminalStyle.coloured.styled("TCP", as: .transport) == "\u{1b}[94mTCP\u{1b}[0m")
    #expect(TerminalStyle.coloured.styled("", as: .bad) == "")
    #expect(
      Set(TextRole.allCases.map { TerminalStyle.coloured.styled("x", as: $0) }).count
        == TextRole.allCases.count)
  }

  @Test("in a buffer it is the same", arguments: TextRole.allCases)
  func inBuffer(role: TextRole) {
    var buffer = TextBuffer()
    buffer.append("text", as: role, .coloured)
    #expect(buffer.string == TerminalStyle.coloured.styled("text", as: role))
  }
}
