public import PacketExplanation
public import PacketText
public import TerminalText

/// An explanation as text: a line a field with its offset, its octets, its name, its value and what it
/// means, and a line above each header.
///
///     IPv4 header
///       0     45           IHL       5           the header has 5 words …  RFC 791 §3.1
///
/// Where the lines are too short for five columns, the meaning stands below the rest. A field that
/// shares an octet shows its bits, and dots for those of others.
public struct ExplanationText: Hashable, Sendable {
  /// The width of a line; less than `leastColumns` counts as that.
  public var columns: Int
  /// Colours or none.
  public var style: TerminalStyle
  /// How many octets of a field are shown; of longer ones the rest is counted.
  public var octetLimit: Int

  /// The narrowest lines that can hold the columns.
  public static let leastColumns = 60
  /// From here on the meaning has a column of its own.
  private static let wideColumns = 120
  private static let nameColumns = 21

  /// A way to write explanations.
  public init(columns: Int, style: TerminalStyle = .plain, octetLimit: Int = 64) {
    (self.columns, self.style) = (max(columns, Self.leastColumns), style)
    self.octetLimit = max(octetLimit, 1)
  }

  /// Writes all parts of an explanation of `octets`, each line ended.
  public func append(
    _ explanation: PacketExplanation, of octets: Span<UInt8>, to out: inout TextBuffer
  ) {
    for part in explanation.parts {
      out.append(repeating: 0x20, count: indent(part))
      out.append(part.title, as: .heading, style)
      out.newline()
      for field in part.fields { append(field, octets, indent: indent(part), to: &out) }
      if let problem = part.problem { append(problem: problem, indent: indent(part), to: &out) }
    }
  }

  private func indent(_ part: PacketExplanation.Part) -> Int { 2 * min(part.depth, 6) }

  private func append(problem: String, indent: Int, to out: inout TextBuffer) {
    out.append(repeating: 0x20, count: indent + 2)
    out.beginRole(.warning, style)
    out.append(wrapping: problem, columns: columns, at: indent + 2, hanging: indent + 4)
    out.endRole(style)
    out.newline()
  }

  // MARK: One field

  private func append(
    _ field: ExplainedField, _ octets: Span<UInt8>, indent: Int, to out: inout TextBuffer
  ) {
    let place = field.octets.clamped(to: 0..<octets.count)
    let dump = Self.dump(field, octets.extracting(place), limit: octetLimit)
    let meaning = Self.meaning(field)
    var cells = [
      Cell(lines: ["\(field.octets.lowerBound)"], width: 5), Cell(lines: dump, width: 11),
    ]
    let left = columns - indent - 2 - cells.reduce(0) { $0 + $1.width + 2 }
    let name = Cell(wrapping: field.name, width: Self.nameColumns)
    if columns >= Self.wideColumns {
      let value = Cell(wrapping: field.value, width: 24, role: role(field))
      let room = left - name.width - value.width - 4
      cells += [name, value, Cell(wrapping: meaning, width: room)]
    } else {
      cells.append(narrow(name, field, meaning, width: left))
    }
    append(cells, indent: indent + 2, to: &out)
  }

  /// Name and value, and below them the meaning.
  private func narrow(
    _ name: Cell, _ field: ExplainedField, _ meaning: String, width: Int
  ) -> Cell {
    let value = Cell(wrapping: field.value, width: width - name.width - 2)
    var lines: [String] = []
    for row in 0..<max(name.lines.count, value.lines.count) {
      let left = row < name.lines.count ? name.lines[row] : ""
      let right = row < value.lines.count ? value.lines[row] : ""
      guard !right.isEmpty else {
        lines.append(left)
        continue
      }
      let blanks = name.width + 2 - DisplayWidth.columns(of: left)
      lines.append(
        left + String(repeating: " ", count: max(blanks, 1))
          + (role(field).map { style.styled(right, as: $0) } ?? right))
    }
    lines += Cell(wrapping: meaning, width: width - 2).lines.map { "  " + $0 }
    return Cell(lines: lines, width: width)
  }

  /// The sentence and its source, which is not broken into two lines: its blanks are no-break spaces
  /// until lines are made. No safe text has such a one.
  private static func meaning(_ field: ExplainedField) -> String {
    guard !field.source.isEmpty else { return field.meaning }
    return "\(field.meaning) [\(String(field.source.map { $0 == " " ? "\u{a0}" : $0 }))]"
  }

  private func role(_ field: ExplainedField) -> TextRole? {
    switch field.verdict {
    case .neutral: nil
    case .right: .good
    case .wrong: .bad
    case .unknown: .warning
    }
  }

  private func append(_ cells: [Cell], indent: Int, to out: inout TextBuffer) {
    for row in 0..<(cells.map(\.lines.count).max() ?? 0) {
      // Blanks are held back until something follows them.
      var blanks = indent
      for cell in cells {
        let text = row < cell.lines.count ? cell.lines[row] : ""
        if !text.isEmpty {
          out.append(repeating: 0x20, count: blanks)
          blanks = 0
          if let role = cell.role {
            out.append(text, as: role, style)
          } else {
            out.append(text)
          }
        }
        blanks += max(cell.width - DisplayWidth.columns(of: text), 0) + 2
      }
      out.newline()
    }
  }

  /// The octets in hex, four a line; or the bits, an octet a line, with dots for those of others.
  private static func dump(
    _ field: ExplainedField, _ octets: Span<UInt8>, limit: Int
  ) -> [String] {
    var lines: [String] = []
    if field.isPartOfOctet {
      for index in octets.indices {
        let first = (field.octets.lowerBound + index) * 8
        let bits = (0..<8).map { bit in
          guard field.bits.contains(first + bit) else { return "." }
          return octets[index] >> UInt8(7 - bit) & 1 == 1 ? "1" : "0"
        }
        lines.append(bits.joined())
      }
      return lines
    }
    let shown = min(octets.count, limit)
    for start in stride(from: 0, to: shown, by: 4) {
      var line = TextBuffer(capacity: 0)
      for index in start..<min(start + 4, shown) {
        if index > start { line.append(octet: 0x20) }
        line.append(hex: octets[index])
      }
      lines.append(line.string)
    }
    if shown < octets.count { lines.append("+ \(octets.count - shown)") }
    return lines
  }
}

/// One column's lines.
private struct Cell {
  var lines: [String]
  var width: Int
  var role: TextRole?

  init(lines: [String], width: Int, role: TextRole? = nil) {
    (self.lines, self.width, self.role) = (lines, width, role)
  }

  init(wrapping text: String, width: Int, role: TextRole? = nil) {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(wrapping: text, columns: width)
    let lines = buffer.string.split(separator: "\n", omittingEmptySubsequences: false)
    self.init(
      lines: lines.map { String($0.map { $0 == "\u{a0}" ? " " : $0 }) }, width: width, role: role)
  }
}
