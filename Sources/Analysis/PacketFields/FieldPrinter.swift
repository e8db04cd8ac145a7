public import PacketText
public import PacketWire

/// Prints chosen fields of packets, a line each, with tabs between the columns; of all packets, or of
/// those that pass a display filter.
public struct FieldPrinter: Sendable {
  private let fields: [PacketField]
  private let filter: DisplayFilter?
  private var walk: FieldWalk
  private var packet = FieldPacket(number: 0, time: nil, originalLength: 0)
  private var times: (first: WallInstant, last: WallInstant)?

  /// A printer of these fields in this order. One of no fields only asks its filter.
  public init(_ fields: [PacketField], where filter: DisplayFilter? = nil) {
    (self.fields, self.filter) = (fields, filter)
    let needed = fields + (filter?.fields.map(\.field) ?? [])
    walk = FieldWalk(
      messages: needed.reduce(into: MessageKinds()) { $0.formUnion(MessageKinds(of: $1)) },
      needs: needed.reduce(into: FieldNeeds()) { $0.formUnion($1.needs) })
  }

  /// Appends the line that names the columns.
  public func appendHeader(into out: inout TextBuffer) {
    for (index, field) in fields.enumerated() {
      if index > 0 { out.append(octet: 0x09) }
      out.append(field.name)
    }
    out.newline()
  }

  /// Reads the next packet; false when it does not pass the filter. `octets` are those that `frame` was
  /// decoded from.
  public mutating func read(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>
  ) -> Bool {
    walk.begin(frame, octets, packet)
    self.packet = packet
    noteTime()
    guard let filter else { return true }
    var evaluation = FilterEvaluation(filter)
    return evaluation.matches(walk, self.packet, octets)
  }

  private mutating func noteTime() {
    guard let time = packet.time else { return }
    let known = times ?? (time, time)
    (packet.sinceFirst, packet.sincePrevious) = (time - known.first, time - known.last)
    times = (known.first, time)
  }

  /// Appends the line of the packet that was read, whose octets those are.
  public func appendLine(_ octets: Span<UInt8>, into out: inout TextBuffer) {
    for index in fields.indices {
      if index > 0 { out.append(octet: 0x09) }
      var cell = FieldCell()
      for layer in walk.layers where layer.kind == fields[index].layer {
        walk.append(fields[index], layer, packet, octets, &cell, &out)
      }
    }
    out.newline()
  }

  /// Reads a packet, and appends its line if it passes the filter.
  public mutating func append(
    _ packet: FieldPacket, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    if read(packet, frame, octets) { appendLine(octets, into: &out) }
  }
}
