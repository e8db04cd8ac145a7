import PacketText
import PacketWire
import ProbeEngine

// What the table means, in sentences.
extension RateLimitText {
  /// A word for programs, the hop it is about, and what is said.
  typealias Sentence = (kind: String, timeToLive: Int?, text: String)

  /// One a finding.
  func sentences(
    _ hops: [HopRateLimit], _ configuration: RateLimitTrace.Configuration
  ) -> [Sentence] {
    guard !hops.isEmpty else {
      return [
        (
          "silence", configuration.hop,
          configuration.hop.map { "Nobody has answered at hop \($0)." } ?? "Nobody has answered."
        )
      ]
    }
    var found: [Sentence] = []
    for hop in hops {
      if let text = limit(of: hop) { found.append(("rate_limit", hop.timeToLive, text)) }
      if hop.addresses.count > 1 {
        found.append(
          (
            "several_addresses", hop.timeToLive,
            "\(hop.addresses.count) routers answer at hop \(hop.timeToLive): its figures are of all"
              + " of them."
          ))
      }
    }
    found += losses(hops)
    for (finding, kind, one, more) in Self.states {
      let places = hops.filter { $0.finding == finding }.map(\.timeToLive)
      guard let first = places.first else { continue }
      found.append((kind, first, RouteWords.list(places) + (places.count == 1 ? one : more)))
    }
    if configuration.hop != nil, let target = hops.first(where: { $0.finding == .target }) {
      found.append(
        (
          "target", target.timeToLive,
          "The target answers these probes with no errors; UDP probes are answered with some."
        ))
    }
    if hops.contains(where: { $0.finding == .unlimited }),
      !found.contains(where: { $0.kind == "rate_limit" }),
      !hops.contains(where: { $0.finding == .unfinished })
    {
      let rate = Self.number(Double(configuration.highestRate))
      found.insert(
        ("no_limit", nil, "No router that was asked limits its errors up to \(rate) a second."),
        at: 0)
    }
    return found
  }

  private static let states: [(HopRateLimit.Finding, String, String, String)] = [
    (
      .silent, "silent_hops", " says nothing, but passes probes on.",
      " say nothing, but pass probes on."
    ),
    (
      .unfinished, "unfinished", " was not asked long enough to say.",
      " were not asked long enough to say."
    ),
  ]

  private func limit(of hop: HopRateLimit) -> String? {
    let who =
      "Hop \(hop.timeToLive)"
      + (hop.addresses.first.map { " (" + (name($0) ?? "\($0)") + ")" } ?? "")
    switch hop.finding {
    case .limited(let fit):
      let linux = isLinux(fit) ? ", as Linux does if nothing else is set" : ""
      let rate =
        Self.isTooSlow(fit)
        ? "less than \(Self.number(fit.rates.upperBound))" : Self.number(fit.rate)
      return "\(who) limits its errors to \(rate) a second, "
        + (fit.burst == 1 ? "never two at once" : "\(fit.burst) at once")
        + "\(linux): what it does not answer beyond that is not lost."
    case .irregular(let rate):
      return "\(who) answers fewer of fast probes, some \(Self.number(rate)) a second at the most:"
        + " it limits its errors, but not by a steady rate."
    default: return nil
    }
  }

  /// 6 at once, and one a second in IPv4; in IPv6 ten, or by the prefix that leads back, as older ones do, 1, 2,
  /// 4, 8 or 16 (net/ipv4/inetpeer.c, net/ipv6/icmp.c).
  private func isLinux(_ fit: TokenBucketFit) -> Bool {
    guard fit.bursts.contains(6) else { return false }
    let rates = probe.target.family == .v4 ? [1] : [1, 2, 4, 8, 10, 16.1]
    return rates.contains { fit.rates.contains($0) }
  }

  /// Of hops without a limit; where the same loss goes on, it is said once.
  private func losses(
    _ hops: [HopRateLimit]
  ) -> [Sentence] {
    var found: [Sentence] = []
    var isTold = false
    for (hop, loss) in zip(hops, HopRateLimit.losses(of: hops)) {
      let share =
        "\(RouteWords.percent(hop.loss.ratio)) (95 %: \(RouteWords.percent(hop.loss.lower)) to "
        + "\(RouteWords.percent(hop.loss.upper)))"
      let place = hop.timeToLive
      switch loss {
      case .none: break
      case .own:
        found.append(
          (
            "own_loss", place,
            "Hop \(place) leaves out \(share) of its answers at any rate; hops behind it leave out"
              + " fewer, so the path loses nothing there."
          ))
      case .goesOn where !isTold:
        isTold = true
        found.append(
          (
            "loss", place,
            "From hop \(place) on \(share) of the probes are lost at any rate, and as many behind it:"
              + " that is real loss, no limit."
          ))
      case .goesOn: break
      case .unclear where !isTold:
        found.append(
          (
            "loss", place,
            "Hop \(place) leaves \(share) of the probes without an answer at any rate; --report"
              + " tells whether that goes on to the target."
          ))
      case .unclear: break
      }
    }
    return found
  }
}
