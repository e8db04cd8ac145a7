import RegularExpressions
import Testing

@Suite("Regular expressions")
struct RegularExpressionTests {
  private func isFound(_ expression: String, in text: String) throws -> Bool {
    let expression = try RegularExpression(expression)
    return expression.isFound(in: text.utf8.span)
  }

  @Test(
    "found as Perl finds it, capitals or not",
    arguments: [
      ("^www\\.", "WWW.example.test", true), ("^www\\.", "wwwX", false), ("(?-i)^w", "W", false),
      ("", "", true), ("", "x", true), ("x", "", false), ("(a)(b)(c)", "abc", true),
      ("a.c", "a\u{0}c", true), ("\\bB\\b", "a b c", true), ("\\x47ET", "get", true),
    ])
  func found(expression: String, text: String, expected: Bool) throws {
    #expect(try isFound(expression, in: text) == expected)
  }

  @Test("octets are octets, whatever they are in UTF-8")
  func octets() throws {
    let expression = try RegularExpression("^\\xff.\\x80$")
    let (three, two): ([UInt8], [UInt8]) = ([0xff, 0xc3, 0x80], [0xff, 0x80])
    let (isFound, isFoundInTwo) = (
      expression.isFound(in: three.span), expression.isFound(in: two.span)
    )
    #expect(isFound)
    #expect(!isFoundInTwo)
  }

  @Test("what is none, and where")
  func wrong() {
    let error = #expect(throws: RegularExpressionError.self) { try RegularExpression("ab(c") }
    #expect(error?.reason == "missing closing parenthesis")
    #expect(error?.offset == 4)
    // Those can be told to look at memory that is not the packet's, or to take everything for UTF-8.
    #expect(throws: RegularExpressionError.self) { try RegularExpression("(*UTF)a") }
    #expect(throws: RegularExpressionError.self) { try RegularExpression("\\C") }
    #expect(throws: RegularExpressionError.self) {
      try RegularExpression(String(repeating: "a", count: 100_000))
    }
  }

  @Test("a search without an end ends, and is counted")
  func limit() throws {
    let expression = try RegularExpression("^(a+)+$")
    for (text, expected) in [(String(repeating: "a", count: 60) + "b", false), ("aaa", true)] {
      let isFound = expression.isFound(in: text.utf8.span)
      #expect(isFound == expected)
      #expect(expression.gaveUpCount == 1)
    }
  }
}
