import PacketText
import PacketWire
import ProbeEngine

/// A column of figures in the live view.
enum RouteColumn: CaseIterable {
  case loss, lost, received, sent, last, mean, best, worst, deviation, geometricMean
  case jitter, meanJitter, worstJitter, smoothJitter
  case kind
  case gap

  /// One of mtr's.
  init(_ field: MonitorField) {
    self =
      switch field {
      case .blank: .gap
      case .loss: .loss
      case .dropped: .lost
      case .received: .received
      case .sent: .sent
      case .newest: .last
      case .best: .best
      case .mean: .mean
      case .worst: .worst
      case .deviation: .deviation
      case .geometricMean: .geometricMean
      case .jitter: .jitter
      case .meanJitter: .meanJitter
      case .worstJitter: .worstJitter
      case .smoothJitter: .smoothJitter
      }
  }

  /// What is shown, mtr's and its jitter's; what a narrow window gives up last comes first.
  static let figures: [RouteColumn] = [
    .loss, .last, .kind, .mean, .sent, .worst, .best, .deviation,
  ]
  static let jitters: [RouteColumn] = [
    .loss, .last, .kind, .jitter, .meanJitter, .worstJitter, .smoothJitter, .sent,
  ]

  var heading: String {
    switch self {
    case .loss: "Loss%"
    case .lost: "Drop"
    case .received: "Rcv"
    case .sent: "Snt"
    case .last: "Last"
    case .mean: "Avg"
    case .best: "Best"
    case .worst: "Wrst"
    case .deviation: "StDev"
    case .geometricMean: "Gmean"
    case .jitter: "Jttr"
    case .meanJitter: "Javg"
    case .worstJitter: "Jmax"
    case .smoothJitter: "Jint"
    case .kind, .gap: ""
    }
  }

  /// With the blank before it.
  var width: Int {
    switch self {
    case .kind: 8
    case .gap: 2
    default: 7
    }
  }

  /// Safe text; empty where there is nothing to say.
  func text(_ hop: RouteHop, _ kind: RouteVerdict.HopLoss) -> String {
    var text = TextBuffer(capacity: 16)
    switch self {
    case .loss:
      if hop.loss.sent > 0 {
        text.append(fixedPoint: Int64((hop.loss.ratio * 1_000).rounded()), places: 1)
      }
    case .lost: text.append(decimal: hop.lost)
    case .received: text.append(decimal: hop.answered)
    case .sent: text.append(decimal: hop.sent)
    case .last: Self.append(hop.last, &text)
    case .mean: Self.append(Self.delay(hop, hop.delays.mean), &text)
    case .best: Self.append(hop.answered > 0 ? hop.delays.minimum : nil, &text)
    case .worst: Self.append(hop.answered > 0 ? hop.delays.maximum : nil, &text)
    case .deviation: Self.append(Self.delay(hop, hop.delays.standardDeviation), &text)
    case .geometricMean:
      let mean = hop.geometricMean.value(from: hop.delays.minimum, to: hop.delays.maximum)
      Self.append(Self.delay(hop, mean), &text)
    case .jitter: Self.append(hop.lastChange, &text)
    case .meanJitter:
      Self.append(hop.variation.meanMagnitude.map { Nanoseconds(Int64($0.rounded())) }, &text)
    case .worstJitter:
      Self.append(hop.jitter == nil ? nil : hop.variation.magnitudes.maximum, &text)
    case .smoothJitter: Self.append(hop.jitter, &text)
    case .kind: return Self.word(hop, kind)
    case .gap: break
    }
    return text.string
  }

  private static func delay(_ hop: RouteHop, _ value: Double) -> Nanoseconds? {
    hop.answered > 0 ? Nanoseconds(Int64(value.rounded())) : nil
  }

  private static func append(_ delay: Nanoseconds?, _ text: inout TextBuffer) {
    guard let delay else { return }
    text.append(delay, in: .milliseconds, decimals: 1)
  }

  /// What the loss is, and else what is unusual about the hop.
  private static func word(_ hop: RouteHop, _ kind: RouteVerdict.HopLoss) -> String {
    switch kind {
    case .real: return "LOSS"
    case .own: return "limits"
    case .unclear: return "loss?"
    case .little: return "few"
    case .silent: return hop.sent > hop.waiting ? "silent" : ""
    case .none:
      if let mark = hop.refusal?.tracerouteMark { return mark }
      return hop.owner.alternates ? "turns" : ""
    }
  }
}
