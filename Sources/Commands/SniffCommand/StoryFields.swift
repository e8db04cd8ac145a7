import ExplanationText
import PacketExplanation
import PacketText
import PacketWire
import TerminalText

/// The header fields of a packet, explained under its step.
struct StoryFields {
  private let printer: ExplanationText
  private static let indent = 4

  /// A printer for lines of so many columns. Of data the first line of octets is enough: the story has
  /// told it.
  init(columns: Int, style: TerminalStyle) {
    printer = ExplanationText(columns: columns - Self.indent, style: style, octetLimit: 16)
  }

  /// Appends every field with its octets, its value and its meaning.
  func append(
    _ packet: SniffedPacket, _ frame: Frame, _ octets: Span<UInt8>, to text: inout TextBuffer
  ) {
    let explanation = PacketExplanation(
      of: octets, linkType: packet.linkType, originalLength: packet.originalLength,
      stage: frame.isLeaving ? .leavingThisHost : .onTheWire)
    var lines = TextBuffer()
    printer.append(explanation, of: octets, to: &lines)
    for line in lines.string.split(separator: "\n") {
      text.append(repeating: 0x20, count: Self.indent)
      text.append(String(line))
      text.newline()
    }
  }
}
