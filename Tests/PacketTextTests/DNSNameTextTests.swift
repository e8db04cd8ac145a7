import PacketTestSupport
import Testing

@testable import PacketText

@Suite("Names where they stand in a message")
struct DNSNameTextTests {
  private func text(_ octets: [UInt8], at offset: Int = 0) -> (end: Int?, text: String) {
    var out = TextBuffer()
    let end = octets.span.appendName(at: offset, into: &out)
    return (end, out.string)
  }

  /// An octet as `cat -v` shows it.
  private func caret(_ octet: UInt8) -> String {
    let low = octet & 0x7f
    let isPrintable = low >= 0x20 && low < 0x7f
    let shown = String(UnicodeScalar(isPrintable ? low : low ^ 0x40))
    return (octet >= 0x80 ? "M-" : "") + (isPrintable ? "" : "^") + shown
  }

  @Test(
    "every octet, in every place of a label of any length, with octets behind the name and without",
    arguments: 1...10)
  func octets(length: Int) {
    for place in 0..<length {
      for octet in UInt8.min...UInt8.max {
        var label = [UInt8](repeating: 0x61, count: length)
        label[place] = octet
        let name = [UInt8(length)] + label + [0]
        let expected = label.map(caret).joined() + "."
        for behind in [0, 1, 9] {
          let found = text(name + [UInt8](repeating: 0xff, count: behind))
          #expect(found.end == length + 2 && found.text == expected)
        }
      }
    }
  }

  @Test(
    "labels with a pointer behind them, wherever the text stands in the block", arguments: 0...520)
  func places(start: Int) {
    let octets = hex("076578616d706c65047465737400 03777777 c000 ffffffffffffffff")
    var out = TextBuffer()
    out.append(repeating: 0x78, count: start)
    #expect(octets.span.appendName(at: 14, into: &out) == 20)
    #expect(out.string == String(repeating: "x", count: start) + "www.example.test.")
  }

  @Test("a name is given up behind the label that makes it too long", arguments: 1...9)
  func tooLong(length: Int) {
    let label = [UInt8(length)] + [UInt8](repeating: 0x61, count: length)
    let count = (255 + length) / (length + 1)
    let shown = String(repeating: "a", count: length) + "."
    let octets = Array([[UInt8]](repeating: label, count: count + 3).joined()) + [0]
    let found = text(octets)
    #expect(
      found.text == String(repeating: shown, count: count) + "<DOMAIN NAME TOO LONG>")
    #expect(found.end == octets.count)
    let fits = Array([[UInt8]](repeating: label, count: count - 1).joined()) + [0]
    #expect(text(fits).end == fits.count)
  }
}
