import PacketText
import PacketWire
import ProbeEngine
import TerminalText

extension PingText {
  /// What is printed when a session is over, each line ended.
  func summary(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    if style.asks {
      asked(session, &text)
    } else if targets.count == 1 {
      summary(session.total, &text)
    } else {
      table(session, &text)
    }
  }

  /// The two or three lines behind a blank one.
  func summary(_ summary: PingSummary, _ text: inout TextBuffer) {
    text.append("\n--- ")
    text.append(SafeText.escaped(targets.name(of: 0)))
    text.append(" ping statistics ---\n")
    counts(summary, &text)
    if style.unanswered == nil { rttLine(summary, &text) }
    text.newline()
    sourceLine(summary, &text)
  }

  /// How many probes and answers there were: one line.
  private func counts(_ summary: PingSummary, _ text: inout TextBuffer) {
    text.append(decimal: summary.transmitted)
    text.append(" packets transmitted")
    if style.unanswered == nil {
      text.append(", ")
      text.append(decimal: summary.received)
      text.append(" received")
    }
    for (count, name) in [
      (summary.duplicates, " duplicates"), (summary.corrupted, " corrupted"),
      (summary.errors, " errors"),
    ] where count > 0 {
      text.append(", +")
      text.append(decimal: count)
      text.append(name)
    }
    if summary.transmitted > 0 {
      text.append(", ")
      if style.unanswered == nil {
        text.append(Self.percentage(summary.lossRatio))
        text.append("% packet loss, ")
      }
      text.append("time ")
      text.append(summary.elapsed, in: .milliseconds, decimals: 0, rounding: .towardZero)
      text.append("ms")
    }
    text.newline()
  }

  private func rttLine(_ summary: PingSummary, _ text: inout TextBuffer) {
    var separator = ""
    if summary.rtt.count > 0, style.printsDelays {
      text.append("rtt min/avg/max/mdev = ")
      Self.appendFigures(
        [
          summary.rtt.minimum, Nanoseconds(rounding: summary.rtt.mean), summary.rtt.maximum,
          Nanoseconds(rounding: summary.rtt.standardDeviation),
        ], &text)
      text.append(" ms")
      separator = ", "
    }
    if summary.pipe > 1 {
      text.append(separator)
      text.append("pipe ")
      text.append(decimal: summary.pipe)
      separator = ", "
    }
    if style.printsPace, summary.received > 0, summary.transmitted > 1 {
      text.append(separator)
      text.append("ipg/ewma ")
      let gap = summary.elapsed.count / Int64(summary.transmitted - 1)
      Self.appendFigures(
        [Nanoseconds(gap), Nanoseconds(rounding: summary.rtt.weightedMean)], &text)
      text.append(" ms")
    }
  }

  /// `3/3 packets, 0% loss, min/avg/ewma/max = 0.034/0.036/0.035/0.041 ms`
  func status(_ summary: PingSummary, _ text: inout TextBuffer) {
    guard style.unanswered == nil else {
      text.append(decimal: summary.transmitted)
      return text.append(" packets, no answer is expected")
    }
    text.append(decimal: summary.received)
    text.append("/")
    text.append(decimal: summary.transmitted)
    text.append(" packets, ")
    text.append(decimal: Int(summary.lossRatio * 100))
    text.append("% loss")
    guard summary.rtt.count > 0 else { return }
    text.append(", min/avg/ewma/max = ")
    Self.appendFigures(
      [
        summary.rtt.minimum, Nanoseconds(rounding: summary.rtt.mean),
        Nanoseconds(rounding: summary.rtt.weightedMean), summary.rtt.maximum,
      ], &text)
    text.append(" ms")
  }

  /// `60000 targets: 60000 alive, 0 unreachable; 60000 echoes sent in 210 ms`
  private func asked(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    let total = session.total
    text.append(decimal: targets.count)
    text.append(targets.count == 1 ? " target: " : " targets: ")
    text.append(decimal: session.aliveCount)
    text.append(" alive, ")
    text.append(decimal: targets.count - session.aliveCount)
    text.append(" unreachable; ")
    text.append(decimal: total.transmitted)
    text.append(total.transmitted == 1 ? " echo" : " echoes")
    text.append(" sent in ")
    text.append(session.duration, in: .milliseconds, decimals: 0)
    text.append(" ms")
    if total.rtt.count > 0 {
      text.append(", rtt min/avg/max = ")
      Self.appendFigures(
        [total.rtt.minimum, Nanoseconds(rounding: total.rtt.mean), total.rtt.maximum], &text)
      text.append(" ms")
    }
    text.newline()
  }

  /// A line for each target, below those of all of them.
  private func table(_ session: borrowing PingSession, _ text: inout TextBuffer) {
    text.append("\n--- ping statistics of ")
    text.append(decimal: targets.count)
    text.append(" targets ---\n")
    counts(session.total, &text)
    let headings =
      style.unanswered == nil
      ? ["target", "sent", "received", "loss %", "min ms", "avg ms", "max ms", "mdev ms"]
      : ["target", "sent", "errors"]
    var table = TextTable(
      [.left] + [TextTable.Alignment](repeating: .right, count: headings.count - 1))
    table.append(headings: headings)
    for target in 0..<targets.count {
      table.append(row(target, session.summary(of: target)).map { TextTable.Cell($0) })
    }
    for line in table.lines(styling) {
      text.append(line)
      text.newline()
    }
    sourceLine(session.total, &text)
  }

  private func row(_ target: Int, _ summary: PingSummary) -> [String] {
    let name = SafeText.escaped(targets.label(of: target))
    guard style.unanswered == nil else {
      return [name, "\(summary.transmitted)", "\(summary.errors)"]
    }
    let rtt = summary.rtt
    let delays = [
      rtt.minimum, Nanoseconds(rounding: rtt.mean), rtt.maximum,
      Nanoseconds(rounding: rtt.standardDeviation),
    ]
    return [
      name, "\(summary.transmitted)", "\(summary.received)", Self.percentage(summary.lossRatio),
    ] + delays.map { rtt.count == 0 ? "-" : Self.milliseconds($0) }
  }

  static func milliseconds(_ time: Nanoseconds) -> String {
    var text = TextBuffer(capacity: 16)
    text.append(time, in: .milliseconds, decimals: 3)
    return text.string
  }

  private static func appendFigures(_ figures: [Nanoseconds], _ text: inout TextBuffer) {
    for (index, figure) in figures.enumerated() {
      if index > 0 { text.append("/") }
      text.append(figure, in: .milliseconds, decimals: 3)
    }
  }

  /// A ratio of 0 to 1 as a percentage with six significant digits and no trailing zeros, which is
  /// what C's `%g` makes of it, but for the powers of ten that it has for less than 0.0001.
  static func percentage(_ ratio: Double) -> String {
    let percent = ratio * 100
    var decimals = 3
    var scale = 1_000.0
    while percent * scale < 100_000, decimals < 12 {
      decimals += 1
      scale *= 10
    }
    let digits = Int64((percent * scale).rounded())
    var buffer = TextBuffer(capacity: 0)
    buffer.append(fixedPoint: digits, places: decimals)
    var text = buffer.string
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}

extension Nanoseconds {
  /// The nearest whole number of nanoseconds.
  init(rounding count: Double) { self.init(Int64(count.rounded())) }
}
