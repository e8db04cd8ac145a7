import PacketFields
import PacketText
import PacketWire
import TerminalText

/// Shows the octets of a conversation, as tshark's `-z follow` does: each piece with its length, those
/// of the second end behind a tab. Text is safe for a terminal.
struct FollowPrinter {
  private let choice: FollowChoice
  private let style: TerminalStyle
  private var hasBegun = false
  /// How many octets of each end were shown, the first one's before.
  private var shown = (first: 0, second: 0)
  /// How many octets were missing.
  private(set) var missing: Int64 = 0

  init(_ choice: FollowChoice, _ style: TerminalStyle) {
    (self.choice, self.style) = (choice, style)
  }

  /// Something of the conversation was seen.
  var hasSeen: Bool { hasBegun }

  private static let rule = "==================================================================="

  /// Begins with who the ends are.
  mutating func begin(
    _ first: (address: IPAddress, port: UInt16), _ second: (address: IPAddress, port: UInt16),
    _ out: inout TextBuffer
  ) {
    guard !hasBegun else { return }
    hasBegun = true
    guard choice.form != .raw else { return }
    out.append(Self.rule)
    out.append("\nFollow: ")
    out.append(choice.kind.rawValue)
    out.append(",")
    out.append(choice.form.rawValue)
    out.append("\nFilter: ")
    out.append(choice.kind == .udp ? "udp" : "tcp")
    out.append(".stream eq ")
    out.append(decimal: choice.stream)
    for (number, end) in [first, second].enumerated() {
      out.append("\nNode ")
      out.append(decimal: number)
      out.append(": ")
      let isV6 = end.address.family == .v6
      if isV6 { out.append("[") }
      out.append(end.address)
      if isV6 { out.append("]") }
      out.append(":")
      out.append(decimal: end.port)
    }
    out.newline()
  }

  /// Shows a piece.
  mutating func append(_ octets: Span<UInt8>, ofFirst: Bool, _ out: inout TextBuffer) {
    guard octets.count > 0 else { return }
    switch choice.form {
    case .raw: out.append(octets)
    case .text:
      appendLength(octets.count, ofFirst, &out)
      appendText(octets, ofFirst, &out)
    case .hex: appendHex(octets, ofFirst, &out)
    }
    if ofFirst { shown.first &+= octets.count } else { shown.second &+= octets.count }
  }

  /// Says that octets are missing.
  mutating func append(missing count: Int64, ofFirst: Bool, _ out: inout TextBuffer) {
    missing &+= count
    guard choice.form != .raw else { return }
    if !ofFirst { out.append("\t") }
    out.beginRole(.warning, style)
    out.append("[")
    out.append(decimal: count)
    out.append(" octets are missing from the capture]")
    out.endRole(style)
    out.newline()
  }

  /// Ends what was begun.
  func finish(_ out: inout TextBuffer) {
    guard hasBegun, choice.form != .raw else { return }
    out.append(Self.rule)
    out.newline()
  }

  private func appendLength(_ count: Int, _ ofFirst: Bool, _ out: inout TextBuffer) {
    if !ofFirst { out.append("\t") }
    out.append(decimal: count)
    out.newline()
  }

  private func role(_ ofFirst: Bool) -> TextRole { ofFirst ? .network : .application }

  /// Lines as they are, all else escaped.
  private func appendText(_ octets: Span<UInt8>, _ ofFirst: Bool, _ out: inout TextBuffer) {
    var start = 0
    while start < octets.count {
      var end = start
      while end < octets.count, octets[end] != 0x0a { end &+= 1 }
      let isEnded = end < octets.count
      var textEnd = end
      if isEnded, textEnd > start, octets[textEnd &- 1] == 0x0d { textEnd &-= 1 }
      if textEnd > start {
        out.beginRole(role(ofFirst), style)
        appendWords(octets.extracting(start..<textEnd), &out)
        out.endRole(style)
      }
      out.newline()
      start = end &+ 1
    }
  }

  /// A line, in which tabs stay.
  private func appendWords(_ line: Span<UInt8>, _ out: inout TextBuffer) {
    var start = 0
    for index in 0...line.count where index == line.count || line[index] == 0x09 {
      out.append(untrusted: line.extracting(start..<index))
      if index < line.count { out.append(octet: 0x09) }
      start = index &+ 1
    }
  }

  /// Sixteen octets a line, with their place among those of their end.
  private func appendHex(_ octets: Span<UInt8>, _ ofFirst: Bool, _ out: inout TextBuffer) {
    let before = ofFirst ? shown.first : shown.second
    for start in stride(from: 0, to: octets.count, by: 16) {
      let end = min(start &+ 16, octets.count)
      if !ofFirst { out.append("\t") }
      out.append(hex: UInt32(truncatingIfNeeded: before &+ start))
      out.append(" ")
      out.beginRole(role(ofFirst), style)
      for index in start..<start &+ 16 {
        if index == start &+ 8 { out.append(" ") }
        out.append(" ")
        if index < end { out.append(hex: octets[index]) } else { out.append("  ") }
      }
      out.append("  ")
      for index in start..<end {
        out.append(octet: (0x20..<0x7f).contains(octets[index]) ? octets[index] : 0x2e)
      }
      out.endRole(style)
      out.newline()
    }
  }
}
