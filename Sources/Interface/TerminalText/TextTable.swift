/// Rows of cells below each other.
public struct TextTable: Sendable {
  /// On which side of its column a cell stands.
  public enum Alignment: Hashable, Sendable {
    case left
    case right
  }

  /// One cell: safe text without a style, and the kind it is shown as.
  public struct Cell: Hashable, Sendable {
    /// One line.
    public var text: String
    /// How it is shown; nil for plain.
    public var role: TextRole?

    /// A cell.
    public init(_ text: String, as role: TextRole? = nil) { (self.text, self.role) = (text, role) }
  }

  /// How each column stands.
  public let alignments: [Alignment]
  /// The rows, each with a cell for each column.
  public private(set) var rows: [[Cell]] = []
  /// Blanks between two columns.
  public var gap = 2

  /// A table without rows.
  public init(_ alignments: [Alignment]) { self.alignments = alignments }

  /// Adds a row below the others.
  public mutating func append(_ row: [Cell]) {
    precondition(row.count == alignments.count, "a row has a cell for each column")
    rows.append(row)
  }

  /// Adds a row of headings.
  public mutating func append(headings: [String]) {
    append(headings.map { Cell($0, as: .heading) })
  }

  /// The rows as lines without blanks at their ends. Styles take no room.
  public func lines(_ style: TerminalStyle) -> [String] {
    let widths = alignments.indices.map { column in
      rows.map { DisplayWidth.columns(of: $0[column].text) }.max() ?? 0
    }
    return rows.map { row in line(row, widths, style) }
  }

  private func line(_ row: [Cell], _ widths: [Int], _ style: TerminalStyle) -> String {
    var line = ""
    // Blanks are held back until something follows them.
    var blanks = 0
    for (column, cell) in row.enumerated() {
      if column > 0 { blanks += gap }
      let missing = widths[column] - DisplayWidth.columns(of: cell.text)
      if alignments[column] == .right { blanks += missing }
      if !cell.text.isEmpty {
        line += String(repeating: " ", count: blanks)
        line += cell.role.map { style.styled(cell.text, as: $0) } ?? cell.text
        blanks = 0
      }
      if alignments[column] == .left { blanks += missing }
    }
    return line
  }
}
