public import PacketText
public import PacketWire

/// Prints chosen fields of packets, a line each, with tabs between the columns.
public struct FieldPrinter: Sendable {
  private let fields: [PacketField]
  private var walk: FieldWalk

  /// A printer of these fields in this order.
  public init(_ fields: [PacketField]) {
    self.fields = fields
    let messages = fields.reduce(into: MessageKinds()) { $0.formUnion(MessageKinds(of: $1.layer)) }
    walk = FieldWalk(messages: messages, readsStreams: fields.contains { $0.needsStreams })
  }

  /// Appends the line that names the columns.
  public func appendHeader(into out: inout TextBuffer) {
    for (index, field) in fields.enumerated() {
      if index > 0 { out.append(octet: 0x09) }
      out.append(field.name)
    }
    out.newline()
  }

  /// Appends the line of one packet. `octets` are those that `frame` was decoded from.
  public mutating func append(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    walk.begin(frame, octets, packet)
    for index in fields.indices {
      if index > 0 { out.append(octet: 0x09) }
      let kind = fields[index].layer
      var cell = FieldCell()
      for layer in walk.layers where layer.kind == kind {
        if case .stream(let isQuotedToo, let function) = fields[index].reading {
          guard let place = layer.stream, isQuotedToo || layer.quotedBy == nil else { continue }
          function(walk.segments[place], &cell, &out)
        } else if layer.source == 0 {
          fields[index].append(layer, packet, octets, &cell, &out)
        } else {
          let whole = walk.reassembled[layer.source - 1]
          fields[index].append(layer, packet, whole.span, &cell, &out)
        }
      }
    }
    out.newline()
  }
}
