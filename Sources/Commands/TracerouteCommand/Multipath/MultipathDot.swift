import PacketText
import PacketWire
import ProbeEngine

/// All ways to a target in the language of Graphviz: `dot -Tsvg`.
struct MultipathDot {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?

  /// The graph, each line ended.
  func graph(_ graph: MultipathGraph, _ text: inout TextBuffer) {
    text.append("digraph multipath {\n  label=")
    text.append(quoted: "ways to \(host) (\(target)), \(graph.probes) probes")
    text.append(";\n  node [shape=box, fontname=\"monospace\"];\n")
    for (index, vertex) in graph.vertices.enumerated() { node(index, vertex, &text) }
    for hop in graph.hops where hop.vertices.count > 1 {
      text.append("  { rank=same;")
      for vertex in hop.vertices {
        text.append(" n")
        text.append(decimal: vertex)
        text.append(";")
      }
      text.append(" }\n")
    }
    for edge in graph.edges { line(edge, &text) }
    text.append("}\n")
  }

  private func node(
    _ index: Int, _ vertex: MultipathGraph.Vertex, _ text: inout TextBuffer
  ) {
    text.append("  n")
    text.append(decimal: index)
    text.append(" [label=")
    var lines = ["\(vertex.timeToLive)"]
    if let address = vertex.address {
      if let name = name(address) { lines.append(name) }
      lines.append("\(address)")
    } else {
      lines.append("*")
    }
    if vertex.answers > 0 {
      var time = TextBuffer(capacity: 16)
      time.append(Nanoseconds(Int64(vertex.roundTrips.mean)), in: .milliseconds, decimals: 3)
      time.append(" ms")
      lines.append(time.string)
    }
    text.append(quoted: lines)
    if vertex.address == nil { text.append(", style=dashed") }
    if vertex.isEnd { text.append(", peripheries=2") }
    if vertex.balancing == .packet { text.append(", style=bold, xlabel=\"by packet\"") }
    text.append("];\n")
  }

  private func line(_ edge: MultipathGraph.Edge, _ text: inout TextBuffer) {
    text.append("  n")
    text.append(decimal: edge.from)
    text.append(" -> n")
    text.append(decimal: edge.to)
    switch edge.ground {
    case .flow:
      text.append(" [label=\"")
      text.append(decimal: edge.flows)
      text.append("\"]")
    case .only: text.append(" [style=dotted]")
    case .chance: text.append(" [style=dashed]")
    }
    text.append(";\n")
  }
}

extension TextBuffer {
  /// Appends a string of Graphviz, a line for each of `lines`: in one, a quotation mark and a backslash
  /// have a backslash before them, and `\n` ends a line. What a terminal would not show was made text
  /// before.
  fileprivate mutating func append(quoted lines: [String]) {
    append("\"")
    for (place, line) in lines.enumerated() {
      if place > 0 { append("\\n") }
      for octet in SafeText.escaped(line).utf8 {
        if octet == 0x22 || octet == 0x5c { append(octet: 0x5c) }
        append(octet: octet)
      }
    }
    append("\"")
  }

  fileprivate mutating func append(quoted line: String) { append(quoted: [line]) }
}
