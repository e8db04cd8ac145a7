import PacketText
import PacketWire

extension PacketField {
  /// Link-layer headers and VLAN tags.
  static let link: [PacketField] = [
    .init("eth.src", .ether, "Ethernet source address", in: .ethernet, .mac(at: 6)),
    .init("eth.dst", .ether, "Ethernet destination address", in: .ethernet, .mac(at: 0)),
    .init(
      "eth.addr", .ether, "both Ethernet addresses", in: .ethernet,
      .each([.mac(at: 0), .mac(at: 6)])),
    .init(
      "eth.type", .unsigned(16), "EtherType of an Ethernet II frame", in: .ethernet,
      .function { layer, _, octets, cell, out in
        // Below 0x600 it is the length of an 802.3 frame (IEEE 802.3 §3.2.6).
        guard let start = layer.place(12, 2), octets.u16(at: start) >= 0x600 else { return }
        cell.append(hex: octets.u16(at: start), &out)
      }),
    .init(
      "sll.etype", .unsigned(16), "protocol of a Linux cooked frame", in: .linuxSLL,
      .function { layer, _, octets, cell, out in
        guard layer.place(0, LinuxSLLHeader.length) != nil else { return }
        // Other numbers stand there for netlink, GRE and wireless frames, and low ones for frames
        // without an EtherType.
        switch octets.u16(at: layer.dataStart) {
        case 778, 801...803, 824: return
        default:
          let type = octets.u16(at: layer.outerStart)
          if type > 0x600 { cell.append(hex: type, &out) }
        }
      }),
    .init(
      "null.family", .unsigned(32), "address family of a BSD loopback frame", in: .bsdLoopback,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(0, 4) else { return }
        let word = octets.u32(at: start)
        // In the byte order of the host that captured it: a family has no more than two octets.
        cell.append(decimal: word > 0xffff ? word.byteSwapped : word, &out)
      }),
    .init(
      "vlan.id", .unsigned(16), "VLAN identifier", in: .vlan,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(0, 2) else { return }
        cell.append(decimal: octets.u16(at: start) & 0x0fff, &out)
      }),
    .init(
      "vlan.priority", .unsigned(16), "priority of a VLAN tag", in: .vlan, .bits(at: 0, mask: 0xe0)),
  ]

  /// ARP over any link, for IPv4 (RFC 826).
  static let arp: [PacketField] = [
    .init("arp.opcode", .unsigned(16), "operation: 1 request, 2 reply", in: .arp, .word(at: 6)),
    .init(
      "arp.src.proto_ipv4", .ipv4, "IPv4 address of the sender", in: .arp,
      .function { layer, _, octets, cell, out in
        guard let start = arpAddress(layer, octets, ofTarget: false) else { return }
        cell.append(IPv4Address(bits: octets.u32(at: start)), &out)
      }),
    .init(
      "arp.dst.proto_ipv4", .ipv4, "IPv4 address asked for, or of the asker", in: .arp,
      .function { layer, _, octets, cell, out in
        guard let start = arpAddress(layer, octets, ofTarget: true) else { return }
        cell.append(IPv4Address(bits: octets.u32(at: start)), &out)
      }),
  ]

  /// Where an IPv4 address stands behind link-layer addresses of any length.
  private static func arpAddress(
    _ layer: FieldLayer, _ octets: Span<UInt8>, ofTarget: Bool
  ) -> Int? {
    guard let start = layer.place(0, 8), octets.u16(at: start &+ 2) == EtherType.ipv4.rawValue,
      octets[start &+ 5] == 4
    else { return nil }
    let hardwareLength = Int(octets[start &+ 4])
    return layer.place(8 &+ hardwareLength &+ (ofTarget ? 4 &+ hardwareLength : 0), 4)
  }
}
