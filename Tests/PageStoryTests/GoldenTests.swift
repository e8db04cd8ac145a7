import PacketTestSupport
import PacketWire
import Testing

@testable import PageStory

@Suite("Stories as they are printed")
struct GoldenTests {
  /// Compares line by line, and shows the first that differs and the whole text, which belongs in
  /// Golden.swift when it is right.
  static func expect(_ text: String, is golden: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = golden.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, wanted) in zip(lines, expected) where line != wanted {
      #expect(line == wanted, "the whole text is now:\n\(text)")
      return
    }
    #expect(lines.count == expected.count, "the whole text is now:\n\(text)")
  }

  @Test func pageOf80Columns() {
    Self.expect(text(Scenario.page(), width: 80), is: Golden.page80)
  }

  @Test func pageOf120Columns() {
    Self.expect(text(Scenario.page(), width: 120, usesUnicode: false), is: Golden.page120)
  }

  @Test func sentences() {
    Self.expect(Self.troubles(), is: Golden.troubles)
  }

  /// The sentences of all captures, and after "!" the remarks of their summaries.
  static func troubles() -> String {
    var text = ""
    for (name, skip, capture) in Trouble.all {
      text += "== \(name)\n"
      for line in lines(capture()).dropFirst(skip) { text += line + "\n" }
      let summary = tell(capture()).summary
      for remark in summary.unseen + summary.missing + summary.warnings.map(\.sentence) {
        text += "! \(remark)\n"
      }
    }
    return text
  }
}
