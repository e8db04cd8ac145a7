public import PacketWire

/// The tunnel that a packet comes through; the innermost one, where there are several.
public struct TunnelFacts: Hashable, Sendable {
  /// How packets are packed into others.
  public enum Kind: String, Hashable, Sendable {
    /// Behind the outer IP header at once (RFC 2003, RFC 2473, RFC 4213).
    case ip = "IP-in-IP"
    /// RFC 2784.
    case gre = "GRE"
    /// RFC 7348.
    case vxlan = "VXLAN"
    /// RFC 8926.
    case geneve = "Geneve"
    /// A frame behind the IP header at once (RFC 8986).
    case ethernet = "Ethernet-in-IP"
    /// A Register message of PIM (RFC 7761 §4.9.3).
    case pim = "PIM"
  }

  /// How they are packed.
  public var kind: Kind
  /// Who packed it.
  public var source: IPAddress
  /// Who unpacks it.
  public var destination: IPAddress
  /// How many tunnels there are within each other.
  public var depth: Int
}

extension FlowAnalysis {
  /// Reads what tunnels carry, as far inwards as it can be read; false when there is nothing but the
  /// packet itself.
  mutating func readTunnelled(
    _ outer: Frame, _ octets: Span<UInt8>, _ facts: inout PacketFacts
  ) -> Bool {
    guard var inner = TunnelledFrame(in: outer, octets) else { return false }
    var (mark, around) = (TunnelMark(outer, within: nil), TunnelFacts(outer, depth: 1))
    var carrier = inner.frame
    while inner.goInwards(octets) {
      mark = TunnelMark(carrier, within: mark)
      if let further = TunnelFacts(carrier, depth: inner.depth) { around = further }
      carrier = inner.frame
    }
    if case .none = carrier.network { return false }
    guard let around else { return false }
    tunnel = mark?.bits ?? 0
    facts.describe(carrier)
    facts.tunnel = around
    read(carrier, octets.extracting(inner.octets), &facts)
    tunnel = 0
    return true
  }
}

extension TunnelFacts {
  /// What `frame` is, whose payload is another packet or frame.
  fileprivate init?(_ frame: Frame, depth: Int) {
    guard let ends = frame.addresses else { return nil }
    let kind: Kind =
      switch frame.transport {
      case .gre: .gre
      case .udp(let header):
        [header.sourcePort, header.destinationPort].contains(VXLANHeader.port) ? .vxlan : .geneve
      case .other(.ethernet): .ethernet
      case .other(.pim): .pim
      default: .ip
      }
    (self.kind, source, destination, self.depth) = (kind, ends.source, ends.destination, depth)
  }
}
