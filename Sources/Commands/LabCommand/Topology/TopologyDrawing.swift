import PacketText
import SimulatedInternet
import TerminalText

/// A topology as a graph of lines and dots, from the client down to the sites.
struct TopologyDrawing {
  private let rows: TopologyRows
  private let strokes: Strokes

  init(_ topology: Topology, isASCII: Bool) {
    rows = TopologyRows(topology)
    strokes = isASCII ? .ascii : .lines
  }

  /// The lines, without newlines.
  func lines(_ style: TerminalStyle) -> [String] {
    var table = TextTable([.left, .left, .left, .left])
    for index in rows.rows.indices {
      if index > 0, let joint = joint(rows.edges[index - 1]) {
        table.append([.init(joint), .init(""), .init(""), .init("")])
      }
      append(index, to: &table)
    }
    return table.lines(style).map { "  " + $0 }
  }

  /// A line for each node of a row.
  private func append(_ index: Int, to table: inout TextTable) {
    let row = rows.rows[index]
    let going = index < rows.edges.count ? Set(rows.edges[index].map(\.from)) : []
    for (column, place) in row.enumerated() {
      guard let place else { continue }
      let node = rows.nodes[place]
      var graph = ""
      for (other, _) in row.enumerated() {
        let isOpen = other > column || row[other] == nil || going.contains(other)
        let mark = node.group == nil ? strokes.node : strokes.many
        graph += other == column ? mark : isOpen ? strokes.vertical : " "
        graph += " "
      }
      let name =
        node.group.map { "\($0.count) routers " + ($0.isRow ? "side by side" : "in a line") }
        ?? node.name
      table.append([
        .init(graph.trimmed), .init(name, as: .emphasis), .init(node.addresses, as: .network),
        .init(SafeText.printable(node.words), as: .dim),
      ])
    }
  }

  /// The lines between two rows; `nil` if all go straight down.
  private func joint(_ edges: [(from: Int, to: Int)]) -> String? {
    guard edges.contains(where: { $0.from != $0.to }) else { return nil }
    let width = (edges.map { max($0.from, $0.to) }.max() ?? 0) * 2 + 1
    var cells = [Strokes.Sides](repeating: [], count: width)
    for edge in edges {
      let (from, to) = (edge.from * 2, edge.to * 2)
      cells[from].insert(.up)
      cells[to].insert(.down)
      for place in min(from, to)..<max(from, to) {
        cells[place].insert(.right)
        cells[place + 1].insert(.left)
      }
    }
    return cells.map { strokes.character(for: $0) }.joined().trimmed
  }
}

/// What lines are drawn with.
private struct Strokes {
  struct Sides: OptionSet {
    let rawValue: Int
    static let up = Sides(rawValue: 1)
    static let down = Sides(rawValue: 2)
    static let left = Sides(rawValue: 4)
    static let right = Sides(rawValue: 8)
  }

  let node: String
  let many: String
  /// By the sides that a character reaches to.
  private let characters: [String]

  var vertical: String { characters[3] }

  func character(for sides: Sides) -> String { characters[sides.rawValue] }

  static let lines = Strokes(
    node: "●", many: "⁝",
    characters: [
      " ", "╵", "╷", "│", "╴", "╯", "╮", "┤", "╶", "╰", "╭", "├", "─", "┴", "┬", "┼",
    ])
  static let ascii = Strokes(
    node: "o", many: ":",
    characters: [
      " ", "|", "|", "|", "-", "'", ".", "+", "-", "`", ".", "+", "-", "+", "+", "+",
    ])
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmed: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
