import TerminalText
import Testing

@Suite("Terminal settings")
struct TerminalSettingsTests {
  @Test(
    "colour",
    arguments: [
      (true, ["TERM": "xterm"], .coloured), (true, [:], .plain), (true, ["TERM": ""], .plain),
      (true, ["TERM": "dumb"], .plain), (false, ["TERM": "xterm"], .plain),
      (true, ["TERM": "xterm", "NO_COLOR": "1"], .plain),
      (true, ["TERM": "xterm", "NO_COLOR": "0"], .plain),
      (true, ["TERM": "xterm", "NO_COLOR": ""], .coloured),
      (false, ["CLICOLOR_FORCE": "1"], .coloured), (false, ["CLICOLOR_FORCE": "0"], .plain),
      (false, ["CLICOLOR_FORCE": ""], .plain),
      (true, ["TERM": "dumb", "CLICOLOR_FORCE": "1"], .coloured),
      (false, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], .plain),
      (true, ["TERM": "xterm", "CLICOLOR_FORCE": "0"], .coloured),
    ] as [(Bool, [String: String], TerminalStyle)])
  func colour(isTerminal: Bool, environment: [String: String], expected: TerminalStyle) {
    let settings = TerminalSettings(
      isTerminal: isTerminal, windowColumns: nil, environment: { environment[$0] })
    #expect(settings == TerminalSettings(isTerminal: isTerminal, columns: 80, style: expected))
  }

  @Test(
    "width: the window, then COLUMNS, then 80",
    arguments: [
      (132, "40", 132), (nil, "40", 40), (nil, nil, 80), (nil, "", 80), (nil, "0", 80),
      (nil, "-5", 80),
      (nil, "4x", 80), (nil, "10001", 80), (nil, "99999999999999999999", 80), (nil, "1", 1),
    ] as [(Int?, String?, Int)])
  func width(window: Int?, variable: String?, expected: Int) {
    let settings = TerminalSettings(
      isTerminal: true, windowColumns: window,
      environment: { $0 == "COLUMNS" ? variable : nil })
    #expect(settings.columns == expected)
  }

  @Test(
    "more than ASCII: the first of LC_ALL, LC_CTYPE and LANG that is not empty names UTF-8",
    arguments: [
      ([:], false), (["LANG": "C"], false), (["LANG": "de_DE.UTF-8"], true),
      (["LANG": "en_US.utf8"], true), (["LANG": "de_DE.UTF-8@euro"], true),
      (["LC_CTYPE": "UTF-8"], true), (["LANG": "en_US.ISO-8859-1"], false), (["LANG": "."], false),
      (["LC_ALL": "C", "LANG": "C.UTF-8"], false), (["LC_ALL": "", "LANG": "C.UTF-8"], true),
      (["LC_CTYPE": "POSIX", "LANG": "C.UTF-8"], false),
    ] as [([String: String], Bool)])
  func unicode(environment: [String: String], expected: Bool) {
    #expect(TerminalSettings.showsUnicode { environment[$0] } == expected)
  }

  @Test func widthIsNeverZero() {
    #expect(TerminalSettings(isTerminal: false, columns: 0).columns == 1)
  }
}
