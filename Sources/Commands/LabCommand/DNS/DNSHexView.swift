import PacketText
import PacketWire
import TerminalText

/// A DNS message in hex, with its fields told apart: by colour where there is one, and otherwise each
/// on lines of its own with what it is.
struct DNSHexView {
  private static let octetsInRow = 16
  private static let octetsInField = 8

  private let message: [UInt8]
  private let parts: [DNSPart]
  private let style: TerminalStyle

  init(_ message: [UInt8], _ style: TerminalStyle) {
    (self.message, self.style) = (message, style)
    parts = DNSPart.all(of: message)
  }

  /// The lines, each indented by two blanks.
  var lines: [String] { style == .coloured ? [legend] + rows : fields }

  /// The kinds that there are, each in its colour.
  private var legend: String {
    let kinds = DNSPart.Kind.allCases.filter { kind in parts.contains { $0.kind == kind } }
    return "  "
      + kinds.map { style.styled($0.word, as: $0.role) }.joined(separator: "  ")
  }

  /// Offsets and sixteen octets a line; the same colours follow each other without being repeated.
  private var rows: [String] {
    var kinds: [DNSPart.Kind] = []
    for part in parts { kinds += repeatElement(part.kind, count: part.range.count) }
    return stride(from: 0, to: message.count, by: Self.octetsInRow).map { start in
      var line = "  " + offset(start)
      var index = start
      let end = min(start + Self.octetsInRow, message.count)
      while index < end {
        let kind = kinds[index]
        let run = kinds[index..<end].prefix { $0 == kind }.endIndex
        line += " " + style.styled(hex(index..<run), as: kind.role)
        index = run
      }
      return line
    }
  }

  /// A field a line, or more for a long one: offset, octets and meaning.
  private var fields: [String] {
    parts.flatMap { part in
      stride(from: part.range.lowerBound, to: part.range.upperBound, by: Self.octetsInField)
        .map { start in
          let octets = hex(start..<min(start + Self.octetsInField, part.range.upperBound))
          let isFirst = start == part.range.lowerBound
          let room = String(repeating: " ", count: Self.octetsInField * 3 - octets.utf8.count + 1)
          return "  \(offset(start)) \(octets)"
            + (isFirst ? "\(room)\(part.kind.word): \(part.meaning)" : "")
        }
    }
  }

  private func offset(_ offset: Int) -> String {
    let digits = "\(offset)"
    return String(repeating: " ", count: max(5 - digits.utf8.count, 0)) + digits + " "
  }

  private func hex(_ range: Range<Int>) -> String {
    message[range].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}

extension DNSPart.Kind {
  fileprivate var word: String {
    switch self {
    case .header: "header"
    case .question: "question"
    case .answer: "answer"
    case .authority: "authority"
    case .additional: "additional"
    case .pointer: "pointer"
    case .remainder: "rest"
    }
  }

  fileprivate var role: TextRole {
    switch self {
    case .header: .link
    case .question: .network
    case .answer: .good
    case .authority: .transport
    case .additional: .dim
    case .pointer: .warning
    case .remainder: .bad
    }
  }
}
