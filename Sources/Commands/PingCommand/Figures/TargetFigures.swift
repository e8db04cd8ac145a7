import ProbeEngine

/// The figures of a target, with what is counted beside them.
struct TargetFigures {
  /// The figures.
  var figures: ProbeFigures
  /// What was counted.
  var counts: FigureCounts

  /// Those of a session at this time; nil where it keeps none.
  init?(_ session: borrowing PingSession, _ target: Int) {
    guard let figures = session.figures(of: target),
      let undecided = session.undecidedCount(of: target)
    else { return nil }
    let summary = session.summary(of: target)
    self.figures = figures
    counts = FigureCounts(
      sent: summary.transmitted, waiting: undecided, received: summary.received,
      duplicates: summary.duplicates, late: summary.late, corrupted: summary.corrupted,
      errors: summary.errors)
  }

  /// Figures that are known.
  init(_ figures: ProbeFigures, _ counts: FigureCounts) {
    (self.figures, self.counts) = (figures, counts)
  }
}
