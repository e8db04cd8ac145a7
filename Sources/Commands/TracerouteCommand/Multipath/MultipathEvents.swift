import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// The events of a multipath discovery (docs/OUTPUT.md). Each appends one line without its end.
struct MultipathEvents: TraceEventWriter {
  /// The name as it was typed.
  var host: String
  /// Where probes go.
  var target: IPAddress
  /// The name of an address, if it is known.
  var name: (IPAddress) -> String?

  /// All routers and links.
  func graph(_ graph: MultipathGraph, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.graph", at: time, &text) { event in
      event.array("vertices") { array in
        for vertex in graph.vertices { array.object { append(vertex, to: &$0) } }
      }
      event.array("edges") { array in
        for edge in graph.edges {
          array.object { object in
            object.field("from", edge.from)
            object.field("to", edge.to)
            object.field("flows", edge.flows)
            object.field("ground", edge.ground.rawValue)
          }
        }
      }
      event.field("paths", graph.pathCount)
      event.field("probes", graph.probes)
      event.array("limits") { array in
        for limit in graph.limits { array.element(limit.rawValue) }
      }
    }
  }

  private func append(_ vertex: MultipathGraph.Vertex, to object: inout JSONObject) {
    object.field("ttl", vertex.timeToLive)
    object.field("address", vertex.address)
    object.field("name", vertex.address.flatMap(name))
    object.field("flows", vertex.flows)
    object.field("probes", vertex.probes)
    object.field("answers", vertex.answers)
    if vertex.roundTrips.count > 0 {
      object.object("rtt_ns") { rtt in
        rtt.field("min", vertex.roundTrips.minimum)
        rtt.field("mean", Int64(vertex.roundTrips.mean))
        rtt.field("max", vertex.roundTrips.maximum)
      }
    } else {
      object.null("rtt_ns")
    }
    object.field("end", vertex.isEnd)
    object.field("balancing", vertex.ways.count > 1 ? vertex.balancing.rawValue : nil)
    object.field("confidence", vertex.confidence)
  }

  /// One diamond.
  func diamond(
    _ diamond: MultipathGraph.Diamond, of graph: MultipathGraph, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.diamond", at: time, &text) { event in
      event.field("divergence", diamond.divergence)
      event.field("convergence", diamond.convergence)
      event.field("first_ttl", graph.hops[diamond.hops.lowerBound].timeToLive)
      event.field("last_ttl", graph.hops[diamond.hops.upperBound - 1].timeToLive)
      event.field("width", diamond.width)
      event.field("length", diamond.length)
      event.field("asymmetric", diamond.isAsymmetric)
      event.field("nested", diamond.isNested)
      event.field("meshed", diamond.isMeshed)
      event.field("balancing", diamond.balancing.rawValue)
    }
  }

  /// One way from the first hop to the last.
  func path(
    _ path: MultipathGraph.Path, of graph: MultipathGraph, number: Int, at time: WallInstant,
    _ text: inout TextBuffer
  ) {
    begin("trace.path", at: time, &text) { event in
      event.field("path", number)
      event.array("vertices") { array in for vertex in path.vertices { array.element(vertex) } }
      event.array("addresses") { array in
        for vertex in path.vertices { array.element(graph.vertices[vertex].address) }
      }
      event.array("flows") { array in for flow in path.flows { array.element(flow) } }
      let last = path.vertices.last.map { graph.vertices[$0] }
      event.field("reached", last?.isEnd == true && last?.address == target)
    }
  }
}
