import EventJSON
import FlowAnalysis
import PacketWire
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

  static func fill(_ object: inout JSONObject, _ race: StorySummary.Race) {
    object.field("name", race.name)
    object.field("port", race.port)
    object.array("questions") { array in
      for question in race.questions {
        array.object {
          $0.field("type", question.isV6 ? "AAAA" : "A")
          $0.field("query", question.query.number)
          $0.field("response", question.answer?.number)
        }
      }
    }
    object.array("attempts") { array in
      for attempt in race.attempts {
        array.object {
          $0.field("flow", "\(attempt.flow)")
          $0.field("client", attempt.client)
          $0.field("server", attempt.server)
          $0.field("syn", attempt.syn.number)
          $0.field("since_first_ns", attempt.syn.time - race.attempts[0].syn.time)
          $0.field("result", attempt.result.rawValue)
          $0.field("end", attempt.end?.number)
        }
      }
    }
    object.field("winner", race.winner.map { "\(race.attempts[$0].flow)" })
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
