import PacketText
import PacketWire
import ProbeEngine

/// A column of the live view.
enum RouteColumn: Hashable {
  /// One of mtr's figures.
  case figure(MonitorField)
  /// What the loss is, and else what is unusual about the hop.
  case kind

  /// What is shown, mtr's and its jitter's; what a narrow window gives up last comes first.
  static let figures: [RouteColumn] = [
    .figure(.loss), .figure(.newest), .kind, .figure(.mean), .figure(.sent), .figure(.worst),
    .figure(.best), .figure(.deviation),
  ]
  static let jitters: [RouteColumn] = [
    .figure(.loss), .figure(.newest), .kind, .figure(.jitter), .figure(.meanJitter),
    .figure(.worstJitter), .figure(.smoothJitter), .figure(.sent),
  ]

  /// From left to right, where nobody chose an order.
  static let places: [RouteColumn] =
    [
      .loss, .sent, .newest, .mean, .best, .worst, .deviation, .jitter, .meanJitter, .worstJitter,
      .smoothJitter,
    ].map { figure($0) } + [.kind]

  var heading: String {
    switch self {
    case .figure(.blank), .kind: ""
    case .figure(let field): field.heading
    }
  }

  /// With the blank before it.
  var width: Int {
    switch self {
    case .kind: 8
    case .figure(.blank): 2
    case .figure: 7
    }
  }

  /// Safe text; empty where there is nothing to say.
  func text(_ hop: RouteHop, _ kind: RouteVerdict.HopLoss) -> String {
    guard case .figure(let field) = self else { return Self.word(hop, kind) }
    var text = TextBuffer(capacity: 16)
    switch field {
    case .loss:
      if hop.loss.sent > 0 {
        text.append(fixedPoint: Int64((hop.loss.ratio * 1_000).rounded()), places: 1)
      }
    case .dropped: text.append(decimal: hop.lost)
    case .received: text.append(decimal: hop.answered)
    case .sent: text.append(decimal: hop.sent)
    case .newest: Self.append(hop.last, &text)
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
    case .blank: break
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
