import JSONTestSupport
import PacketWire
import Testing

@Suite("Events")
struct EventTests {
  private static let start = "{\"schema\":\"wirewalk/1\",\"event\":"
  private static let pingFields =
    "\"time_ns\":1795239179478889001,\"target\":\"www.example.test\",\"address\":\"192.0.2.9\","

  @Test("each report has the event of its kind")
  func names() throws {
    let lines = EventSamples.ping.dropFirst()
    for (line, sample) in zip(lines, EventSamples.reports) {
      #expect(try StrictJSON(line)["event"] == .string(sample.name))
    }
  }

  @Test("a reply, field for field")
  func reply() {
    #expect(
      EventSamples.ping[2] == Self.start + "\"ping.reply\"," + Self.pingFields
        + "\"seq\":65537,\"from\":\"192.0.2.9\",\"ttl\":null,\"bytes\":64,\"rtt_ns\":1234567,"
        + "\"rtt_source\":\"kernel\",\"damage\":{\"offset\":17,\"expected\":17,\"seen\":5}}")
  }

  @Test("an error, field for field")
  func error() {
    #expect(
      EventSamples.ping.first { $0.contains("\"ping.error\"") }
        == Self.start + "\"ping.error\"," + Self.pingFields
        + "\"seq\":70000,\"from\":\"198.51.100.1\",\"type\":3,\"code\":1,"
        + "\"text\":\"Destination Host Unreachable\",\"mtu\":null,\"pointer\":null,"
        + "\"gateway\":null,\"quoted_bytes\":null,\"quoted_ttl\":null,\"mpls\":[],"
        + "\"interfaces\":[],\"changes\":[]}")
  }

  @Test("the summary of a ping, field for field")
  func summary() {
    let fields = #"""
      "sent":3,"received":2,"lost":1,"duplicates":4,"corrupted":6,"late":7,\#
      "errors":5,"rejected":8,\#
      "loss":0.3333333333333333,\#
      "loss_ci95":[0.061491944720396235,0.7923403991979523],\#
      "undecided":0,"elapsed_ns":2000000000,\#
      "rtt_ns":{"min":1000,"mean":2500,"max":4000,"stddev":1500,\#
      "samples":12,"p50":14,"p50_ci95":[12,18],"p90":19,\#
      "p90_ci95":[17,null],"p99":20,"p99_ci95":[19,null]},\#
      "jitter_ns":2,"ipdv_ns":{"pairs":10,"mean":5,"min":-4,\#
      "max":7,"p90":7},"reordered":1,\#
      "reordering":{"ratio":0.08333333333333333,\#
      "extent_mean":1.0,"extent_max":1},"outages":{"count":1,\#
      "lost":2,"total_ns":2000000000,"longest_ns":2000000000,\#
      "ongoing":false},"path_changes":1,"congestion_marks":0}
      """#
    #expect(
      EventSamples.ping.last == Self.start + "\"ping.summary\"," + Self.pingFields + fields)
  }

  @Test("a trace, field for field")
  func trace() {
    let fields =
      "\"time_ns\":1795239179478889001,\"target\":\"www.example.test\",\"destination\":\"192.0.2.9\","
    #expect(
      EventSamples.trace
        == [
          "\"trace.start\",\(fields)\"source\":\"198.51.100.1\",\"method\":\"icmp\",\"first_ttl\":1,"
            + "\"max_ttl\":1,\"queries\":3,\"packet_bytes\":60}",
          "\"trace.start\",\(fields)\"source\":\"198.51.100.1\",\"method\":\"udp\",\"first_ttl\":1,"
            + "\"max_ttl\":30,\"queries\":null,\"packet_bytes\":60}",
          "\"trace.reply\",\(fields)\"ttl\":1,\"query\":0,\"from\":\"198.51.100.1\",\"rtt_ns\":345000,"
            + "\"rtt_source\":\"program\",\"icmp_type\":11,\"icmp_code\":0,\"answer_ttl\":null,\"tcp\":null,\"final\":false}",
          "\"trace.reply\",\(fields)\"ttl\":1,\"query\":2,\"from\":\"192.0.2.9\",\"rtt_ns\":678000,"
            + "\"rtt_source\":\"program\",\"icmp_type\":null,\"icmp_code\":null,\"answer_ttl\":60,\"tcp\":\"syn,ack,mss=1460\",\"final\":true}",
          "\"trace.reply\",\(fields)\"ttl\":1,\"query\":1,\"from\":null,\"rtt_ns\":null,"
            + "\"rtt_source\":null,\"icmp_type\":null,\"icmp_code\":null,\"answer_ttl\":null,\"tcp\":null,\"final\":false}",
          "\"trace.hop\",\(fields)\"ttl\":1,\"address\":\"198.51.100.1\",\"name\":\"r.example.test\","
            + "\"asn\":64500,\"as_name\":\"EXAMPLE\\\\x1b\",\"prefix\":\"198.51.100.0/24\",\"country\":\"DE\","
            + "\"from\":[null,\"198.51.100.1\",\"192.0.2.9\"],\"rtt_ns\":[null,345000,678000],"
            + "\"loss\":0.3333333333333333,\"mpls\":[16001],\"changed\":[\"DSCP\",\"header checksum\"]}",
          "\"trace.hop\",\(fields)\"ttl\":2,\"address\":null,\"name\":null,\"asn\":null,"
            + "\"as_name\":null,\"prefix\":null,\"country\":null,\"from\":[null],"
            + "\"rtt_ns\":[null],\"loss\":1.0,\"mpls\":[],\"changed\":[]}",
          "\"trace.note\",\(fields)\"ttl\":4,\"kind\":\"limited_hop\",\"text\":"
            + "\"Hop 4 answered 1 of 3 probes, while all were answered behind it: "
            + "it limits its errors and loses nothing.\"}",
          "\"trace.note\",\(fields)\"ttl\":null,\"kind\":\"other_address\",\"text\":"
            + "\"The target answered from another of its addresses, 198.51.100.1.\"}",
          "\"trace.change\",\(fields)\"field\":\"DSCP\",\"cause\":\"path_or_quotation\","
            + "\"after_ttl\":0,\"before_ttl\":1,\"ttls\":[1],\"text\":"
            + "\"before hop 1: DSCP remarked: 0 (CS0) sent, 8 (CS1) quoted (RFC 2474 §3); "
            + "only hop 1 has seen it: it may be quoted so and not have been so\"}",
          "\"trace.mtu\",\(fields)\"ttl\":1,\"mtu\":1500,\"previous_mtu\":null,\"limit\":\"own_link\","
            + "\"from\":null,\"after_ttl\":0,\"text\":\"This host's own link takes packets of 1500 octets "
            + "at the most.\"}",
          "\"trace.mtu\",\(fields)\"ttl\":3,\"mtu\":1400,\"previous_mtu\":1500,\"limit\":\"router\","
            + "\"from\":\"198.51.100.1\",\"after_ttl\":2,\"text\":\"Between hop 2 and hop 3 packets may "
            + "have 1400 octets at the most: 198.51.100.1 says so.\"}",
          "\"trace.end\",\(fields)\"reached\":false,\"final_ttl\":null,\"probes\":1}",
          "\"trace.end\",\(fields)\"reached\":true,\"final_ttl\":1,\"probes\":3}",
        ].map { Self.start + $0 })
  }
}

@Suite("docs/OUTPUT.md and the events")
struct OutputDocumentTests {
  @Test("every event and field that is printed is described, and as it is described")
  func printedIsDescribed() throws {
    let document = try OutputDocument()
    for line in EventSamples.lines {
      guard case .object(let fields) = try StrictJSON(line),
        case .string(let event)? = fields.first(where: { $0.name == "event" })?.value
      else {
        Issue.record("no event: \(line)")
        continue
      }
      #expect(fields.prefix(2).map(\.name) == ["schema", "event"])
      let known = try #require(document.events[event], "\(event) is not described")
      let problems = known.problems(with: Array(fields.dropFirst(2)), path: "")
      #expect(problems == [], "\(event): \(line)")
    }
  }

  @Test("every event and field that is described is printed, with and without a value")
  func describedIsPrinted() throws {
    let document = try OutputDocument()
    var seen: [String: FieldsSeen] = [:]
    for line in EventSamples.lines {
      guard case .object(let fields) = try StrictJSON(line), fields.count > 1,
        case .string(let event) = fields[1].value
      else { continue }
      seen[event, default: FieldsSeen()].add(Array(fields.dropFirst(2)), path: "")
    }
    #expect(document.events.count >= 16)
    for (name, event) in document.events {
      let seen = try #require(seen[name], "\(name) is never printed")
      for field in event.fields.values {
        #expect(seen.withValue.contains(field.path), "\(name): \(field.path) never has a value")
        if field.none == .null {
          #expect(seen.null.contains(field.path), "\(name): \(field.path) is never null")
        }
        if field.none == .absent {
          let owners = seen.owners[OutputDocument.owner(of: field.path), default: 0]
          let count = seen.counts[field.path, default: 0]
          #expect(count < owners, "\(name): \(field.path) is never absent")
        }
      }
    }
  }
}
