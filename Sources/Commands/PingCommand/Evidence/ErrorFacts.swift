import EventJSON
import PacketText
import PacketWire
import ProbeEngine
import ProbeEvidence
import ProbeShell

/// Everything that an ICMP error tells.
struct ErrorFacts: Hashable, Sendable {
  /// What it says beyond type and code.
  var detail: ICMPErrorDetail
  /// What was changed of the probe before it was quoted; `nil` where that is not known.
  var alteration: ProbeAlteration?
  /// The probe, as it was sent.
  var sent: SentDatagram?
  /// The error's own octets were there to be read, and not only what the kernel tells of it.
  var isWhole: Bool

  /// What the report alone tells: the kernel's error queue has no more.
  init(_ report: ICMPErrorReport) {
    detail = ICMPErrorDetail(report)
    isWhole = false
  }

  /// What a packet tells.
  init(_ report: ICMPErrorReport, packet: EvidencePacket?, sent: SentDatagram?) {
    self.init(report)
    self.sent = sent
    guard let packet, packet.header != .rebuilt(knowsHopLimit: false),
      let whole = ICMPErrorDetail(packet.octets.span, framing: .packet, family: report.family)
    else { return }
    (detail, isWhole) = (whole, true)
    guard let sent else { return }
    alteration = try? ProbeAlteration(
      sent: sent, quotation: packet.octets.span.extracting(whole.quotation),
      isTimeExceeded: whole.isTimeExceeded)
  }
}

// MARK: - Text

extension ErrorFacts {
  /// Lines to stand below that of the error, each behind a line's end.
  func appendLines(to text: inout TextBuffer) {
    Self.newLine(&text)
    if isWhole {
      text.append(detail, about: sent)
    } else {
      if let mtu = detail.nextHopMTU, mtu > 0 {
        text.append("next-hop MTU ")
        text.append(decimal: mtu)
        text.append("; ")
      }
      text.append("told by this host's error queue, which keeps no more of it")
    }
    guard let alteration else { return }
    for change in alteration.changes {
      Self.newLine(&text)
      text.append(change)
    }
    // As it should be, and as it is nearly always; or from the first router.
    guard alteration.hopsLeft != .asArrived, alteration.hopsLeft != .taken(0) else { return }
    Self.newLine(&text)
    text.append(alteration.hopsLeft)
  }

  private static func newLine(_ text: inout TextBuffer) { text.append("\n    ") }
}

// MARK: - JSON

extension ErrorFacts {
  /// The fields of `ping.error` behind type, code and text.
  func appendFields(to event: inout JSONObject) {
    event.field("mtu", detail.nextHopMTU.flatMap { $0 > 0 ? $0 : nil })
    event.field("pointer", detail.pointer)
    event.field("gateway", detail.gateway.map { IPAddress.v4($0) })
    event.field("quoted_bytes", isWhole ? detail.quotedCount : nil)
    event.field("quoted_ttl", quotedTimeToLive)
    event.array("mpls") { array in
      for label in detail.extensions?.labels ?? [] {
        array.object { object in
          object.field("label", label.label)
          object.field("traffic_class", label.trafficClass)
          object.field("bottom", label.isBottomOfStack)
          object.field("ttl", label.timeToLive)
        }
      }
    }
    event.array("interfaces") { array in
      for interface in detail.extensions?.interfaces ?? [] {
        array.object { Self.append(interface, to: &$0) }
      }
    }
    event.array("changes") { array in
      for change in alteration?.changes ?? [] {
        var sentence = TextBuffer()
        sentence.append(change)
        array.object { object in
          object.field("field", change.field.name)
          object.field("text", sentence.string)
        }
      }
    }
  }

  private var quotedTimeToLive: UInt64? {
    guard case .number(let hops)? = alteration?[.timeToLive]?.quoted else { return nil }
    return hops
  }

  private static func append(
    _ interface: ICMPErrorDetail.Interface, to object: inout JSONObject
  ) {
    let information = interface.information
    let role =
      switch information.role {
      case .incoming: "incoming"
      case .sublink: "incoming-link"
      case .outgoing: "outgoing"
      case .nextHop: "next-hop"
      }
    object.field("role", role)
    if let name = interface.name {
      object.field("name", utf8: name.span)
    } else {
      object.null("name")
    }
    object.field("index", information.index)
    object.field("address", information.address)
    object.field("mtu", information.mtu)
  }
}
