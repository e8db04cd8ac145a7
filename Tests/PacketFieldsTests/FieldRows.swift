import PacketFields
import PacketTestSupport
import PacketText
import PacketWire

/// The cells of one packet, by the names of the fields; empty ones are left out.
func cells(
  _ octets: [UInt8], _ linkType: LinkType = .ethernet, originalLength: Int? = nil
) -> [String: String] {
  var printer = FieldPrinter(PacketField.all)
  let row = row(&printer, octets, linkType, originalLength: originalLength)
  return named(row, PacketField.all)
}

/// The cells of one packet in the order of the printer's fields.
func row(
  _ printer: inout FieldPrinter, _ octets: [UInt8], _ linkType: LinkType = .ethernet,
  originalLength: Int? = nil
) -> [String] {
  let length = originalLength ?? octets.count
  let frame = Frame(decoding: octets.span, linkType: linkType, originalLength: length)
  var out = TextBuffer()
  printer.append(
    FieldPacket(
      number: 7, time: WallInstant(nanoseconds: 1_700_000_000_123_456_789),
      originalLength: length, interface: 3),
    frame, octets.span, into: &out)
  var line = out.string
  if line.last == "\n" { line.removeLast() }
  return line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
}

/// The cells that are not empty, by the names of their fields.
func named(_ row: [String], _ fields: [PacketField]) -> [String: String] {
  var cells: [String: String] = [:]
  for (field, cell) in zip(fields, row) where !cell.isEmpty { cells[field.name] = cell }
  return cells
}

/// The cells of one packet of a conversation; none if it does not pass the printer's filter.
func filteredRow(
  _ printer: inout FieldPrinter, _ packet: ConversationBuilder.Packet, number: Int
) -> [String] {
  let length = packet.originalLength ?? packet.octets.count
  let frame = Frame(decoding: packet.octets.span, linkType: .ethernet, originalLength: length)
  var out = TextBuffer()
  printer.append(
    FieldPacket(number: number, time: packet.time, originalLength: length), frame,
    packet.octets.span, into: &out)
  return out.string.dropLast().split(separator: "\t", omittingEmptySubsequences: false)
    .map { String($0) }.filter { _ in out.count > 0 }
}
