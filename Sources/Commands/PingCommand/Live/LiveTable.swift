import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// The live view as lines: a title, a row a target, and what keys do.
struct LiveTable {
  /// In which order targets stand.
  enum Order: CaseIterable {
    case given
    case loss
    case mean
    case name

    var words: String {
      switch self {
      case .given: "as given"
      case .loss: "worst loss first"
      case .mean: "slowest first"
      case .name: "by name"
      }
    }
  }

  /// What targets are called: safe text.
  var names: [String]
  /// How wide the window is.
  var columns: Int
  /// How high it is.
  var rows: Int
  /// Only ASCII may be drawn with.
  var isASCII: Bool
  /// Colours or none.
  var style: TerminalStyle
  /// In which order they stand.
  var order = Order.given
  /// The picture is held still.
  var isHeld = false
  /// What the columns and keys are is shown instead.
  var showsHelp = false

  private static let longestName = 32
  private static let shortestName = 9
  private static let keys = "q end  p hold  r reset  s sort  ? help"

  /// All lines, at most `rows` of them, none wider than `columns`.
  func lines(_ targets: [LiveTarget], running time: Nanoseconds) -> [String] {
    var lines = [title(time)]
    let bottom: String
    if showsHelp {
      lines += Self.help.map { DisplayWidth.clipped($0, to: columns) }
      bottom = "any key: back"
    } else {
      let (layout, nameWidth) = layout
      lines.append(heading(layout, nameWidth))
      let shown = max(0, rows - 3)
      for index in places(targets).prefix(shown) {
        lines.append(row(targets[index], names[index], layout, nameWidth))
      }
      let hidden = targets.count - min(shown, targets.count)
      bottom = (hidden > 0 ? "\(hidden) more  " : "") + Self.keys
    }
    lines = Array(lines.prefix(max(0, rows - 1)))
    lines.append(style.styled(DisplayWidth.clipped(bottom, to: columns), as: .dim))
    return Array(lines.prefix(rows))
  }

  private func title(_ time: Nanoseconds) -> String {
    let seconds = time.count / 1_000_000_000
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].enumerated().map {
      $0.offset > 0 && $0.element < 10 ? "0\($0.element)" : "\($0.element)"
    }.joined(separator: ":")
    let count = names.count == 1 ? "1 target" : "\(names.count) targets"
    let held = isHeld ? "held: p goes on  " : ""
    return style.styled(
      DisplayWidth.clipped(
        "\(held)\(PingCommand.toolName)  \(count)  \(clock)  ms  \(order.words)", to: columns),
      as: .emphasis)
  }

  static let help = [
    "",
    "sent     probes sent",
    "loss %   share of those that were lost, of those whose fate is known",
    "95 %     between which two the true share lies (Wilson)",
    "last     round trip of the newest answer, in milliseconds",
    "best     the shortest one     mean   of all",
    "p99      99 % of them took at most this; ? is too few answers to tell (368)",
    "jitter   how much it changes from answer to answer (RFC 3550)",
    "picture  the last probes: height is delay, x lost, . still waiting",
    "",
    "q  end       p  hold the picture; probes go on     r  forget all figures",
    "s  sort: as given, worst loss first, slowest first, by name",
  ]
}

// MARK: - Layout

extension LiveTable {
  /// The columns that there is room for, with their widths, and the width of names.
  private var layout: (columns: [(LiveColumn, Int)], name: Int) {
    let needed = min(names.map { DisplayWidth.columns(of: $0) }.max() ?? 0, Self.longestName)
    var used = min(max(needed, 6), Self.shortestName)
    var chosen: Set<LiveColumn> = []
    for column in LiveColumn.byImportance where used + column.width <= columns {
      chosen.insert(column)
      used += column.width
    }
    var left = max(0, columns - used)
    let shortest = min(max(needed, 6), Self.shortestName)
    let name = min(max(needed, 6), shortest + left, max(1, columns))
    left -= max(0, name - shortest)
    return (
      LiveColumn.allCases.filter { chosen.contains($0) }.map {
        ($0, $0.width + ($0 == .picture ? left : 0))
      }, name
    )
  }

  private func heading(_ layout: [(LiveColumn, Int)], _ nameWidth: Int) -> String {
    var line = Self.padded(DisplayWidth.clipped("target", to: nameWidth), to: nameWidth)
    for (column, width) in layout {
      line +=
        column == .picture
        ? " " + column.heading.prefix(width - 1) : Self.right(column.heading, width)
    }
    return style.styled(DisplayWidth.clipped(line, to: columns), as: .emphasis)
  }

  private func row(
    _ target: LiveTarget, _ name: String, _ layout: [(LiveColumn, Int)], _ nameWidth: Int
  ) -> String {
    var line = TextBuffer()
    line.append(Self.padded(DisplayWidth.clipped(name, to: nameWidth), to: nameWidth))
    for (column, width) in layout {
      guard column != .picture else {
        line.append(" ")
        DelayPicture(columns: columns, isASCII: isASCII, style: style)
          .sparkline(target.recent, width: width - 1, &line)
        continue
      }
      let text = Self.right(column.text(target), width)
      if column == .loss, target.lost > 0 {
        line.append(text, as: target.received == 0 ? .bad : .warning, style)
      } else {
        line.append(text)
      }
    }
    return line.string
  }

  private static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.columns(of: text)))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.utf8.count)) + text
  }

  /// Who stands where.
  private func places(_ targets: [LiveTarget]) -> [Int] {
    let places = Array(targets.indices)
    switch order {
    case .given: return places
    case .loss:
      return Self.sorted(places) { targets[$0].loss.sent == 0 ? -1 : targets[$0].loss.ratio }
    case .mean: return Self.sorted(places) { Double(targets[$0].mean?.count ?? -1) }
    case .name: return places.sorted { (names[$0], $0) < (names[$1], $1) }
    }
  }

  /// Largest first; equal ones stay as they were given.
  private static func sorted(_ places: [Int], by value: (Int) -> Double) -> [Int] {
    places.map { (place: $0, value: value($0)) }
      .sorted { ($1.value, $0.place) < ($0.value, $1.place) }.map(\.place)
  }
}
