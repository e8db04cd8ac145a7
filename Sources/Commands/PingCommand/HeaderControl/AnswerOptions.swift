import PacketText
import PacketWire
import ProbeEvidence

/// What routers wrote into the options of an answer's IP header, for `-R` and `-T`.
struct AnswerOptions: Hashable, Sendable {
  private static let recordRoute: UInt8 = 7
  private static let timestamp: UInt8 = 68

  /// The option, from its type on.
  private let octets: [UInt8]
  /// The same addresses as in the answer before.
  private var isSame = false

  /// `nil` when the packet has none of the two options, or when nobody wrote into it.
  init?(_ packet: EvidencePacket) {
    var reader = PacketReader(packet.octets.span)
    guard let header = try? IPv4Header(parsing: &reader) else { return nil }
    let options = Array(copying: header.options.span)
    var place = 0
    while place < options.count, options[place] != 0 {
      guard options[place] != 1 else {
        place += 1
        continue
      }
      guard place + 1 < options.count, case let length = Int(options[place + 1]), length >= 3,
        place + length <= options.count
      else { return nil }
      let option = Array(options[place..<place + length])
      if option[0] == Self.recordRoute, option[2] > 4 {
        octets = option
        return
      }
      if option[0] == Self.timestamp, length >= 4, option[2] > 5 {
        octets = option
        return
      }
      place += length
    }
    return nil
  }

  /// Takes note that the answer before had the same route.
  mutating func compare(with last: AnswerOptions?) {
    guard let last, octets[0] == Self.recordRoute else { return }
    isSame = last.octets == octets
  }

  /// Appends iputils' lines, or its remark behind the answer's own.
  func append(to text: inout TextBuffer, _ printer: PingText) {
    if isSame { return text.append("\t(same route)") }
    let end = min(Int(octets[2]) - 1, octets.count)
    if octets[0] == Self.recordRoute {
      text.append("\nRR: ")
      var place = 3
      while place + 4 <= end {
        if place > 3 { text.newline() }
        append(address: place, to: &text, printer)
        place += 4
      }
      return text.newline()
    }
    appendTimes(upTo: end, to: &text, printer)
  }

  private func append(address place: Int, to text: inout TextBuffer, _ printer: PingText) {
    text.append("\t")
    printer.appendPeer(.v4(IPv4Address(bits: word(place))), &text)
  }

  private func word(_ place: Int) -> UInt32 {
    octets[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Each time but the first of its kind as what has passed since the one before it.
  private func appendTimes(upTo end: Int, to text: inout TextBuffer, _ printer: PingText) {
    let step = octets[3] & 0x0f == 0 ? 4 : 8
    var last: (standard: Int, other: Int) = (0, 0)
    text.append("\nTS: ")
    var place = 4
    while place + step <= end {
      if place > 4 { text.newline() }
      if step == 8 { append(address: place, to: &text, printer) }
      let time = word(place + step - 4)
      let value = Int(time & 0x7fff_ffff)
      // The highest bit says that these are no milliseconds since midnight (RFC 791 §3.1).
      let isStandard = time >> 31 == 0
      let before = isStandard ? last.standard : last.other
      text.append("\t")
      text.append(decimal: value - before)
      if before == 0 { text.append(" absolute") }
      if isStandard {
        last.standard = value
      } else {
        text.append(" not-standard")
        last.other = value
      }
      place += step
    }
    text.newline()
    guard octets[3] >> 4 > 0 else { return }
    text.append("Unrecorded hops: ")
    text.append(decimal: octets[3] >> 4)
    text.newline()
  }
}
