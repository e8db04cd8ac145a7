import PacketText

/// Writes HTML. Markup can only be a literal of this program's source; whatever else is written goes
/// through `text`, so that no octet from a network becomes markup, an attribute's end, or style.
struct HTMLWriter: ~Copyable {
  private(set) var buffer = TextBuffer()

  /// How much was written, in octets.
  var count: Int { buffer.count }

  /// Takes a literal as it is.
  mutating func markup(_ literal: StaticString) { buffer.append(literal) }

  /// Takes text: for the content of elements, and for attributes, whose values all stand in double
  /// quotes. What no reader could see is written as its number.
  mutating func text(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": buffer.append("&amp;")
      case "<": buffer.append("&lt;")
      case ">": buffer.append("&gt;")
      case "\"": buffer.append("&quot;")
      case "'": buffer.append("&#39;")
      case "`": buffer.append("&#96;")
      case _ where SafeText.isPrintable(scalar): buffer.append(String(scalar))
      default:
        buffer.append("U+")
        buffer.append(String(scalar.value, radix: 16, uppercase: true))
      }
    }
  }

  mutating func number(_ value: some FixedWidthInteger) { buffer.append(decimal: Int64(value)) }

  /// A length of an SVG drawing, with one decimal.
  mutating func length(_ value: Double) {
    let tenths = (min(max(value, -1e9), 1e9) * 10).rounded()
    buffer.append(fixedPoint: Int64(tenths), places: 1)
  }

  /// An octet as two hex digits.
  mutating func hex(_ octet: UInt8) { buffer.append(hex: octet) }

  /// Text in which "#5" becomes a link to step 5, where that is a step of this page.
  mutating func text(_ text: String, linking isStep: (Int) -> Bool) {
    for (index, piece) in text.split(separator: "#", omittingEmptySubsequences: false).enumerated()
    {
      guard index > 0 else {
        self.text(String(piece))
        continue
      }
      let digits = piece.prefix { $0.isASCII && $0.isNumber }
      if let number = Int(digits), isStep(number) {
        link(toStep: number)
        self.text(String(piece[digits.endIndex...]))
      } else {
        self.text("#" + piece)
      }
    }
  }

  mutating func link(toStep number: Int) {
    markup("<a href=\"#p")
    self.number(number)
    markup("\">#")
    self.number(number)
    markup("</a>")
  }
}
