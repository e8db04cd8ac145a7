import PacketText
import PacketWire
import ProbeEngine

// What several flows tell together.
extension RouteWords {
  /// How sure it is that all ways were seen, and the figures of each way, a sentence a line; nothing for a
  /// single flow.
  func ways(_ ways: RouteWays) -> [String] {
    guard let certainty = certainty(ways) else { return [] }
    guard ways.ways.count > 1, ways.turns.isEmpty else { return [certainty] }
    return [certainty]
      + ways.ways.enumerated().map { number, way in
        let by = marks(of: way, among: ways.ways)
        return "Way \(number + 1), \(Self.flows(way.flows))"
          + (by.isEmpty ? "" : ", by \(by.map { name($0) ?? "\($0)" }.joined(separator: " and "))")
          + ": \(Self.percent(way.loss.ratio)) of \(Self.rounds(way.loss.sent)) lost, "
          + "\(Self.milliseconds(way.delays.mean)) ms."
      }
  }

  /// `2 ways seen with 6 flows, …`; nil for a single flow, and before anybody has answered.
  func certainty(_ ways: RouteWays) -> String? {
    guard ways.flowCount > 1, let worst = ways.hops.max(by: { $0.missing < $1.missing }) else {
      return nil
    }
    if !ways.turns.isEmpty {
      return "Flows keep to no ways: routers take turns at "
        + "\(Self.list(ways.turns).lowercased()); --mda tells more."
    }
    let seen =
      "\(ways.ways.count == 1 ? "1 way" : "\(ways.ways.count) ways") seen with \(ways.askedCount) flows"
    if ways.isSure { return "\(seen), sure (95 %): any other would have been seen too." }
    let remedy =
      ways.askedCount < ways.flowCount
      ? "others have not had a turn yet"
      : ways.neededFlows <= RouteMonitor.Configuration.flowLimit
        ? "--flows \(ways.neededFlows) will do" : "--mda finds all"
    let flows = worst.missing == 1 ? "1 flow" : "\(worst.missing) flows"
    return
      "\(seen), not sure (95 %): \(flows) more at hop \(worst.timeToLive) would rule out another;"
      + " \(remedy)."
  }

  /// Whom only some ways pass, at the first hop where they part.
  private func marks(of way: RouteWays.Way, among ways: [RouteWays.Way]) -> [IPAddress] {
    for place in way.routers.indices {
      let routers = Set(ways.map { place < $0.routers.count ? $0.routers[place] : nil })
      if routers.count > 1, let router = way.routers[place] { return [router] }
    }
    return []
  }

  /// `flow 2`, `flows 1, 3 and 4`, from 1.
  private static func flows(_ numbers: [Int]) -> String {
    let words = numbers.map { "\($0 + 1)" }
    guard let last = words.last, words.count > 1 else { return "flow \(words.first ?? "")" }
    return "flows \(words.dropLast().joined(separator: ", ")) and \(last)"
  }

  private static func milliseconds(_ nanoseconds: Double) -> String {
    var text = TextBuffer(capacity: 16)
    text.append(Nanoseconds(Int64(nanoseconds.rounded())), in: .milliseconds, decimals: 1)
    return text.string
  }
}
