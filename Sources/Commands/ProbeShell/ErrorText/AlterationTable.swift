import PacketText
public import ProbeEngine

/// The fields of probes as hops quote them, for people: a row for each field, with what was sent and
/// then a column for each hop.
///
///     field  sent     1  2        3  4
///     DSCP   46 (EF)  =  8 (CS1)  *  8 (CS1)
public struct AlterationTable: Hashable, Sendable {
  /// Which fields have a row.
  public enum Choice: Hashable, Sendable {
    /// Those that some hop quotes changed.
    case changed
    /// All that some hop quotes.
    case all
  }

  /// The cells, row by row, all rows of the same length; the first one is the heading.
  public let rows: [[String]]

  /// What the signs in the cells mean, a line.
  public static let legend =
    "= as sent, ~ changed as it should be, ? quoted but not known what was sent, - not quoted, * no answer"

  /// A table of what the hops quote.
  public init(_ path: PathAlterations, _ choice: Choice = .changed) {
    var rows = [["field", "sent"] + path.hops.map { "\($0.distance)" }]
    for field in DatagramField.allCases {
      let quoted = path.hops.map { hop in hop.alterations.compactMap { $0[field] } }
      let comparisons = quoted.flatMap { $0 }
      let isChanged = comparisons.contains { $0.change != nil }
      guard !comparisons.isEmpty, choice == .all || isChanged else { continue }
      let cells = zip(path.hops, quoted).map { hop, comparisons in
        !hop.hasAnswered ? "*" : Self.cell(comparisons, field)
      }
      rows.append([field.name, Self.sent(comparisons, field)] + cells)
    }
    self.rows = rows
  }

  /// What was sent; many fields differ from probe to probe.
  private static func sent(
    _ comparisons: [ProbeAlteration.Comparison], _ field: DatagramField
  ) -> String {
    let values = Set(comparisons.map(\.sent))
    guard values.count == 1, let value = values.first else { return "varies" }
    return value.map { text($0, field) } ?? "?"
  }

  /// Each thing once that a hop quotes.
  private static func cell(
    _ comparisons: [ProbeAlteration.Comparison], _ field: DatagramField
  ) -> String {
    var parts: [String] = []
    for comparison in comparisons {
      let part =
        switch comparison.finding {
        case .same: "="
        case .expected: "~"
        case .unknown: "?"
        case .altered: text(comparison.quoted, field)
        }
      if !parts.contains(part) { parts.append(part) }
    }
    return parts.isEmpty ? "-" : parts.joined(separator: "/")
  }

  private static func text(_ value: ProbeAlteration.Value, _ field: DatagramField) -> String {
    var text = TextBuffer(capacity: 0)
    text.append(value, of: field)
    return text.string
  }

  /// The rows in columns, two blanks between.
  public var lines: [String] {
    let columns =
      rows.first?.indices.map { column in rows.map { $0[column].count }.max() ?? 0 } ?? []
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, columns) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
