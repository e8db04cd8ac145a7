import PacketExplanation
import PacketWire

/// The octets of one packet, in hex with a colour for each field, and the fields in a table.
struct PacketView {
  /// Fields that share octets, and those octets.
  struct Group {
    var octets: Range<Int>
    var fields: [ExplainedField]
  }

  /// Octets that are shown of a packet: all of its headers in most, and the beginning of its data.
  static let maximumOctets = 256
  /// Fields that are listed of a packet.
  static let maximumFields = 120
  private static let octetsPerRow = 8
  private static let colours = 8

  let number: Int
  let packet: StoryReport.ShownPacket

  func append(to writer: inout HTMLWriter) {
    let explanation = PacketExplanation(
      of: packet.octets.span, linkType: packet.linkType, originalLength: packet.originalLength,
      stage: packet.isLeaving ? .leavingThisHost : .onTheWire)
    writer.markup("<details><summary>")
    writer.text("The \(packet.originalLength) octets of packet \(number)")
    writer.markup("</summary>\n<div class=\"packet\">\n<div class=\"scroll\" role=\"region\" ")
    writer.markup("tabindex=\"0\" aria-label=\"Octets of packet ")
    writer.number(number)
    writer.markup("\"><pre>")
    let groups = Self.groups(of: explanation)
    appendOctets(groups, to: &writer)
    writer.markup("</pre></div>\n<div class=\"fields\">\n")
    var place = 0
    for part in explanation.parts { append(part, groups, &place, to: &writer) }
    writer.markup("</div>\n</div>\n</details>\n")
  }

  /// Fields in the order of the wire, those that share an octet together.
  static func groups(of explanation: PacketExplanation) -> [Group] {
    var groups: [Group] = []
    for field in explanation.fields where !field.octets.isEmpty {
      if let last = groups.last, field.octets.lowerBound < last.octets.upperBound {
        groups[groups.count - 1].fields.append(field)
        groups[groups.count - 1].octets =
          last.octets.lowerBound..<max(last.octets.upperBound, field.octets.upperBound)
      } else {
        groups.append(Group(octets: field.octets, fields: [field]))
      }
    }
    return groups
  }

  // MARK: Hex

  private func appendOctets(_ groups: [Group], to writer: inout HTMLWriter) {
    let shown = min(packet.octets.count, Self.maximumOctets)
    var group = 0
    for start in stride(from: 0, to: shown, by: Self.octetsPerRow) {
      let row = start..<min(start + Self.octetsPerRow, shown)
      writer.hex(UInt8(start >> 8))
      writer.hex(UInt8(start & 0xff))
      writer.markup("  ")
      append(row, groups, &group, to: &writer)
      for _ in row.count..<Self.octetsPerRow { writer.markup("   ") }
      writer.markup(" ")
      writer.text(
        String(
          decoding: packet.octets[row].map { (0x20...0x7e).contains($0) ? $0 : 0x2e },
          as: UTF8.self))
      writer.markup("\n")
    }
    let left = packet.originalLength - shown
    if left > 0 { writer.text("and \(left) more\n") }
  }

  /// A row, with the colours of its fields. `group` is where the last row ended.
  private func append(
    _ row: Range<Int>, _ groups: [Group], _ group: inout Int, to writer: inout HTMLWriter
  ) {
    var index = row.lowerBound
    while index < row.upperBound {
      while group < groups.count, groups[group].octets.upperBound <= index { group += 1 }
      guard group < groups.count, groups[group].octets.contains(index) else {
        writer.hex(packet.octets[index])
        writer.markup(" ")
        index += 1
        continue
      }
      let end = min(groups[group].octets.upperBound, row.upperBound)
      open(group, groups[group], to: &writer)
      for octet in index..<end {
        if octet > index { writer.markup(" ") }
        writer.hex(packet.octets[octet])
      }
      writer.markup("</span> ")
      index = end
    }
  }

  private func open(_ place: Int, _ group: Group, to writer: inout HTMLWriter) {
    writer.markup("<span class=\"c")
    writer.number(place % Self.colours)
    writer.markup("\" title=\"")
    let names = group.fields.prefix(4).map(\.name).joined(separator: ", ")
    writer.text(names + (group.fields.count > 4 ? " ..." : ""))
    writer.markup("\">")
  }

  // MARK: Fields

  private func append(
    _ part: PacketExplanation.Part, _ groups: [Group], _ place: inout Int,
    to writer: inout HTMLWriter
  ) {
    writer.markup("<table class=\"wide\"><caption>")
    writer.text(part.title)
    writer.markup(
      "</caption>\n<thead><tr><th scope=\"col\">Octets</th><th scope=\"col\">Field</th>")
    writer.markup("<th scope=\"col\">Value</th><th scope=\"col\">Meaning</th>")
    writer.markup("<th scope=\"col\">Defined in</th></tr></thead>\n<tbody>\n")
    for field in part.fields.prefix(Self.maximumFields) {
      while place < groups.count, groups[place].octets.upperBound <= field.octets.lowerBound {
        place += 1
      }
      append(field, place, to: &writer)
    }
    writer.markup("</tbody></table>\n")
    if part.fields.count > Self.maximumFields {
      writer.text("And \(part.fields.count - Self.maximumFields) more fields.")
    }
    guard let problem = part.problem else { return }
    writer.markup("<p class=\"wrong\">")
    writer.text(problem)
    writer.markup("</p>\n")
  }

  private func append(_ field: ExplainedField, _ place: Int, to writer: inout HTMLWriter) {
    writer.markup("<tr><td><span class=\"k c")
    writer.number(place % Self.colours)
    writer.markup("\"></span>")
    let (first, last) = (field.octets.lowerBound, field.octets.upperBound - 1)
    writer.text(first >= last ? "\(first)" : "\(first)-\(last)")
    if field.isPartOfOctet {
      writer.text(field.bits.count == 1 ? ", 1 bit" : ", \(field.bits.count) bits")
    }
    writer.markup("</td><th scope=\"row\">")
    writer.text(field.name)
    writer.markup("</th><td data-is=\"Value\"")
    if field.verdict == .wrong { writer.markup(" class=\"wrong\"") }
    writer.markup(">")
    writer.text(field.value)
    writer.markup("</td><td>")
    writer.text(field.meaning)
    writer.markup("</td><td class=\"soft\">")
    writer.text(field.source)
    writer.markup("</td></tr>\n")
  }
}
