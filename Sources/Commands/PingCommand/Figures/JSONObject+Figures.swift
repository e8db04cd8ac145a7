import EventJSON
import PacketWire
import ProbeEngine

// The fields of `ping.summary`, `ping.outage` and `ping.path_change` that figures give.

extension JSONObject {
  /// `"loss_ci95":[0.004,0.035]`: between which shares the true loss lies; null where nothing was sent.
  mutating func field(loss: LossInterval) {
    guard loss.sent > 0 else { return null("loss_ci95") }
    array("loss_ci95") { ends in
      ends.element(loss.lower)
      ends.element(loss.upper)
    }
  }

  /// `loss_ci95` and `undecided`, the probes that it leaves out.
  mutating func lossFields(_ figures: TargetFigures?) {
    guard let figures else {
      null("loss_ci95")
      return null("undecided")
    }
    field(loss: figures.counts.loss)
    field("undecided", figures.counts.waiting)
  }

  /// All fields of `ping.summary` that stand behind `rtt_ns`; null where figures are not kept.
  mutating func figureFields(_ figures: ProbeFigures?) {
    guard let figures else {
      for name in [
        "jitter_ns", "ipdv_ns", "reordered", "reordering", "outages", "path_changes",
        "congestion_marks",
      ] { null(name) }
      return
    }
    variationFields(figures.variation)
    orderFields(figures.order)
    outageFields(figures.outages)
    replyPathFields(figures.replyPath)
  }

  /// What `rtt_ns` has beside iputils' figures: `samples`, and `p50`, `p90` and `p99`, each with a
  /// `p50_ci95` between whose ends the true one lies. An end is null where there are too few answers
  /// to tell, and all are where figures are not kept.
  mutating func quantileFields(_ delays: DelayHistogram?) {
    field("samples", delays?.count)
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
      guard let estimate = delays?.estimate(of: share) else {
        null(name)
        null(name + "_ci95")
        continue
      }
      field(name, estimate.value)
      array(name + "_ci95") { ends in
        ends.element(estimate.lower)
        ends.element(estimate.upper)
      }
    }
  }

  /// `jitter_ns` (RFC 3550), `ipdv_ns` with `pairs`, `mean`, `min`, `max`, `p90` (RFC 3393; mean and
  /// p90 without sign); null where there are too few answers for them.
  mutating func variationFields(_ variation: DelayVariation) {
    field(
      "jitter_ns",
      variation.jitterSamples > 0 ? Nanoseconds(rounding: variation.jitter) : nil)
    guard let mean = variation.meanMagnitude else { return null("ipdv_ns") }
    object("ipdv_ns") { ipdv in
      ipdv.field("pairs", variation.magnitudes.count)
      ipdv.field("mean", Nanoseconds(rounding: mean))
      ipdv.field("min", variation.minimum)
      ipdv.field("max", variation.maximum)
      ipdv.field("p90", variation.magnitudes.quantile(0.9))
    }
  }

  /// `reordered`, a count, and `reordering` with `ratio`, `extent_mean` and `extent_max` (RFC 4737);
  /// null where nothing was reordered.
  mutating func orderFields(_ order: ReorderingMeter) {
    field("reordered", order.reordered)
    guard let mean = order.meanExtent else { return null("reordering") }
    object("reordering") { reordering in
      reordering.field("ratio", order.ratio)
      reordering.field("extent_mean", mean)
      reordering.field("extent_max", order.largestExtent)
    }
  }

  /// `outages` with `count`, `lost`, `total_ns`, `longest_ns` of those that are over, and `ongoing`.
  mutating func outageFields(_ meter: OutageMeter) {
    object("outages") { outages in
      outages.field("count", meter.outages.total)
      outages.field("lost", meter.lost)
      outages.field("total_ns", meter.length)
      outages.field("longest_ns", meter.longest)
      outages.field("ongoing", meter.ongoing != nil)
    }
  }

  /// `path_changes`, how often answers came back differently, and `congestion_marks` (ECN CE).
  mutating func replyPathFields(_ meter: ReplyPathMeter) {
    field("path_changes", meter.changes.total)
    field("congestion_marks", meter.congestionMarks)
  }

  /// `first_seq`, `last_seq`, `lost`, `since_start_ns`, from the first probe of all on, and `length_ns`,
  /// null while it goes on.
  mutating func fields(of outage: Outage, start: MonotonicInstant) {
    field("first_seq", outage.firstLost)
    field("last_seq", outage.lastLost)
    field("lost", outage.lost)
    field("since_start_ns", outage.start - start)
    field("length_ns", outage.length)
  }

  /// `seq`, `field` (`ttl`, `dscp` or `ecn`), `before`, `now`, and `hops`: how many the way back is
  /// longer, null where that cannot be said.
  mutating func fields(of change: ReplyChange) {
    field("seq", change.number)
    let (name, before, now) =
      switch change.kind {
      case .timeToLive(let from, let to): ("ttl", from, to)
      case .codePoint(let from, let to): ("dscp", from, to)
      case .congestionField(let from, let to): ("ecn", from, to)
      }
    field("field", name)
    field("before", before)
    field("now", now)
    guard case .timeToLive = change.kind,
      case .hops(let count) = ReturnPathMeaning(timeToLive: before, to: now)
    else { return null("hops") }
    field("hops", count)
  }
}
