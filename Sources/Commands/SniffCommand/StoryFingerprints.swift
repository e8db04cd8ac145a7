import EventJSON
import FlowAnalysis
import PacketText
import PacketWire

/// What programs are known by, of the hellos of TLS that end in a packet.
struct StoryFingerprints {
  private let hellos: TLSFacts?

  init(_ facts: PacketFacts) {
    guard case .tcp(let tcp) = facts.content else {
      hellos = nil
      return
    }
    hellos = tcp.stream?.tls
  }

  /// Each with its name in events and in text.
  private var list: [(key: String, name: String, value: String)] {
    var list: [(key: String, name: String, value: String)] = []
    if let hello = hellos?.clientHello?.message {
      list.append(("ja3", "JA3", hello.ja3))
      list.append(("ja4", "JA4", hello.ja4(isQUIC: false)))
    }
    if let hello = hellos?.serverHello?.message { list.append(("ja3s", "JA3S", hello.ja3s)) }
    return list
  }

  /// Fills in what there is.
  func fill(_ event: inout JSONObject) {
    for fingerprint in list { event.field(fingerprint.key, fingerprint.value) }
  }

  /// Appends a line each.
  func append(to text: inout TextBuffer) {
    for fingerprint in list {
      text.append("    fingerprint \(fingerprint.name)  \(fingerprint.value)")
      text.newline()
    }
  }
}
