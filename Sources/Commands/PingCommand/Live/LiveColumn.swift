import PacketText
import PacketWire
import ProbeEngine

/// A column of the live view.
enum LiveColumn: CaseIterable {
  case sent
  case loss
  case interval
  case last
  case best
  case mean
  case worst
  case jitter
  case picture

  /// What a narrow window gives up last comes first.
  static let byImportance: [LiveColumn] = [
    .loss, .last, .mean, .picture, .sent, .worst, .interval, .jitter, .best,
  ]

  /// With the blank before it; the picture takes what is left.
  var width: Int {
    switch self {
    case .sent: 7
    case .loss, .last, .best, .mean, .jitter: 8
    case .interval: 14
    case .worst: 9
    case .picture: 13
    }
  }

  var heading: String {
    switch self {
    case .sent: "sent"
    case .loss: "loss %"
    case .interval: "95 %"
    case .last: "last"
    case .best: "best"
    case .mean: "mean"
    case .worst: "p99"
    case .jitter: "jitter"
    case .picture: "last probes"
    }
  }

  /// Safe text, without blanks around it; a `-` where there is nothing to say.
  func text(_ target: LiveTarget) -> String {
    var text = TextBuffer(capacity: 16)
    append(target, &text)
    if text.isEmpty { text.append("-") }
    return text.string
  }

  private func append(_ target: LiveTarget, _ text: inout TextBuffer) {
    switch self {
    case .sent: text.append(decimal: target.sent)
    case .loss:
      if target.loss.sent > 0 { text.append(percent: target.loss.ratio) }
    case .interval:
      guard target.loss.sent > 0 else { return }
      text.append(percent: target.loss.lower)
      text.append(" to ")
      text.append(percent: target.loss.upper)
    case .last:
      if let last = target.last { text.append(milliseconds: last) }
    case .best:
      if target.received > 0 { text.append(milliseconds: target.delays.minimum) }
    case .mean:
      if let mean = target.mean { text.append(milliseconds: mean) }
    case .worst:
      guard let estimate = target.delays.estimate(of: 0.99) else { return }
      text.append(milliseconds: estimate.value)
      // Too few answers to tell.
      if !estimate.isReliable { text.append("?") }
    case .jitter:
      guard target.variation.jitterSamples > 0 else { return }
      text.append(milliseconds: Nanoseconds(rounding: target.variation.jitter))
    case .picture: break
    }
  }
}

extension LiveTarget {
  /// Of all answers; nil where there is none.
  var mean: Nanoseconds? {
    received == 0 ? nil : Nanoseconds(delays.sum.count / Int64(received))
  }
}
