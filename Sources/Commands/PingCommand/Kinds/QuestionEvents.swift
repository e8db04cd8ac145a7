import EventJSON
import PacketText
import PacketWire
import ProbeEngine

/// What answers that are no echo replies say, as fields of an event.
enum QuestionEvents {
  /// Adds what a reply says, and how sure it is that it answers our probe.
  static func append(
    _ reply: QuestionReply, proof: QuestionReply.Proof, offset: ClockOffset?,
    to event: inout JSONObject
  ) {
    event.field("proof", name(of: proof))
    switch reply.content {
    case .timestamps(let stamps):
      event.object("timestamps") { object in
        object.field("receive_ms", stamps.receive.milliseconds)
        object.field("transmit_ms", stamps.transmit.milliseconds)
        guard let offset else { return object.null("clock_offset_ns") }
        object.object("clock_offset_ns") { object in
          object.field("estimate", offset.estimate)
          object.field("lower", offset.lower)
          object.field("upper", offset.upper)
        }
      }
    case .addressMask(let mask):
      event.object("mask") { object in
        object.field("address", IPAddress.v4(mask.mask))
        object.field("prefix_length", mask.prefixLength)
      }
    case .information: return
    case .node(let answer): event.object("node") { append(answer, to: &$0) }
    case .interface(let code, let state):
      event.object("interface") { object in
        object.field("code", code)
        object.field("text", QuestionText.name(ofCode: code))
        object.field("active", state.isActive)
        object.field("ipv4", state.runsIPv4)
        object.field("ipv6", state.runsIPv6)
        object.field("neighbor", state.rawValue >> 5)
      }
    }
  }

  private static func name(of proof: QuestionReply.Proof) -> String {
    switch proof {
    case .keyed: "keyed"
    case .numbersOnly: "numbers"
    case .none: "none"
    }
  }

  private static func append(_ answer: NodeAnswer, to object: inout JSONObject) {
    switch answer {
    case .nothing: object.field("answer", "nothing")
    case .names(let names, let timeToLive):
      object.field("answer", "names")
      object.field("ttl_s", timeToLive)
      object.array("names") { array in
        for name in names { array.element(QuestionText.text(of: name)) }
      }
    case .addresses(let entries, let isTruncated):
      object.field("answer", "addresses")
      object.field("truncated", isTruncated)
      object.array("addresses") { array in
        for entry in entries {
          array.object {
            $0.field("address", entry.address)
            $0.field("ttl_s", entry.timeToLive)
          }
        }
      }
    case .refused: object.field("answer", "refused")
    case .unknownType: object.field("answer", "unknown_type")
    case .unknown(let code, let type):
      object.field("answer", "unknown")
      object.field("code", code)
      object.field("qtype", type.rawValue)
    case .malformed(let error):
      object.field("answer", "malformed")
      object.field("problem", "\(error)")
    }
  }
}
