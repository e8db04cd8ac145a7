import PacketText
import PacketWire
import ProbeEngine

/// All ways to a target as lines for people, none of them longer than the screen but for names.
struct MultipathText {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?
  /// Columns of the screen.
  var width = 80
  /// How many ways are listed with their flows.
  var pathLimit = 16

  /// The graph, each line ended.
  func graph(
    _ graph: MultipathGraph, _ configuration: MultipathConfiguration, _ text: inout TextBuffer
  ) {
    let labels = GraphLabels(graph)
    let rows = graph.vertices.map { router($0) }
    let labelWidth = graph.vertices.indices.map { labels[$0].utf8.count }.max() ?? 0
    // Longer ones push what stands behind them.
    let nameWidth = min(rows.map(\.unicodeScalars.count).max() ?? 0, width / 2)
    for hop in graph.hops {
      for vertex in hop.vertices {
        line(vertex, graph, labels, rows[vertex], (labelWidth, nameWidth), &text)
      }
    }
    text.newline()
    for diamond in graph.diamonds { line(diamond, labels, &text) }
    paths(graph, labels, &text)
    ending(graph, configuration, &text)
  }

  // MARK: Routers

  /// ` 2a  198.18.2.1   6.012 ms  5 flows  -> 3`
  private func line(
    _ index: Int, _ graph: MultipathGraph, _ labels: GraphLabels, _ router: String,
    _ widths: (label: Int, name: Int), _ text: inout TextBuffer
  ) {
    let start = text.count
    let vertex = graph.vertices[index]
    text.append(labels[index])
    text.padRight(from: start, to: widths.label + 2)
    text.append(router)
    text.append(repeating: 0x20, count: max(widths.name - router.unicodeScalars.count, 0) + 2)
    let time = text.count
    if vertex.answers > 0 {
      text.append(
        Nanoseconds(Int64(vertex.roundTrips.mean)), in: .milliseconds, decimals: 3)
      text.append(" ms")
    }
    text.padLeft(from: time, to: 11)
    let indentation = widths.label + widths.name + 15
    let words = ways(vertex, graph, labels) + remarks(index, graph, labels)
    var column = indentation + max(router.unicodeScalars.count - widths.name, 0)
    for word in words {
      if column + 2 + word.utf8.count > width, column > indentation {
        text.newline()
        text.append(repeating: 0x20, count: indentation)
        column = indentation
      }
      text.append("  ")
      text.append(word)
      column += 2 + word.utf8.count
    }
    text.newline()
  }

  /// The name and the address, or a star for silence.
  private func router(_ vertex: MultipathGraph.Vertex) -> String {
    guard let address = vertex.address else { return "*" }
    guard let name = name(address) else { return "\(address)" }
    return "\(SafeText.escaped(name)) (\(address))"
  }

  private func ways(
    _ vertex: MultipathGraph.Vertex, _ graph: MultipathGraph, _ labels: GraphLabels
  ) -> [String] {
    guard !vertex.ways.isEmpty else { return [] }
    var words = labels.list(vertex.ways.map { graph.edges[$0].to })
    words[0] = "-> " + words[0]
    return words
  }

  private func remarks(
    _ index: Int, _ graph: MultipathGraph, _ labels: GraphLabels
  ) -> [String] {
    let vertex = graph.vertices[index]
    var remarks: [String] = []
    if vertex.ways.count > 1 { remarks.append(vertex.balancing.text) }
    let lost = vertex.probes - vertex.answers
    if lost > 0 { remarks.append("(\(lost) of \(vertex.probes) lost)") }
    if let address = vertex.address,
      let first = graph.vertices.firstIndex(where: { $0.address == address }), first != index
    {
      remarks.append("(the same as \(labels[first]))")
    }
    if vertex.isEnd {
      remarks.append(vertex.address == target ? "the target" : "refuses to go on")
    } else if vertex.ways.isEmpty, vertex.address != nil {
      remarks.append("(nothing answers behind it)")
    }
    return remarks
  }

  // MARK: Below

  /// `diamond 1 to 3: 4 ways wide, 2 hops long, balanced by flow`
  private func line(
    _ diamond: MultipathGraph.Diamond, _ labels: GraphLabels, _ text: inout TextBuffer
  ) {
    let from = diamond.divergence.map { labels[$0] } ?? "here"
    let to = diamond.convergence.map { labels[$0] } ?? "its end"
    var words = [
      "diamond \(from) to \(to): \(diamond.width) wide", "\(diamond.length) hops long",
      diamond.balancing.sentence,
    ]
    if diamond.isAsymmetric { words.append("ways of different lengths") }
    if diamond.isMeshed {
      words.append("meshed")
    } else if diamond.isNested {
      words.append("parting again inside")
    }
    var column = 0
    for (place, word) in words.enumerated() {
      if place > 0 {
        text.append(",")
        let isFull = column + word.utf8.count + 3 > width
        text.append(isFull ? "\n  " : " ")
        column = isFull ? 2 : column + 2
      }
      text.append(word)
      column += word.utf8.count
    }
    text.newline()
  }

  /// Each way, and which flows take it, if there are several and not too many.
  private func paths(
    _ graph: MultipathGraph, _ labels: GraphLabels, _ text: inout TextBuffer
  ) {
    let count = graph.pathCount
    guard count > 1, count <= pathLimit else { return }
    for path in graph.paths(limit: pathLimit) {
      text.append("way ")
      for (place, vertex) in path.vertices.enumerated() {
        if place > 0 { text.append(" ") }
        text.append(labels[vertex])
      }
      if let first = path.flows.first {
        text.append(path.flows.count == 1 ? ": flow " : ": flows ")
        text.append(decimal: first)
        for flow in path.flows.dropFirst().prefix(3) {
          text.append(", ")
          text.append(decimal: flow)
        }
        if path.flows.count > 4 {
          text.append(" and ")
          text.append(decimal: path.flows.count - 4)
          text.append(" more")
        }
      }
      text.newline()
    }
  }

  /// What it cost and how certain it is.
  private func ending(
    _ graph: MultipathGraph, _ configuration: MultipathConfiguration, _ text: inout TextBuffer
  ) {
    let count = graph.pathCount
    text.append(decimal: count)
    text.append(count == 1 ? " way, " : " ways, ")
    text.append(decimal: graph.probes)
    text.append(" probes; a way behind a router is missed at most ")
    text.append(
      fixedPoint: Int64((configuration.rule.failureBound * 10_000).rounded()), places: 2)
    text.append(" % of the time\n")
    for limit in graph.limits {
      text.append("not complete: ")
      text.append(limit.sentence)
      text.newline()
    }
  }
}

extension MultipathBalancing {
  /// In a router's line.
  fileprivate var text: String {
    switch self {
    case .untested, .flow: "by flow"
    case .packet: "by packet"
    }
  }

  /// In a diamond's line.
  fileprivate var sentence: String {
    switch self {
    case .untested: "balanced by flow (not tested for more)"
    case .flow: "balanced by flow"
    case .packet: "balanced by packet: no flow keeps to a way"
    }
  }
}

extension MultipathLimit {
  /// What it was, for people.
  fileprivate var sentence: String {
    switch self {
    case .flows: "too few flows pass some router to be as certain of it"
    case .width: "a hop has more routers than are told apart"
    case .probes: "all probes that were allowed are used up"
    case .time: "the time that was allowed is over"
    case .interrupted: "it was interrupted"
    }
  }
}
