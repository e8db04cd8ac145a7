import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// A search for the path MTU in events (docs/OUTPUT.md).
struct MTUEvents {
  var targets: PingTargets

  func step(_ step: MTUStep, at time: WallInstant, _ text: inout TextBuffer) {
    text.appendEvent("ping.mtu_step") { event in
      head(time, &event)
      event.field("packet_bytes", step.packetLength)
      event.field("probes", step.tries)
      var roundTrip: Nanoseconds?
      var said: (mtu: Int?, by: IPAddress?)
      switch step.outcome {
      case .passed(let time):
        event.field("outcome", "passed")
        roundTrip = time
      case .tooBig(let mtu, let router):
        event.field("outcome", "too_big")
        said = (mtu == 0 ? nil : mtu, router)
      case .refused: event.field("outcome", "refused")
      case .silent: event.field("outcome", "silent")
      }
      event.field("rtt_ns", roundTrip)
      event.field("from", said.by)
      event.field("next_hop_mtu", said.mtu)
    }
  }

  func result(_ result: MTUResult, at time: WallInstant, _ text: inout TextBuffer) {
    text.appendEvent("ping.mtu") { event in
      head(time, &event)
      event.field("path_mtu", result.passing)
      event.field("too_long", result.failing)
      event.field("exact", result.isExact)
      event.field("limit", result.limit?.rawValue)
      event.array("misleading") { array in
        for router in result.misleading { array.element("\(router)") }
      }
      event.field("probes", result.probes)
    }
  }

  private func head(_ time: WallInstant, _ event: inout JSONObject) {
    event.field("time_ns", time)
    event.field("target", targets.name(of: 0))
    event.field("address", targets.targets[0].address)
  }
}
