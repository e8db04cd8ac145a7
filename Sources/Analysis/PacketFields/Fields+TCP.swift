import PacketText
import PacketWire

extension PacketField {
  /// The TCP header (RFC 9293 §3.1) and its options.
  static let tcp: [PacketField] = [
    .init("tcp.srcport", .unsigned(16), "TCP source port", in: .tcp, .word(at: 0)),
    .init("tcp.dstport", .unsigned(16), "TCP destination port", in: .tcp, .word(at: 2)),
    .init(
      "tcp.port", .unsigned(16), "both TCP ports", in: .tcp, .each([.word(at: 0), .word(at: 2)])),
    .init(
      "tcp.flags", .unsigned(16), "reserved and control bits", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets) else { return }
        cell.append(hex: octets.u16(at: layer.start &+ 12) & 0x0fff, &out)
      }),
    flag("tcp.flags.ae", "accurate ECN, once a nonce", 0x0100),
    flag("tcp.flags.cwr", "congestion window reduced (RFC 3168)", 0x0080),
    flag("tcp.flags.ece", "ECN echo (RFC 3168)", 0x0040),
    flag("tcp.flags.urg", "urgent", 0x0020),
    flag("tcp.flags.ack", "acknowledgment", 0x0010),
    flag("tcp.flags.push", "push", 0x0008),
    flag("tcp.flags.reset", "reset", 0x0004),
    flag("tcp.flags.syn", "synchronize", 0x0002),
    flag("tcp.flags.fin", "no more data", 0x0001),
    .init(
      "tcp.seq_raw", .unsigned(32), "sequence number, also of a quoted start of a segment",
      in: .tcp,
      .function { layer, _, octets, cell, out in
        guard layer.quotedBy != nil || isThere(layer), let start = layer.place(4, 4) else { return }
        cell.append(decimal: octets.u32(at: start), &out)
      }),
    .init(
      "tcp.ack_raw", .unsigned(32), "acknowledgment number", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets) else { return }
        cell.append(decimal: octets.u32(at: layer.start &+ 8), &out)
      }),
    .init(
      "tcp.len", .unsigned(32), "length of the segment's data, in octets; not of a quoted one",
      in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isThere(layer), layer.quotedBy == nil else { return }
        let length = layer.wireCount &- headerLength(layer, octets)
        if length >= 0 { cell.append(decimal: length, &out) }
      }),
    .init(
      "tcp.hdr_len", .unsigned(8), "length of the header, in octets", in: .tcp,
      .function { layer, _, octets, cell, out in
        if isThere(layer) { cell.append(decimal: headerLength(layer, octets), &out) }
      }),
    .init(
      "tcp.window_size_value", .unsigned(16), "window before scaling", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets) else { return }
        cell.append(decimal: octets.u16(at: layer.start &+ 14), &out)
      }),
    option("tcp.options.mss_val", .unsigned(16), "maximum segment size", kind: 2, length: 4) {
      $2.append(decimal: $1.u16(at: $0 &+ 2), &$3)
    },
    option("tcp.options.wscale.shift", .unsigned(8), "window scale", kind: 3, length: 3) {
      $2.append(decimal: $1[$0 &+ 2], &$3)
    },
    option(
      "tcp.options.sack_perm", .bytes, "SACK permitted: the octets of the option", kind: 4,
      length: 2
    ) {
      $2.append(octets: $1.extracting($0..<$0 &+ 2), &$3)
    },
    option("tcp.options.sack_le", .unsigned(32), "left edges of SACK blocks", kind: 5, length: nil)
    {
      for edge in sackEdges($0, $1) { $2.append(decimal: $1.u32(at: edge), &$3) }
    },
    option("tcp.options.sack_re", .unsigned(32), "right edges of SACK blocks", kind: 5, length: nil)
    {
      for edge in sackEdges($0, $1) { $2.append(decimal: $1.u32(at: edge &+ 4), &$3) }
    },
    option("tcp.options.timestamp.tsval", .unsigned(32), "timestamp value", kind: 8, length: 10) {
      $2.append(decimal: $1.u32(at: $0 &+ 2), &$3)
    },
    option(
      "tcp.options.timestamp.tsecr", .unsigned(32), "timestamp echo reply", kind: 8, length: 10
    ) {
      $2.append(decimal: $1.u32(at: $0 &+ 6), &$3)
    },
    .init(
      "tcp.checksum", .unsigned(16), "checksum", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets), let start = layer.place(16, 2) else { return }
        cell.append(hex: octets.u16(at: start), &out)
      }),
    .init(
      "tcp.urgent_pointer", .unsigned(16), "urgent pointer", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets), let start = layer.place(18, 2) else { return }
        cell.append(decimal: octets.u16(at: start), &out)
      }),
    .init(
      "tcp.payload", .bytes, "data of the segment", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets), layer.quotedBy == nil else { return }
        let start = layer.start &+ headerLength(layer, octets)
        if start < layer.end { cell.append(octets: octets.extracting(start..<layer.end), &out) }
      }),
    .init(
      "tcp.checksum.status", .unsigned(8), "0 bad, 1 good, 2 not verified", in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets), layer.place(16, 2) != nil else { return }
        cell.append(decimal: transportStatus(layer, .tcp, octets).rawValue, &out)
      }),
  ]

  private static func flag(_ name: String, _ meaning: String, _ mask: UInt16) -> PacketField {
    .init(
      name, .boolean, meaning, in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets) else { return }
        cell.append(decimal: octets.u16(at: layer.start &+ 12) & mask == 0 ? 0 : 1, &out)
      })
  }

  /// The header is there up to its window. tshark reads that much before it shows anything but the
  /// ports.
  private static func isThere(_ layer: FieldLayer) -> Bool { layer.place(0, 16) != nil }

  /// The header is there, and is as long as a header has to be.
  private static func isSound(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Bool {
    isThere(layer) && headerLength(layer, octets) >= TCPHeader.minimumLength
  }

  /// What a header that is there says of its own length.
  private static func headerLength(_ layer: FieldLayer, _ octets: Span<UInt8>) -> Int {
    Int(octets[layer.start &+ 12] >> 4) &* 4
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
    _ name: String, _ type: FieldType, _ meaning: String, kind: UInt8, length: Int?,
    append: @escaping @Sendable (Int, Span<UInt8>, inout FieldCell, inout TextBuffer) -> Void
  ) -> PacketField {
    .init(
      name, type, meaning, in: .tcp,
      .function { layer, _, octets, cell, out in
        guard isSound(layer, octets) else { return }
        var offset = layer.start &+ TCPHeader.minimumLength
        let end = min(layer.start &+ headerLength(layer, octets), layer.end)
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
