import PacketWire

extension FieldWalk {
  /// Adds the link-layer header and its VLAN tags.
  mutating func addLink(_ frame: Frame, _ octets: Span<UInt8>, _ bounds: Bounds) {
    addLink(frame.linkType, octets, bounds)
  }

  private mutating func addLink(
    _ linkType: LinkType, _ octets: Span<UInt8>, _ bounds: Bounds
  ) {
    let kind: FieldLayer.Kind
    var (typeOffset, tag) = (0, 0)
    switch linkType {
    case .ethernet:
      guard bounds.end &- bounds.base >= EthernetHeader.length else { return }
      (kind, typeOffset, tag) = (.ethernet, 12, EthernetHeader.length)
    case .linuxSLL: (kind, typeOffset, tag) = (.linuxSLL, 14, LinuxSLLHeader.length)
    case .linuxSLL2: (kind, typeOffset, tag) = (.linuxSLL, 0, LinuxSLL2Header.length)
    case .null, .loop: return append(bounds.layer(.bsdLoopback, at: bounds.base))
    case .ppi, .pktap, .oldPKTAP:
      let own = octets.extracting(bounds.base..<bounds.end)
      guard let wrapped = (try? WrappedFrame(in: own, of: linkType)) ?? nil else { return }
      var inner = bounds
      inner.base &+= wrapped.offset
      // Not another one of them, which could go on for ever.
      guard [.ethernet, .null, .loop].contains(wrapped.linkType) else { return }
      return addLink(wrapped.linkType, octets, inner)
    default: return
    }
    var layer = bounds.layer(kind, at: bounds.base)
    layer.outerStart = bounds.base &+ typeOffset
    layer.dataStart = bounds.base &+ (linkType == .linuxSLL2 ? 8 : 2)
    append(layer)
    typeOffset &+= bounds.base
    tag &+= bounds.base
    while tag &+ VLANTag.length <= bounds.end {
      let type = EtherType(rawValue: octets.u16(at: typeOffset))
      guard type.isVLANTag else { return }
      // The service tag of 802.1ad has a field of its own in tshark.
      if type != .serviceVLAN { append(bounds.layer(.vlan, at: tag)) }
      typeOffset = tag &+ 2
      tag &+= VLANTag.length
    }
  }
}
