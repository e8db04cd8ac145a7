import PacketText
import PacketWire
import ProbeEngine
import ProbeShell
import TerminalText

/// The live view as lines: a title, a row a hop, what it means, and what keys do.
struct RouteTable {
  /// What is shown of hops.
  enum Display: CaseIterable {
    /// mtr's columns.
    case figures
    /// What became of the last probes.
    case strip
    /// All flows beside each other.
    case flows
  }

  /// The target, safe to print.
  var host: String
  /// How wide and high the window is.
  var columns: Int
  var rows: Int
  /// Only ASCII may be drawn with.
  var isASCII: Bool
  /// Colours or none.
  var style: TerminalStyle
  var display = Display.figures
  /// Jitter in the place of delays.
  var showsJitter = false
  /// Whose hops are shown, where not all flows are.
  var flow = 0
  var showsHelp = false
  /// Which figures, and in which order, where that was chosen.
  var order: FieldOrder?
  /// It is being typed.
  var prompt: OrderPrompt?

  /// What changes from picture to picture.
  struct Moment {
    var running: Nanoseconds
    var interval: Nanoseconds
    var isHeld: Bool
    /// The newest change of the path, in words.
    var change: String?
    /// A name or an address, safe to print.
    var name: (IPAddress) -> String
  }

  /// All lines, at most `rows` of them, none wider than `columns`.
  func lines(_ flows: [RouteFlow], _ moment: Moment) -> [String] {
    var lines = [title(flows, moment)]
    guard !showsHelp else {
      lines += Self.help.map { DisplayWidth.clipped($0, to: columns) }
      return Self.fitted(lines, [dim("any key: back")], rows)
    }
    if let prompt {
      lines += OrderPrompt.help.map { DisplayWidth.clipped($0, to: columns) }
      return Self.fitted(
        lines, [DisplayWidth.clipped(prompt.line, to: columns), dim(OrderPrompt.keys)], rows)
    }
    let shown = flows[min(flow, flows.count - 1)]
    let footer = footer(flows, shown, moment)
    let room = max(1, rows - footer.count - 2)
    if display == .flows, flows.count > 1 {
      lines += FlowColumns(table: self, name: moment.name).lines(flows, room: room)
    } else {
      lines += hopLines(shown, room: room, moment.name)
    }
    return Self.fitted(lines, footer, rows)
  }

  /// The footer stays, whatever else has to go.
  private static func fitted(_ lines: [String], _ footer: [String], _ rows: Int) -> [String] {
    Array((lines.prefix(max(0, rows - footer.count)) + footer).prefix(rows))
  }

  // MARK: Around the rows

  private func title(_ flows: [RouteFlow], _ moment: Moment) -> String {
    let seconds = moment.running.count / 1_000_000_000
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].enumerated().map {
      $0.offset > 0 && $0.element < 10 ? "0\($0.element)" : "\($0.element)"
    }.joined(separator: ":")
    var text = TextBuffer(capacity: 96)
    text.append(moment.isHeld ? "held: p goes on  " : "")
    text.append("\(host)  ")
    if flows.count > 1, display != .flows { text.append("flow \(flow + 1) of \(flows.count)  ") }
    text.append("\(clock)  every ")
    text.append(moment.interval, in: .seconds, decimals: moment.interval < .seconds(1) ? 2 : 0)
    text.append(" s  ms")
    return style.styled(DisplayWidth.clipped(text.string, to: columns), as: .emphasis)
  }

  private func footer(_ flows: [RouteFlow], _ shown: RouteFlow, _ moment: Moment) -> [String] {
    let words = RouteWords(host: host, name: { moment.name($0) })
    var sentences: [(String, TextRole)] = []
    // The worst of them, where there are several.
    let worst =
      display == .flows
      ? flows.max { $0.loss.ratio < $1.loss.ratio || $0.verdict.rank < $1.verdict.rank } ?? shown
      : shown
    let judgement = words.judgement(worst)
    let which = flows.count > 1 ? "flow \(worst.number + 1): " : ""
    for (place, sentence) in judgement.prefix(rows < 16 ? 1 : 3).enumerated() {
      let role: TextRole = place > 0 ? .dim : worst.verdict.rank > 1 ? .bad : .good
      sentences.append((place == 0 ? which + sentence : sentence, role))
    }
    if rows >= 16, let certainty = words.certainty(RouteWays(flows)) {
      sentences.append((certainty, .dim))
    }
    if let change = moment.change { sentences.append((change, .warning)) }
    let keys =
      flows.count > 1
      ? "q end  p hold  r reset  n names  d display  f flow  j jitter  o order  ? help"
      : "q end  p hold  r reset  n names  d display  j jitter  o order  ? help"
    return sentences.flatMap { text, role in
      wrapped(text).map { style.styled($0, as: role) }
    } + [dim(keys)]
  }

  /// On up to three lines, where there is room.
  private func wrapped(_ text: String) -> [String] {
    guard DisplayWidth.columns(of: text) > columns, rows >= 16 else {
      return [DisplayWidth.clipped(text, to: columns)]
    }
    var lines = [""]
    for word in text.split(separator: " ") {
      let line = lines[lines.count - 1]
      let longer = line.isEmpty ? String(word) : line + " " + word
      if DisplayWidth.columns(of: longer) <= columns || line.isEmpty {
        lines[lines.count - 1] = longer
      } else if lines.count < 3 {
        lines.append("  " + word)
      } else {
        lines[lines.count - 1] = longer
        break
      }
    }
    return lines.map { DisplayWidth.clipped($0, to: columns) }
  }

  func dim(_ text: String) -> String {
    style.styled(DisplayWidth.clipped(text, to: columns), as: .dim)
  }

  static let help = [
    "",
    "Loss%  share of probes without an answer, of those whose fate is known",
    "Snt    probes sent     Last Avg Best Wrst StDev  round trips in ms",
    "Jttr   change from the last answer to this one; Javg, Jmax of all; Jint RFC 3550",
    "LOSS   goes on to the target   limits  the router answers some only, no loss",
    "few    too few to tell   loss?  more rounds will tell   silent  never answers",
    "turns  several routers answer in turn (balanced by packet)",
    "",
    "q end   p, space hold   r forget all figures   n names or addresses",
    "d figures, last probes, all flows side by side   f next flow   j jitter",
    "o which figures, in which order   + - half or twice the time between rounds",
  ]
}

// MARK: - Rows

extension RouteTable {
  private func hopLines(
    _ flow: RouteFlow, room: Int, _ name: (IPAddress) -> String
  ) -> [String] {
    let layout = layout(flow, name)
    var lines = [heading(layout)]
    let kinds = flow.verdict.hops
    let all = flow.hops.enumerated().map { place, hop in
      (hop: hop, kind: place < kinds.count ? kinds[place] : .none)
    }
    let hidden = all.count - room
    for (place, entry) in all.enumerated() {
      // The last row is the target's, whatever there is no room for.
      if hidden > 0, place >= room - 2, place < all.count - 1 {
        if place == room - 2 { lines.append(dim("    \(hidden + 1) more")) }
        continue
      }
      lines.append(row(entry.hop, entry.kind, layout, name))
    }
    let spare = room - all.count
    guard spare > 0 else { return lines }
    return withSources(lines, all.map(\.hop), spare: spare, layout.name, name)
  }

  /// Below a hop with several, who answers how often, as far as there is room.
  private func withSources(
    _ lines: [String], _ hops: [RouteHop], spare: Int, _ width: Int, _ name: (IPAddress) -> String
  ) -> [String] {
    var (result, spare) = ([lines[0]], spare)
    for (line, hop) in zip(lines.dropFirst(), hops) {
      result.append(line)
      guard hop.sources.count > 1 else { continue }
      for source in hop.sources.prefix(spare) {
        let share = Double(source.delays.count) / Double(max(1, hop.answered))
        let text = TextBuffer.with {
          $0.append("     ")
          $0.append(Self.padded(name(source.address), to: max(width, 15)))
          $0.append("  \(RouteWords.percent(share)), mean ")
          $0.append(
            Nanoseconds(Int64(source.delays.mean.rounded())), in: .milliseconds, decimals: 1)
        }
        result.append(dim(text))
        spare -= 1
      }
    }
    return result
  }

  private struct Layout {
    var columns: [RouteColumn]
    var name: Int
    var strip: Int
  }

  private static let numberWidth = 4

  private func layout(_ flow: RouteFlow, _ name: (IPAddress) -> String) -> Layout {
    let longest = flow.hops.compactMap { $0.address.map(name) }.map { DisplayWidth.columns(of: $0) }
    let needed = min(max(longest.max() ?? 0, 8), 48)
    let left = max(0, columns - Self.numberWidth)
    let shortest = min(needed, display == .strip ? max(left / 3, 8) : 15, left)
    // A strip of fewer than twelve probes would say nothing.
    let chosen = chosenColumns(in: (display == .strip ? left - 13 : left) - shortest)
    let used = shortest + chosen.map(\.width).reduce(0, +)
    let spare = max(0, left - used)
    let grown = display == .strip ? 0 : min(needed - shortest, spare)
    let strip = spare - grown - 1
    return Layout(
      columns: chosen, name: shortest + grown,
      strip: strip >= 12 || display == .strip && strip > 0 ? strip : 0)
  }

  private func heading(_ layout: Layout) -> String {
    var line = "    " + Self.padded("Host", to: layout.name)
    for column in layout.columns { line += Self.cell(column.heading, column) }
    if layout.strip > 0 { line += " last probes" }
    return style.styled(DisplayWidth.clipped(Self.trimmed(line), to: columns), as: .emphasis)
  }

  private func row(
    _ hop: RouteHop, _ kind: RouteVerdict.HopLoss, _ layout: Layout, _ name: (IPAddress) -> String
  ) -> String {
    TextBuffer.with { line in
      let host = Self.right("\(hop.timeToLive)", 3) + " " + (hop.address.map(name) ?? "???")
      let width = min(Self.numberWidth + layout.name, columns)
      line.append(Self.padded(DisplayWidth.clipped(host, to: width), to: width))
      for column in layout.columns {
        var text = Self.cell(column.text(hop, kind), column)
        // The last one, or one with the strip behind it.
        if column == .kind, layout.strip == 0 { text = Self.trimmed(text) }
        if let role = Self.role(kind), column == .figure(.loss) || column == .kind {
          line.append(text, as: role, style)
        } else {
          line.append(text)
        }
      }
      guard layout.strip > 0 else { return }
      line.append(" ")
      line.append(strip: hop.recent, width: layout.strip, isASCII: isASCII, style)
    }
  }

  private static func role(_ kind: RouteVerdict.HopLoss) -> TextRole? {
    switch kind {
    case .real: .bad
    case .unclear, .little: .warning
    case .own, .silent: .dim
    case .none: nil
    }
  }

  private static func cell(_ text: String, _ column: RouteColumn) -> String {
    column == .kind ? "  " + padded(text, to: column.width - 2) : right(text, column.width)
  }

  /// Without the blanks at its end.
  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.columns(of: text)))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }
}

extension TextBuffer {
  /// What `body` writes.
  fileprivate static func with(_ body: (inout TextBuffer) -> Void) -> String {
    var text = TextBuffer(capacity: 160)
    body(&text)
    return text.string
  }
}

extension RouteVerdict {
  /// The worse the more.
  var rank: Int {
    switch finding {
    case .nothingYet: 0
    case .noLoss: 1
    case .loss: 2
    case .unreached: 3
    }
  }
}
