import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import ProbeShell

extension PingText {
  /// `no answers from hop 5 on; the last that answered is hop 4, 198.18.4.1 (time exceeded), asked with
  /// 12 probes; earlier the target answered at about 12 hops`
  func diagnosis(_ diagnosis: PathDiagnosis, _ text: inout TextBuffer) {
    if targets.count > 1 {
      text.append(SafeText.escaped(targets.label(of: diagnosis.target)))
      text.append(": ")
    }
    text.append("diagnosis: ")
    switch diagnosis.finding {
    case .silence: silence(diagnosis, &text)
    case .refusal:
      append(diagnosis.hops.last, &text)
      text.append(", stops the probes")
    case .loop:
      text.append("the probes go in circles: ")
      loop(diagnosis.hops, &text)
    case .answer:
      text.append("the target answers, at hop ")
      text.append(decimal: diagnosis.hops.last?.timeToLive ?? 0)
    }
    text.append(", asked with ")
    text.append(decimal: diagnosis.probeCount)
    text.append(diagnosis.probeCount == 1 ? " probe" : " probes")
    guard let expected = diagnosis.expectedHop else { return }
    text.append("; earlier the target answered at about ")
    text.append(decimal: expected)
    text.append(expected == 1 ? " hop" : " hops")
  }

  private func silence(_ diagnosis: PathDiagnosis, _ text: inout TextBuffer) {
    text.append("no answers from hop ")
    text.append(decimal: diagnosis.silentFrom ?? 1)
    text.append(" on")
    guard let last = diagnosis.hops.last else { return }
    text.append("; the last that answered is ")
    append(last, &text)
  }

  /// The newest of those that came again, in the order of the way.
  private func loop(_ hops: [PathDiagnosis.Hop], _ text: inout TextBuffer) {
    let circle = PathDiagnosis.circle(hops)
    for (index, hop) in circle.enumerated() {
      if index > 0 { text.append(", then ") }
      append(hop, &text)
    }
    text.append(" and again")
  }

  private func append(_ hop: PathDiagnosis.Hop?, _ text: inout TextBuffer) {
    guard let hop else { return }
    text.append("hop ")
    text.append(decimal: hop.timeToLive)
    text.append(", ")
    if let address = hop.address { appendPeer(address, &text) } else { text.append("this host") }
    guard let error = hop.error else { return }
    text.append(" (")
    text.append(error.isTimeExceeded ? "time exceeded" : error.iputilsText)
    text.append(")")
  }
}

extension PathDiagnosis {
  /// From where the last hop was first met until before it was met again.
  static func circle(_ hops: [Hop]) -> ArraySlice<Hop> {
    guard let last = hops.last,
      let first = hops.firstIndex(where: { $0.address == last.address }),
      let again = hops[(first + 1)...].firstIndex(where: { $0.address == last.address })
    else { return hops[...] }
    return hops[first..<again]
  }

  /// What became of the probes, as it stands in events.
  var findingName: String {
    switch finding {
    case .silence: "silence"
    case .refusal: "refusal"
    case .loop: "loop"
    case .answer: "answer"
    }
  }
}

extension JSONObject {
  /// The fields of `ping.diagnosis`.
  mutating func fields(of diagnosis: PathDiagnosis) {
    field("finding", diagnosis.findingName)
    field("silent_from", diagnosis.silentFrom)
    field("probes", diagnosis.probeCount)
    field("expected_hop", diagnosis.expectedHop)
    array("hops") { array in
      for hop in diagnosis.hops {
        array.object { object in
          object.field("ttl", hop.timeToLive)
          object.field("address", hop.address)
          object.field("type", hop.error?.type)
          object.field("code", hop.error?.code)
          object.field("rtt_ns", hop.roundTrip)
        }
      }
    }
  }
}
