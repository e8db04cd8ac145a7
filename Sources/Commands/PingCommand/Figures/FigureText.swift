import PacketText
import PacketWire
import ProbeEngine

/// The figures that iputils has no words for, each with the name of its definition. They stand below
/// iputils' own summary, so that what reads that reads on.
struct FigureText {
  /// What a TTL is called.
  var family: IPFamily
  /// Both clocks when the first probe was sent.
  var start: ClockSample
  /// The quantiles that are printed.
  var shares = [0.5, 0.9, 0.99]
  /// How many outages and changes are listed, the newest.
  var listLimit = 20

  /// All figures that there are, each line ended.
  func summary(_ figures: ProbeFigures, _ counts: FigureCounts, _ text: inout TextBuffer) {
    loss(counts.loss, &text)
    percentiles(figures.delays, &text)
    variation(figures.variation, figures.delays, &text)
    order(figures.order, &text)
    oddities(counts, &text)
    outages(figures.outages, &text)
    replyPath(figures.replyPath, &text)
  }

  /// `loss 3 of 250 = 1.2 %, 95 % between 0.41 and 3.5 %`
  func loss(_ loss: LossInterval, _ text: inout TextBuffer) {
    guard loss.sent > 0 else { return }
    text.append("loss ")
    text.append(decimal: loss.lost)
    text.append(" of ")
    text.append(decimal: loss.sent)
    text.append(" = ")
    text.append(percent: loss.ratio)
    text.append(" %, 95 % between ")
    text.append(percent: loss.lower)
    text.append(" and ")
    text.append(percent: loss.upper)
    text.append(" %\n")
  }

  /// A line that says over how many answers, and one for each quantile.
  func percentiles(_ delays: DelayHistogram, _ text: inout TextBuffer) {
    guard delays.count > 0 else { return }
    text.append("rtt over ")
    text.append(delays.count, "answer")
    text.append("; pN is what N % of them took at most:\n")
    for share in shares {
      guard let estimate = delays.estimate(of: share) else { continue }
      text.append("  ")
      percentile(estimate, &text)
      text.newline()
    }
  }

  /// `p90 2.100 ms, 95 % between 2.000 and 2.200 ms`, or why there is no such interval.
  func percentile(_ estimate: QuantileEstimate, _ text: inout TextBuffer) {
    text.append(percentile: estimate.share)
    text.append(" ")
    text.append(milliseconds: estimate.value)
    text.append(" ms, ")
    guard let lower = estimate.lower, let upper = estimate.upper else {
      text.append("too few answers: it takes ")
      return text.append(decimal: QuantileEstimate.samplesNeeded(for: estimate.share))
    }
    text.append("95 % between ")
    text.append(milliseconds: lower)
    text.append(" and ")
    text.append(milliseconds: upper)
    text.append(" ms")
  }

  /// Jitter, IPDV and PDV, a line each.
  func variation(
    _ variation: DelayVariation, _ delays: DelayHistogram, _ text: inout TextBuffer
  ) {
    guard variation.jitterSamples > 0 else { return }
    text.append("jitter ")
    text.append(milliseconds: Nanoseconds(rounding: variation.jitter))
    text.append(" ms: how much the rtt changes from answer to answer, smoothed (RFC 3550)\n")
    if let mean = variation.meanMagnitude { neighbours(variation, mean, &text) }
    guard let half = delays.variation(at: 0.5), let most = delays.variation(at: 0.9) else { return }
    text.append("pdv p50 ")
    text.append(milliseconds: half)
    text.append(", p90 ")
    text.append(milliseconds: most)
    text.append(" ms above the shortest rtt (RFC 5481)\n")
  }

  private func neighbours(_ variation: DelayVariation, _ mean: Double, _ text: inout TextBuffer) {
    text.append("ipdv ")
    text.append(milliseconds: Nanoseconds(rounding: mean))
    text.append(" ms on average, from ")
    text.append(milliseconds: variation.minimum)
    text.append(" to ")
    text.append(milliseconds: variation.maximum)
    text.append(" ms: how much it changes from one probe to the next, over ")
    text.append(variation.magnitudes.count, "pair")
    text.append(" (RFC 3393)\n")
  }

  /// How many answers came out of order, and how far.
  func order(_ order: ReorderingMeter, _ text: inout TextBuffer) {
    guard order.arrived > 1 else { return }
    guard let mean = order.meanExtent else {
      text.append("order: all ")
      text.append(order.arrived, "answer")
      return text.append(" came in the order of the probes (RFC 4737)\n")
    }
    text.append("order: ")
    text.append(decimal: order.reordered)
    text.append(" of ")
    text.append(order.arrived, "answer")
    text.append(" = ")
    text.append(percent: order.ratio)
    text.append(" % came behind that to a later probe (RFC 4737), by ")
    text.append(fixedPoint: Int64((mean * 10).rounded()), places: 1)
    text.append(" places on average, ")
    text.append(decimal: order.largestExtent)
    text.append(order.clippedExtents > 0 ? " or more at most\n" : " at most\n")
  }

  /// Answers that are not like others, a line for each kind that there is.
  func oddities(_ counts: FigureCounts, _ text: inout TextBuffer) {
    for (count, name, meaning) in [
      (counts.duplicates, "duplicates", "further answers to probes already answered"),
      (counts.late, "late", "answers to probes that had been given up; they count as received"),
      (counts.corrupted, "corrupted", "answers with a wrong checksum; they count as none"),
    ] where count > 0 {
      text.append(name)
      text.append(" ")
      text.append(decimal: count)
      text.append(": ")
      text.append(meaning)
      text.newline()
    }
  }
}
