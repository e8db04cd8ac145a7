import PacketText
import PacketWire

extension PacketField {
  /// All that a filter can name: fields, and protocols.
  static let filterable: [String: PacketField] = {
    var names: [String: PacketField] = [:]
    for field in all + protocols { names[field.name] = field }
    return names
  }()
}

extension DisplayFilterError {
  /// There is no field and no protocol of that name.
  static func unknownField(_ word: String, at range: Range<Int>) -> DisplayFilterError {
    DisplayFilterError(
      "there is no field or protocol \(quoted(word)); \(PacketField.advice(on: word))", at: range)
  }
}

extension FieldWalk {
  /// Reads the values of a field from all layers of its kind, or from those that `layers` names.
  func read(
    _ field: PacketField, in layers: [FilterSlice], _ packet: FieldPacket,
    _ octets: Span<UInt8>, _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    guard !layers.isEmpty else {
      for layer in self.layers where layer.kind == field.layer {
        append(field, layer, packet, octets, &cell, &out)
      }
      return
    }
    let chosen = field.layer.protocolKind
    let count = self.layers.count { $0.kind == chosen }
    var number = 0
    for layer in self.layers {
      if layer.kind == chosen { number &+= 1 }
      guard layer.kind == field.layer,
        layers.contains(where: { $0.includes(layer: number, of: count) })
      else { continue }
      append(field, layer, packet, octets, &cell, &out)
    }
  }

  /// Appends the values of one layer, whatever its places count in.
  func append(
    _ field: PacketField, _ layer: FieldLayer, _ packet: FieldPacket, _ octets: Span<UInt8>,
    _ cell: inout FieldCell, _ out: inout TextBuffer
  ) {
    switch field.reading {
    case .stream(let isQuotedToo, let function):
      guard let place = layer.history, isQuotedToo || layer.quotedBy == nil else { return }
      function(segments[place], &cell, &out)
    case .datagram(let function):
      if let place = layer.history { function(datagrams[place], &cell, &out) }
    case .message(let function):
      if let place = layer.history { function(exchanged[place], &cell, &out) }
    case .protocols: cell.append(text: names.text.span, &out)
    case _ where layer.source == 0: field.append(layer, packet, octets, &cell, &out)
    default:
      let whole = reassembled[layer.source - 1]
      field.append(layer, packet, whole.span, &cell, &out)
    }
  }
}
