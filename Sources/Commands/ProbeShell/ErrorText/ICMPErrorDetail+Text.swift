import PacketExplanation
public import PacketText
import PacketWire
public import ProbeEngine

extension TextBuffer {
  /// Appends what an error says beyond its type and code, in one line, parts with semicolons between;
  /// how much of the probe was quoted is always among it.
  ///
  /// - Parameters:
  ///   - detail: of the error.
  ///   - sent: the probe that it is about, for the name of the field that a pointer points at.
  public mutating func append(_ detail: ICMPErrorDetail, about sent: SentDatagram? = nil) {
    if let mtu = detail.nextHopMTU {
      append(mtu == 0 ? "next-hop MTU not told; " : "next-hop MTU ")
      if mtu > 0 {
        append(decimal: mtu)
        append("; ")
      }
    }
    if let gateway = detail.gateway {
      append("better first hop ")
      append(gateway)
      append("; ")
    }
    if let pointer = detail.pointer { append(pointer: pointer, about: sent) }
    append("quotes ")
    append(decimal: detail.quotedCount)
    if let count = detail.originalCount {
      append(" of ")
      append(decimal: count)
    }
    append(" octets")
    if let extensions = detail.extensions { append(extensions) }
  }

  private mutating func append(pointer: UInt32, about sent: SentDatagram?) {
    append("points at octet ")
    append(decimal: pointer)
    if let sent, let place = Int(exactly: pointer), sent.octets.indices.contains(place) {
      let fields = PacketExplanation(of: sent.octets.span).fields
      if let field = fields.first(where: { $0.octets.contains(place) }) {
        append(" (")
        append(field.name)
        append(octet: 0x29)
      }
    }
    append("; ")
  }

  private mutating func append(_ extensions: ICMPErrorDetail.Extensions) {
    if extensions.isChecksumRight == false { append("; extensions with a wrong checksum") }
    if !extensions.labels.isEmpty { append("; MPLS ") }
    for (index, label) in extensions.labels.enumerated() {
      if index > 0 { append(" | ") }
      append("label ")
      append(decimal: label.label)
      append(" TC ")
      append(decimal: label.trafficClass)
      if label.isBottomOfStack { append(" S") }
      append(" TTL ")
      append(decimal: label.timeToLive)
    }
    for interface in extensions.interfaces { append(interface) }
    if extensions.otherCount > 0 {
      append("; ")
      append(decimal: extensions.otherCount)
      append(extensions.otherCount == 1 ? " other object" : " other objects")
    }
    if extensions.problem != nil { append("; extensions that cannot be read further") }
  }

  private mutating func append(_ interface: ICMPErrorDetail.Interface) {
    let information = interface.information
    switch information.role {
    case .incoming: append("; came in by")
    case .sublink: append("; came in by link")
    case .outgoing: append("; would have left by")
    case .nextHop: append("; next hop by")
    }
    append(" interface")
    if let name = interface.name {
      append(octet: 0x20)
      append(untrusted: name.span, atMost: 64)
    }
    if let index = information.index {
      append(" index ")
      append(decimal: index)
    }
    if let address = information.address {
      append(octet: 0x20)
      append(address)
    }
    if let mtu = information.mtu {
      append(" MTU ")
      append(decimal: mtu)
    }
  }
}
