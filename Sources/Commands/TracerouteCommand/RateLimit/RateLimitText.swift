import PacketText
import PacketWire
import ProbeEngine

/// The limits of a path's routers: a table, and sentences below it.
struct RateLimitText {
  /// The name as it was typed.
  var host: String
  /// How probes are made.
  var probe: TraceProbe
  /// The name of an address, if it is known; safe to print.
  var name: (IPAddress) -> String?

  private static let columns = [4, 10, 24, 12]

  /// `rate limits on the way to host (addr), 30 hops max, 60 byte packets, 100 a second at the most`
  func start(_ configuration: RateLimitTrace.Configuration, _ text: inout TextBuffer) {
    text.append("rate limits on the way to ")
    text.append(SafeText.escaped(host))
    text.append(" (")
    text.append(probe.target)
    text.append("), ")
    if let hop = configuration.hop {
      text.append("hop ")
      text.append(decimal: hop)
      text.append(", ")
    } else {
      text.append(decimal: configuration.path.maximumTTL)
      text.append(" hops max, ")
    }
    text.append(decimal: probe.packetLength)
    text.append(" byte packets, ")
    text.append(decimal: configuration.highestRate)
    text.append(" a second at the most")
  }

  func heading(_ text: inout TextBuffer) {
    line(["hop", "answered", "errors a second", "at once"], "router", &text)
  }

  func hop(_ hop: HopRateLimit, _ text: inout TextBuffer) {
    let loss = hop.loss
    line(
      ["\(hop.timeToLive)", "\(loss.sent - loss.lost)/\(loss.sent)", limit(hop), burst(hop)],
      hop.addresses.isEmpty ? "*" : hop.addresses.map(peer).joined(separator: ", "), &text)
  }

  private func line(_ cells: [String], _ last: String, _ text: inout TextBuffer) {
    let numbers = 2
    for (place, (cell, width)) in zip(cells, Self.columns).enumerated() {
      if place > 0 { text.append("  ") }
      let start = text.count
      text.append(cell)
      if place < numbers {
        text.padLeft(from: start, to: width)
      } else {
        text.padRight(from: start, to: width)
      }
    }
    text.append("  ")
    text.append(last)
  }

  private func limit(_ hop: HopRateLimit) -> String {
    switch hop.finding {
    case .limited(let fit):
      if Self.isTooSlow(fit) { return "under \(Self.number(fit.rates.upperBound))" }
      let (low, high) = (Self.number(fit.rates.lowerBound), Self.number(fit.rates.upperBound))
      return low == high ? low : "\(Self.number(fit.rate)) (\(low) to \(high))"
    case .unlimited: return "none up to \(Self.number(hop.fastest ?? 0))"
    case .irregular(let rate): return "about \(Self.number(rate))"
    case .silent: return "silent"
    case .target:
      return hop.addresses.contains(probe.target) ? "the target, not asked" : "the end, not asked"
    case .unfinished: return "not known"
    }
  }

  private func burst(_ hop: HopRateLimit) -> String {
    guard let fit = hop.finding.fit else { return "-" }
    if fit.bursts.count == 1 { return "\(fit.burst)" }
    return "\(fit.burst) (\(fit.bursts.lowerBound) to \(fit.bursts.upperBound))"
  }

  func peer(_ address: IPAddress) -> String {
    name(address).map { "\($0) (\(address))" } ?? "\(address)"
  }

  /// No answer was seen in the long run.
  static func isTooSlow(_ fit: TokenBucketFit) -> Bool {
    fit.rates.lowerBound <= TokenBucketFit.slowest
  }

  /// With three digits: `0.25`, `9.98`, `64.2`, `100`.
  static func number(_ value: Double) -> String {
    if value < 0.01 { return "0" }
    let places = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    let scaled = Int64((value * [1, 10, 100][places]).rounded())
    var text = TextBuffer(capacity: 16)
    if places == 0 || scaled % Int64([1, 10, 100][places]) == 0 {
      text.append(decimal: scaled / Int64([1, 10, 100][places]))
    } else {
      text.append(fixedPoint: scaled, places: places)
    }
    return text.string
  }
}
