import PacketText
import PacketWire

extension PacketField {
  /// The TCP header (RFC 9293 §3.1) and its options.
  static let tcp: [PacketField] = [
    .init("tcp.srcport", "TCP source port", in: .tcp, .word(at: 0)),
    .init("tcp.dstport", "TCP destination port", in: .tcp, .word(at: 2)),
    .init("tcp.flags", "reserved and control bits", in: .tcp, .hex(at: 12, mask: 0x0fff)),
    .init("tcp.seq_raw", "sequence number", in: .tcp, .doubleWord(at: 4)),
    .init("tcp.ack_raw", "acknowledgment number", in: .tcp, .doubleWord(at: 8)),
    .init(
      "tcp.len", "length of the segment's data, in octets", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard let length = headerLength(layer, octets) else { return }
        cell.append(decimal: layer.wireCount &- length, &out)
      }),
    .init(
      "tcp.hdr_len", "length of the header, in octets", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(12, 1) else { return }
        cell.append(decimal: Int(octets[start] >> 4) &* 4, &out)
      }),
    .init("tcp.window_size_value", "window before scaling", in: .tcp, .word(at: 14)),
    option("tcp.options.mss_val", "maximum segment size", kind: 2, length: 4) {
      $2.append(decimal: $1.u16(at: $0 &+ 2), &$3)
    },
    option("tcp.options.wscale.shift", "window scale", kind: 3, length: 3) {
      $2.append(decimal: $1[$0 &+ 2], &$3)
    },
    option("tcp.options.sack_perm", "SACK permitted: the octets of the option", kind: 4, length: 2) {
      $2.begin(&$3)
      $3.append(hex: $1.u16(at: $0))
    },
    option("tcp.options.sack_le", "left edges of SACK blocks", kind: 5, length: nil) {
      for edge in sackEdges($0, $1) { $2.append(decimal: $1.u32(at: edge), &$3) }
    },
    option("tcp.options.sack_re", "right edges of SACK blocks", kind: 5, length: nil) {
      for edge in sackEdges($0, $1) { $2.append(decimal: $1.u32(at: edge &+ 4), &$3) }
    },
    option("tcp.options.timestamp.tsval", "timestamp value", kind: 8, length: 10) {
      $2.append(decimal: $1.u32(at: $0 &+ 2), &$3)
    },
    option("tcp.options.timestamp.tsecr", "timestamp echo reply", kind: 8, length: 10) {
      $2.append(decimal: $1.u32(at: $0 &+ 6), &$3)
    },
    .init(
      "tcp.checksum.status", "0 bad, 1 good, 2 not verified", in: .tcp,
      .function { layer, _, octets, cell, out in
        cell.append(decimal: transportStatus(layer, .tcp, octets).rawValue, &out)
      }),
  ]

  /// What a header says of its own length, unless it cannot be.
  private static func headerLength(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Int? {
    guard let start = layer.place(12, 1) else { return nil }
    let length = Int(octets[start] >> 4) &* 4
    return length >= TCPHeader.minimumLength && length <= layer.wireCount ? length : nil
  }

  /// Where the whole blocks of the SACK option at `offset` begin (RFC 2018 §3).
  private static func sackEdges(_ offset: Int, _ octets: Span<UInt8>) -> StrideTo<Int> {
    let length = Int(octets[offset &+ 1]) &- 2
    let first = offset &+ 2
    return stride(from: first, to: first &+ length / 8 &* 8, by: 8)
  }

  /// A field of the options of one kind, if they have the length that the kind asks for. `append` is
  /// told where the option starts.
  private static func option(
    _ name: String, _ meaning: String, kind: UInt8, length: Int?,
    append: @escaping @Sendable (Int, Span<UInt8>, inout FieldCell, inout TextBuffer) -> Void
  ) -> PacketField {
    .init(
      name, meaning, in: .tcp,
      .function { layer, _, octets, cell, out in
        guard let header = headerLength(layer, octets) else { return }
        var offset = layer.start &+ TCPHeader.minimumLength
        let end = min(layer.start &+ header, layer.end)
        while offset < end, octets[offset] != 0 {
          if octets[offset] == 1 {
            offset &+= 1
            continue
          }
          guard offset &+ 1 < end else { return }
          let size = Int(octets[offset &+ 1])
          guard size >= 2, offset &+ size <= end else { return }
          if octets[offset] == kind, length == nil || length == size {
            append(offset, octets, &cell, &out)
          }
          offset &+= size
        }
      })
  }
}
