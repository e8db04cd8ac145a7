import PacketText
import ProbeEngine

/// Short labels for the routers of a graph: the hop's number, and a letter where a hop has several.
struct GraphLabels {
  private let labels: [String]

  init(_ graph: MultipathGraph) {
    var labels = [String](repeating: "", count: graph.vertices.count)
    for hop in graph.hops {
      for (place, vertex) in hop.vertices.enumerated() {
        labels[vertex] = "\(hop.timeToLive)" + (hop.vertices.count > 1 ? Self.letters(place) : "")
      }
    }
    self.labels = labels
  }

  subscript(vertex: Int) -> String { labels.indices.contains(vertex) ? labels[vertex] : "" }

  /// a to z, then aa to az, and so on.
  private static func letters(_ place: Int) -> String {
    var (rest, letters) = (place, "")
    repeat {
      letters = String(UnicodeScalar(UInt8(97 + rest % 26))) + letters
      rest = rest / 26 - 1
    } while rest >= 0
    return letters
  }

  /// Labels of vertices that follow each other as one: `3a-3d`.
  func list(_ vertices: [Int]) -> [String] {
    var words: [String] = []
    var rest = vertices.sorted()[...]
    while let first = rest.popFirst() {
      var last = first
      while let next = rest.first, next == last + 1 {
        last = next
        rest.removeFirst()
      }
      if last - first > 1 {
        words.append("\(self[first])-\(self[last])")
      } else {
        words += (first...last).map { self[$0] }
      }
    }
    return words
  }
}
