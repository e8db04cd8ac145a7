import CommandLineKit
import LinuxSystem
import TerminalText

/// What the command line asks for beside iputils' figures.
struct FigureOptions: Hashable, Sendable {
  /// Percentiles and their like, below iputils' summary.
  var printsFigures = false
  /// Each outage as it ends, and all at the end.
  var printsOutages = false
  /// Bars of all delays at the end.
  var printsHistogram = false
  /// A line of the last delays as it runs, and the spread of all at the end.
  var printsGraph = false
  /// A table instead of text.
  var printsCSV = false
  /// A file for a node exporter.
  var metricsPath: String?

  /// All targets in rows that are drawn anew.
  var showsLive = false

  /// Of how many targets figures are kept: a target's can take 256 KiB.
  static let targetLimit = 256

  /// The session has to keep figures for this.
  var needsFigures: Bool { !textOptions.isEmpty || metricsPath != nil }

  /// The session has to tell of each answer for this, whatever else is printed.
  var needsReplies: Bool { printsCSV || printsGraph || showsLive }

  /// Something is printed at the end.
  var printsText: Bool { !textOptions.isEmpty }

  /// Anything at all.
  var isAny: Bool { needsFigures || printsCSV }

  /// Those that print text.
  private var textOptions: [String] {
    [
      ("--figures", printsFigures), ("--outages", printsOutages),
      ("--histogram", printsHistogram), ("--graph", printsGraph),
    ].filter(\.1).map(\.0)
  }

  /// Those that were given.
  var optionNames: [String] {
    textOptions + (printsCSV ? ["--csv"] : []) + (metricsPath == nil ? [] : ["--openmetrics"])
      + (showsLive ? ["--live"] : [])
  }

  /// What does not go together.
  func check(_ options: PingOptions) throws(UsageError) {
    guard let first = optionNames.first else { return }
    if options.asks {
      throw UsageError(
        "option '\(first)': a sweep wants one answer from each target and keeps no figures; leave out --sweep"
      )
    }
    if showsLive { try checkLive(options) }
    if printsCSV, options.printsJSON {
      throw UsageError("option '--csv': --json prints events instead; choose one of them")
    }
    if let text = textOptions.first, options.printsJSON || printsCSV {
      throw UsageError(
        options.printsJSON
          ? "option '\(text)': --json tells all figures; choose one of them"
          : "option '\(text)': --csv prints a table instead of text; choose one of them")
    }
  }

  private func checkLive(_ options: PingOptions) throws(UsageError) {
    if options.printsJSON || printsCSV || printsGraph {
      let other = options.printsJSON ? "--json" : printsCSV ? "--csv" : "--graph"
      throw UsageError("option '--live': it has the terminal to itself; leave out \(other)")
    }
    guard StandardStream.isTerminal(StandardStream.output) else {
      throw UsageError(
        "option '--live': standard output is no terminal; leave it out, or use --json or --csv")
    }
    guard FullScreen.isPossible else {
      throw UsageError(
        "option '--live': by TERM, this terminal cannot move its cursor; set TERM to what it is, or leave out --live"
      )
    }
  }

  /// What so many targets are too many for.
  func check(targetCount: Int) throws(UsageError) {
    guard needsFigures || showsLive, targetCount > Self.targetLimit else { return }
    throw UsageError(
      "figures are kept of \(Self.targetLimit) targets at the most, and these are \(targetCount): "
        + "ask fewer at a time, or use --csv")
  }
}

extension PingOptions {
  static func sayFigures(_ options: inout OptionWalk<PingOptions>) {
    options.group("Figures")
    options.flag(
      nil, "figures",
      help:
        "below the summary, percentiles, jitter, order and loss with their intervals, outages, changes of the way back"
    ) { $0.figures.printsFigures = true }
    options.flag(
      nil, "outages",
      help: "say when an outage of two probes or more is over, and all of them at the end"
    ) { $0.figures.printsOutages = true }
    options.flag(nil, "histogram", help: "draw at the end how often which delay was seen") {
      $0.figures.printsHistogram = true
    }
    options.flag(
      nil, "graph",
      help: "draw the last delays as it runs, on a terminal, and their spread at the end"
    ) { $0.figures.printsGraph = true }
    options.flag(
      nil, "live",
      help:
        "show a row a target on the whole terminal, drawn anew as it runs; ? there tells the keys"
    ) { $0.figures.showsLive = true }
    options.flag(
      nil, "csv", help: "print a table of what became of each probe (RFC 4180) instead of text"
    ) { $0.figures.printsCSV = true }
    options.text(
      nil, "openmetrics", "FILE",
      help: "keep this file up to date, once a second, for a node exporter's folder of text files"
    ) { options, path throws(UsageError) in
      guard !path.isEmpty else { throw UsageError("a file needs a name") }
      options.figures.metricsPath = path
    }
  }
}
