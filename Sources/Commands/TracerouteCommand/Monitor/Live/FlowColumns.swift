import PacketText
import PacketWire
import ProbeEngine
import TerminalText

/// All flows beside each other: a row a hop, a column a flow with who answers there, how slowly and with which
/// loss. Routers of a hop have letters, which are told below.
struct FlowColumns {
  var table: RouteTable
  var name: (IPAddress) -> String

  private static let width = 14
  private static let letters = "ABCDEFGHIJKLMNOP".map { String($0) }

  /// A heading and at most `room` lines.
  func lines(_ flows: [RouteFlow], room: Int) -> [String] {
    let shown = flows.prefix(max(1, (table.columns - 4) / Self.width))
    guard table.columns >= 4 + Self.width else { return [table.dim("too narrow: d")] }
    var lines = [heading(Array(shown), of: flows.count)]
    var keys: [String] = []
    for timeToLive in 1...max(1, flows.compactMap { $0.hops.last?.timeToLive }.max() ?? 1) {
      let hops = flows.map { flow in flow.hops.first { $0.timeToLive == timeToLive } }
      guard hops.contains(where: { $0 != nil }) else { continue }
      var sources: [IPAddress] = []
      for case let source? in hops.map({ $0?.address }) where !sources.contains(source) {
        sources.append(source)
      }
      var line = RouteTable.right("\(timeToLive)", 3) + " "
      for (place, flow) in shown.enumerated() {
        line += cell(hops[place], of: flow, sources)
      }
      lines.append(line)
      let known = zip(Self.letters, sources).map { "\($0) \(name($1))" }.joined(separator: "  ")
      keys.append(RouteTable.right("\(timeToLive)", 3) + "  \(known)")
    }
    let rows = Array(lines.prefix(room + 1))
    let left = room + 1 - rows.count
    guard left > 1 else { return rows }
    return rows + ([""] + keys).prefix(left).map { table.dim($0) }
  }

  private func heading(_ flows: [RouteFlow], of count: Int) -> String {
    var line = "    "
    for flow in flows {
      line += RouteTable.right("flow \(flow.number + 1)", Self.width)
    }
    if flows.count < count { line += " +\(count - flows.count)" }
    return table.style.styled(DisplayWidth.clipped(line, to: table.columns), as: .emphasis)
  }

  /// `  A  12.3   0%`
  private func cell(_ hop: RouteHop?, of flow: RouteFlow, _ sources: [IPAddress]) -> String {
    guard let hop else { return String(repeating: " ", count: Self.width) }
    guard let address = hop.address else { return RouteTable.right("???", Self.width) }
    let place = sources.firstIndex(of: address) ?? 0
    var text = TextBuffer(capacity: 24)
    text.append(Self.letters[min(place, Self.letters.count - 1)])
    let start = text.count
    text.append(Nanoseconds(Int64(hop.delays.mean.rounded())), in: .milliseconds, decimals: 1)
    text.padLeft(from: start, to: 7)
    let mark = text.count
    text.append(decimal: Int((hop.loss.ratio * 100).rounded()))
    text.append("%")
    text.padLeft(from: mark, to: 5)
    let cell = RouteTable.right(text.string, Self.width)
    let verdict = hop.timeToLive - (flow.hops.first?.timeToLive ?? 1)
    let kind = flow.verdict.hops.indices.contains(verdict) ? flow.verdict.hops[verdict] : .none
    return kind == .real ? table.style.styled(cell, as: .bad) : cell
  }
}
