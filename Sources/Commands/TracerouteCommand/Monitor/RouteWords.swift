import LinuxSystem
import PacketText
import PacketWire
import ProbeEngine

/// What a monitor has found, in sentences.
struct RouteWords {
  /// The target, safe to print.
  var host: String
  /// The name of an address, if it is known; safe to print.
  var name: (IPAddress) -> String?

  /// The whole judgement of a flow's path, a sentence a line.
  func judgement(_ flow: RouteFlow) -> [String] {
    var lines: [String] = []
    finding(flow).map { lines.append($0) }
    let hops = Array(zip(flow.hops, flow.verdict.hops))
    func places(_ kind: RouteVerdict.HopLoss) -> [Int] {
      hops.filter { $0.1 == kind }.map(\.0.timeToLive)
    }
    let own = places(.own)
    if !own.isEmpty {
      lines.append(
        own.count == 1
          ? "\(Self.list(own)) answers only some probes, but passes all on: that is no loss."
          : "\(Self.list(own)) answer only some probes, but pass all on: that is no loss.")
    }
    let unclear = places(.unclear)
    if !unclear.isEmpty {
      lines.append(
        "\(Self.list(unclear)) lost probes; more rounds will tell whether the path does.")
    }
    let silent = places(.silent)
    if !silent.isEmpty, flow.isReached {
      lines.append(
        silent.count == 1
          ? "\(Self.list(silent)) says nothing, but passes probes on."
          : "\(Self.list(silent)) say nothing, but pass probes on.")
    }
    let turns = flow.hops.filter(\.owner.alternates).map(\.timeToLive)
    if !turns.isEmpty {
      lines.append("\(Self.list(turns)): several routers take turns (balanced by packet).")
    }
    return lines
  }

  /// The first sentence; nil before the first round.
  func finding(_ flow: RouteFlow) -> String? {
    let loss = flow.loss
    switch flow.verdict.finding {
    case .nothingYet: return nil
    case .noLoss:
      if loss.lost == 0 { return "No loss: \(host) answered in all \(Self.rounds(loss.sent))." }
      return
        "\(host) missed \(loss.lost) of \(Self.rounds(loss.sent)): too few to call it loss."
    case .loss(let first, let last):
      return
        "Loss: \(Self.percent(loss.ratio)) of \(Self.rounds(loss.sent)) brought no answer from \(host)"
        + " (95 %: \(Self.percent(loss.lower)) to \(Self.percent(loss.upper))). It begins "
        + (first == last
          ? "on the way to \(hop(first, flow))"
          : "between \(hop(first - 1, flow)) and \(hop(last, flow))")
        + ", there or back."
    case .unreached(nil): return "Nobody has answered."
    case .unreached(let last?):
      let refusal = flow.hops.last?.refusal?.tracerouteMark.map { ", and says \($0)" } ?? ""
      return "\(host) has not answered; the last that has is \(hop(last, flow))\(refusal)."
    }
  }

  /// `12:01:07 path changed at hop 3: a -> b, and 2 more hops`
  func change(_ change: RouteChange, at time: WallInstant, flowCount: Int) -> String {
    var text = TextBuffer(capacity: 128)
    text.append(timeOfDay: time, secondsEastOfUTC: LocalTime.secondsEastOfUTC(at: time))
    guard let first = change.hops.first else { return text.string }
    text.append(flowCount > 1 ? " path of flow \(change.flow + 1)" : " path")
    text.append(
      " changed at hop \(first.timeToLive): \(peer(first.before)) -> \(peer(first.after))")
    let more = change.hops.count - 1
    if more > 0 { text.append(more == 1 ? ", and one more hop" : ", and \(more) more hops") }
    return text.string
  }

  private func hop(_ timeToLive: Int, _ flow: RouteFlow) -> String {
    guard timeToLive > 0, let hop = flow.hops.first(where: { $0.timeToLive == timeToLive })
    else { return "this host" }
    guard let address = hop.address else { return "hop \(timeToLive)" }
    return "hop \(timeToLive) (\(peer(address)))"
  }

  private func peer(_ address: IPAddress) -> String { name(address) ?? "\(address)" }

  static func rounds(_ count: Int) -> String { count == 1 ? "1 round" : "\(count) rounds" }

  static func percent(_ share: Double) -> String {
    var text = TextBuffer(capacity: 16)
    let tenths = Int64((share * 1_000).rounded())
    if tenths % 10 == 0 || tenths >= 100 {
      text.append(decimal: (tenths + 5) / 10)
    } else {
      text.append(fixedPoint: tenths, places: 1)
    }
    text.append(" %")
    return text.string
  }

  /// `Hop 2`, `Hops 2 and 5`, `Hops 2 to 4 and 7`.
  static func list(_ places: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for place in places {
      if let last = runs.last, last.upperBound + 1 == place {
        runs[runs.count - 1] = last.lowerBound...place
      } else {
        runs.append(place...place)
      }
    }
    let words = runs.flatMap { run in
      switch run.count {
      case 1: ["\(run.lowerBound)"]
      case 2: ["\(run.lowerBound)", "\(run.upperBound)"]
      default: ["\(run.lowerBound) to \(run.upperBound)"]
      }
    }
    let first = words.dropLast().joined(separator: ", ")
    return (places.count == 1 ? "Hop " : "Hops ")
      + (first.isEmpty ? "" : first + " and ") + (words.last ?? "")
  }
}
