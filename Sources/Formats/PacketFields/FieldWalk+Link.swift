import PacketWire

extension FieldWalk {
  /// Adds the link-layer header and its VLAN tags.
  mutating func addLink(_ frame: Frame, _ octets: Span<UInt8>, _ bounds: FrameBounds) {
    let typeOffset: Int
    switch frame.linkType {
    case .ethernet: (typeOffset, _) = (12, appendLink(.ethernet, bounds))
    case .linuxSLL: (typeOffset, _) = (14, appendLink(.linuxSLL, bounds))
    case .linuxSLL2: typeOffset = 0
    case .null, .loop: return appendLink(.bsdLoopback, bounds)
    default: return
    }
    var offset = bounds.base &+ typeOffset
    let first = frame.linkType == .linuxSLL2 ? offset &+ LinuxSLL2Header.length : offset &+ 2
    guard offset &+ 2 <= bounds.end else { return }
    var tag = first
    while tag &+ 4 <= bounds.end, EtherType(rawValue: octets.u16(at: offset)).isVLANTag {
      append(FieldLayer(.vlan, tag, bounds.end))
      offset = tag &+ 2
      tag &+= 4
    }
  }

  private mutating func appendLink(_ kind: FieldLayer.Kind, _ bounds: FrameBounds) {
    append(FieldLayer(kind, bounds.base, bounds.end, wireEnd: bounds.wireEnd))
  }
}
