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
    guard var carried = outer.carried(in: octets), carried.role != .quoted else { return false }
    var (mark, start, around) = (TunnelMark(outer, within: nil), 0, TunnelFacts(outer, depth: 1))
    for depth in 2...Frame.maximumDepth + 1 {
      start += carried.octets.lowerBound
      let inner = octets.extracting(start..<start + carried.octets.count)
      let frame = Frame(
        decoding: inner, linkType: carried.linkType, originalLength: carried.originalLength)
      if case .none = frame.network { return false }
      guard let tunnelFacts = around else { return false }
      if depth <= Frame.maximumDepth, let next = frame.carried(in: inner), next.role != .quoted {
        (carried, mark) = (next, TunnelMark(frame, within: mark))
        if let further = TunnelFacts(frame, depth: depth) { around = further }
        continue
      }
      tunnel = mark?.bits ?? 0
      facts.describe(frame)
      facts.tunnel = tunnelFacts
      read(frame, inner.extracting(frame.payload), &facts)
      tunnel = 0
      return true
    }
    return false
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
