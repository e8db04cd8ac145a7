import EventJSON
import PacketText
import PacketWire
import ProbeEngine

extension MonitorEvents {
  /// What several flows tell together.
  func ways(_ ways: RouteWays, at time: WallInstant, _ text: inout TextBuffer) {
    begin("trace.ways", at: time, &text) { event in
      event.field("flows", ways.flowCount)
      event.field("sure", ways.isSure)
      event.field("needed_flows", ways.neededFlows)
      event.array("ways") { array in
        for way in ways.ways {
          array.object { object in
            object.array("flows") { flows in for flow in way.flows { flows.element(flow) } }
            object.array("addresses") { hops in for hop in way.routers { hops.element(hop) } }
            object.field("rounds", way.loss.sent)
            object.field("lost", way.loss.lost)
            object.field("mean_ns", Int64(way.delays.mean.rounded()))
          }
        }
      }
      event.array("hops") { array in
        for hop in ways.hops {
          array.object { object in
            object.field("ttl", hop.timeToLive)
            object.array("addresses") { routers in
              for router in hop.routers { routers.element(router) }
            }
            object.field("flows", hop.flows)
            object.field("missing", hop.missing)
          }
        }
      }
      event.array("turns") { array in for hop in ways.turns { array.element(hop) } }
    }
  }
}
