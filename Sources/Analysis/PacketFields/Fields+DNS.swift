import PacketText
import PacketWire

extension PacketField {
  /// The header of a DNS message (RFC 1035 §4.1.1) and its questions.
  static let dns: [PacketField] = [
    .init(
      "dns.id", .unsigned(16), "identifier of a DNS message", in: .dns, .hex(at: 0, mask: 0xffff)),
    .init("dns.flags", .unsigned(16), "all flags", in: .dns, .hex(at: 2, mask: 0xffff)),
    .init("dns.flags.response", .boolean, "1 in a response", in: .dns, .bits(at: 2, mask: 0x80)),
    .init(
      "dns.flags.opcode", .unsigned(16), "what is asked to be done", in: .dns,
      .bits(at: 2, mask: 0x78)),
    .init(
      "dns.flags.authoritative", .boolean, "the server is an authority for the name", in: .dns,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(2, 2), octets[start] & 0x80 != 0 else { return }
        cell.append(decimal: octets[start] >> 2 & 1, &out)
      }),
    .init("dns.flags.truncated", .boolean, "cut to fit", in: .dns, .bits(at: 2, mask: 0x02)),
    .init(
      "dns.flags.recdesired", .boolean, "recursion desired", in: .dns, .bits(at: 2, mask: 0x01)),
    .init(
      "dns.flags.recavail", .boolean, "recursion available", in: .dns,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(2, 2), octets[start] & 0x80 != 0 else { return }
        cell.append(decimal: octets[start &+ 1] >> 7, &out)
      }),
    .init(
      "dns.flags.rcode", .unsigned(16), "result of a response", in: .dns,
      .function { layer, _, octets, cell, out in
        guard let start = layer.place(2, 2), octets[start] & 0x80 != 0 else { return }
        cell.append(decimal: octets[start &+ 1] & 0x0f, &out)
      }),
    .init(
      "dns.count.queries", .unsigned(16), "questions", in: .dns,
      .function { layer, _, octets, cell, out in
        // In an update (RFC 2136 §2.2) they are zones.
        guard let start = layer.place(2, 4), octets[start] & 0x78 != 0x28 else { return }
        cell.append(decimal: octets.u16(at: start &+ 2), &out)
      }),
    .init(
      "dns.count.answers", .unsigned(16), "records in the answer section", in: .dns,
      .function { layer, _, octets, cell, out in
        // In an update (RFC 2136 §2.2) they are prerequisites.
        guard let start = layer.place(2, 6), octets[start] & 0x78 != 0x28 else { return }
        cell.append(decimal: octets.u16(at: start &+ 4), &out)
      }),
    .init(
      "dns.qry.name", .string, "name asked for", in: .dnsQuestion,
      .function { layer, _, octets, cell, out in
        cell.append(name: layer.start, layer, octets, &out)
      }),
    .init(
      "dns.qry.type", .unsigned(16), "type asked for", in: .dnsQuestion,
      .function { layer, _, octets, cell, out in
        guard layer.dataStart &+ 2 <= layer.end else { return }
        cell.append(decimal: octets.u16(at: layer.dataStart), &out)
      }),
  ]
}

extension FieldCell {
  /// Appends the name at `offset` of the message that `layer` is part of.
  mutating func append(
    name offset: Int, _ layer: FieldLayer, _ octets: Span<UInt8>, _ out: inout TextBuffer
  ) {
    append(
      dnsName: octets.extracting(layer.outerStart..<layer.end), at: offset &- layer.outerStart, &out
    )
  }
}

extension TextBuffer {
  /// Appends the name at `offset` of a message as tshark does: no dot behind the last label, and
  /// `<Root>` for the root. A name that does not end well ends where it can no longer be read; a
  /// pointer that does not point backwards is one.
  mutating func append(dnsName message: Span<UInt8>, at offset: Int) {
    var (position, runStart, length) = (offset, offset, 0)
    while position < message.count {
      let octet = message[position]
      switch octet >> 6 {
      case 0b00:
        let end = position &+ 1 &+ Int(octet)
        guard octet != 0 else {
          if length == 0 { append("<Root>") }
          return
        }
        guard end <= message.count, length &+ Int(octet) < DNSName.maximumLength else { return }
        if length > 0 { append(octet: 0x2e) }
        append(untrusted: message.extracting(position &+ 1..<end))
        length &+= 1 &+ Int(octet)
        position = end
      case 0b11:
        guard position &+ 1 < message.count else { return }
        position = Int(message.u16(at: position) & 0x3fff)
        guard position < runStart else { return }
        runStart = position
      default: return
      }
    }
  }
}
