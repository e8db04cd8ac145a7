import EventJSON
import FlowAnalysis
import PacketText
import PacketWire
import PageStory

/// The events of `sniff-swift --story --json` (docs/OUTPUT.md). Each appends one line without its
/// end.
struct StoryEvents {
  func append(
    _ step: StoryStep, _ facts: PacketFacts, at time: WallInstant, to text: inout TextBuffer
  ) {
    text.appendEvent("story.step") { event in
      event.field("number", step.number)
      event.field("time_ns", time)
      event.field("since_start_ns", step.time)
      event.field("layer", step.layer.rawValue)
      event.field("layer_name", step.layer.name)
      event.field("protocol", step.protocolName)
      event.field("flow", step.flow.map { "\($0)" })
      event.field("phase", step.phase.keyword)
      event.field("bytes", step.length)
      event.field("vlan", facts.vlan)
      if let tunnel = facts.tunnel {
        event.object("tunnel") { object in
          object.field("kind", tunnel.kind.rawValue)
          object.field("source", tunnel.source)
          object.field("destination", tunnel.destination)
          object.field("depth", tunnel.depth)
        }
      }
      event.field("sentence", step.sentence)
      StoryFingerprints(facts).fill(&event)
      event.array("because") { array in
        for number in step.because { array.element(number) }
      }
      if case .tcp(let tcp) = facts.content, let stream = tcp.stream {
        Self.fill(&event, webSocketOf: stream, at: facts.mark)
      }
    }
  }

  func append(_ summary: StorySummary, to text: inout TextBuffer) {
    text.appendEvent("story.summary") { event in
      event.field("packets", summary.packets)
      event.field("bytes", summary.octets)
      event.field("duration_ns", summary.duration)
      event.array("handshakes") { array in
        for handshake in summary.handshakes { array.object { Self.fill(&$0, handshake) } }
      }
      event.array("lookups") { array in
        for lookup in summary.lookups { array.object { Self.fill(&$0, lookup) } }
      }
      event.array("races") { array in
        for race in summary.races { array.object { Self.fill(&$0, race) } }
      }
      event.array("exchanges") { array in
        for exchange in summary.exchanges { array.object { Self.fill(&$0, exchange) } }
      }
      event.array("encryptions") { array in
        for encryption in summary.encryptions { array.object { Self.fill(&$0, encryption) } }
      }
      event.array("websockets") { array in
        for socket in summary.webSockets { array.object { Self.fill(&$0, socket) } }
      }
      event.array("phases") { array in
        for span in summary.spans { array.object { Self.fill(&$0, span) } }
      }
      event.array("timings") { array in
        for timing in summary.timings { array.object { Self.fill(&$0, timing) } }
      }
      event.array("pages") { array in
        for page in summary.pages { array.object { Self.fill(&$0, page) } }
      }
      event.array("warnings") { array in
        for warning in summary.warnings { array.element(warning.sentence) }
      }
      event.array("blind_spots") { array in
        for spot in summary.blindSpots { array.object { Self.fill(&$0, spot) } }
      }
      event.array("unseen") { array in
        for sentence in summary.unseen { array.element(sentence) }
      }
      event.array("missing") { array in
        for sentence in summary.missing { array.element(sentence) }
      }
    }
  }

  private static func fill(_ object: inout JSONObject, _ handshake: StorySummary.Handshake) {
    object.field("flow", "\(handshake.flow)")
    object.field("client", handshake.client.address)
    object.field("client_port", handshake.client.port)
    object.field("server", handshake.server.address)
    object.field("server_port", handshake.server.port)
    object.field("server_name", handshake.server.name?.text)
    object.field("syn", handshake.packets.syn.number)
    object.field("syn_ack", handshake.packets.synAck.number)
    object.field("ack", handshake.packets.ack.number)
  }

  private static func fill(_ object: inout JSONObject, _ lookup: StorySummary.Lookup) {
    object.field("question", lookup.question)
    object.field("answer", lookup.answer)
    object.field("query", lookup.query.number)
    object.field("response", lookup.response?.number)
  }

  private static func fill(_ object: inout JSONObject, _ exchange: StorySummary.Exchange) {
    object.field("flow", exchange.flow.map { "\($0)" })
    object.field("request", exchange.request)
    object.field("status", exchange.status)
    object.field("request_packet", exchange.requestStart.number)
    object.field("response_packet", exchange.responseStart?.number)
    object.field("last_packet", exchange.responseEnd?.number)
    object.field("body_bytes", exchange.bodyOctets)
    object.field("incomplete", exchange.isIncomplete)
  }

  private static func fill(_ object: inout JSONObject, _ encryption: StorySummary.Encryption) {
    object.field("flow", "\(encryption.flow)")
    object.field("client_hello", encryption.clientHello?.number)
    object.field("server_hello", encryption.serverHello?.number)
    object.field("site", encryption.site)
    object.field("agreed", encryption.agreed)
    for fingerprint in encryption.fingerprints {
      object.field(fingerprint.name.lowercased(), fingerprint.value)
    }
  }

  private static func fill(_ object: inout JSONObject, _ span: StorySummary.Span) {
    object.field("phase", span.phase.keyword)
    object.field("flow", "\(span.flow)")
    object.field("label", span.label)
    object.field("first_packet", span.numbers.lowerBound)
    object.field("last_packet", span.numbers.upperBound)
    object.field("start_ns", span.start)
    object.field("end_ns", span.end)
    object.field("packets", span.packets)
    object.field("bytes", span.octets)
  }
}
