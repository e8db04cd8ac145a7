import EventJSON
import PageStory

extension StoryEvents {
  static func fill(_ object: inout JSONObject, _ timing: RequestTiming) {
    object.field("flow", timing.flow.map { "\($0)" })
    object.field("label", timing.label)
    object.field("status", timing.status)
    object.field("client", timing.client)
    object.field("enciphered", timing.isEnciphered)
    object.field("request_packet", timing.packet)
    object.field("bytes", Int(timing.octets))
    object.field("start_ns", timing.start)
    object.field("end_ns", timing.end)
    object.field("whole", timing.isWhole)
    for phase in RequestTiming.Phase.allCases {
      object.field("\(phase.keyword)_ns", timing.duration(phase))
    }
  }

  static func fill(_ object: inout JSONObject, _ page: PageTime) {
    object.field("label", page.label)
    object.field("client", page.client)
    object.field("requests", page.requests)
    object.field("start_ns", page.start)
    object.field("end_ns", page.end)
    for phase in RequestTiming.Phase.allCases {
      object.field("\(phase.keyword)_ns", page.shares[phase.rawValue])
    }
    object.field("idle_ns", page.idle)
  }

  static func fill(_ object: inout JSONObject, _ spot: BlindSpot) {
    object.field("kind", spot.kind.keyword)
    object.field("what", spot.what)
    object.field("why", spot.why)
    object.field("how", spot.how)
  }
}
