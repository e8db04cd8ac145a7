package import FlowAnalysis
import PacketText
package import PacketWire

/// A sentence in the making: text, and the packets that it refers to.
struct Sentence {
  /// Further clauses are left out when they would make a sentence longer than this, in characters.
  static let comfortableLength = 210

  private(set) var text: String
  private(set) var because: [Int] = []

  init(_ text: String = "") { self.text = text }

  /// Adds what the sentence cannot do without.
  mutating func add(_ more: String) { text += more }

  /// Adds what only helps, if there is room for it.
  mutating func add(ifRoom more: String) {
    if text.utf8.count + more.utf8.count <= Self.comfortableLength { text += more }
  }

  /// Adds `more` if there is room for it, else `short` in any case.
  mutating func add(ifRoom more: String, else short: String) {
    add(text.utf8.count + more.utf8.count <= Self.comfortableLength ? more : short)
  }

  /// Puts another sentence, and its causes, before this one.
  mutating func prepend(_ other: Sentence) {
    text = other.text + text
    because += other.because
  }

  /// Names a packet that this one follows from.
  mutating func refer(_ mark: PacketMark) -> String {
    because.append(mark.number)
    return "#\(mark.number)"
  }

  /// Names a packet, by its number, that this one follows from.
  mutating func refer(_ number: Int) -> String {
    because.append(number)
    return "#\(number)"
  }

  /// The cause is told without its number.
  mutating func follow(_ mark: PacketMark?) {
    if let mark { because.append(mark.number) }
  }

  /// What the sentence follows from, each packet once, ascending, and only packets before `number`.
  func causes(before number: Int) -> [Int] {
    Array(Set(because.filter { $0 < number })).sorted()
  }
}

/// Words for numbers and names. All text is ASCII.
package enum Words {
  /// "1 byte", "2 bytes".
  package static func count(_ count: Int64, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  package static func count(_ count: Int, _ noun: String) -> String {
    self.count(Int64(count), noun)
  }

  /// "byte 5", "bytes 1-78"; the end of a range is one beyond.
  static func bytes(_ positions: Range<Int64>) -> String {
    let last = positions.upperBound - 1
    return positions.count == 1
      ? "byte \(positions.lowerBound)" : "bytes \(positions.lowerBound)-\(last)"
  }

  /// A length of time with three figures that count: "24.1 ms", "1.05 s", "45 us".
  package static func duration(_ time: Nanoseconds) -> String {
    let magnitude = time.count.magnitude
    let text =
      switch magnitude {
      case 0: "0 ms"
      case ..<1_000: "\(magnitude) ns"
      case ..<10_000: fixed(magnitude, unit: 1_000, decimals: 1) + " us"
      case ..<100_000: fixed(magnitude, unit: 1_000, decimals: 0) + " us"
      case ..<10_000_000: fixed(magnitude, unit: 1_000_000, decimals: 2) + " ms"
      case ..<1_000_000_000: fixed(magnitude, unit: 1_000_000, decimals: 1) + " ms"
      case ..<100_000_000_000: fixed(magnitude, unit: 1_000_000_000, decimals: 2) + " s"
      default: fixed(magnitude, unit: 1_000_000_000, decimals: 0) + " s"
      }
    return time.count < 0 ? "-" + text : text
  }

  private static func fixed(_ value: UInt64, unit: UInt64, decimals: Int) -> String {
    let scale: UInt64 = decimals == 0 ? 1 : decimals == 1 ? 10 : 100
    let step = unit / scale
    let number = (value + step / 2) / step
    guard decimals > 0 else { return "\(number)" }
    let fraction = String(number % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.utf8.count)
    return "\(number / scale).\(zeros)\(fraction)"
  }

  /// " after 24.1 ms", or nothing when the stamps say that the effect came before its cause.
  static func after(_ cause: PacketMark, _ mark: PacketMark) -> String {
    let time = mark.time - cause.time
    return time.count < 0 ? "" : " after \(duration(time))"
  }

  /// "a", "a and b", "a, b and c"; with more than `limit`, "a, b and 3 more".
  package static func list(_ items: [String], limit: Int = 3) -> String {
    guard let last = items.last else { return "" }
    if items.count == 1 { return last }
    if items.count <= limit { return items.dropLast().joined(separator: ", ") + " and " + last }
    let shown = items.prefix(max(limit - 1, 1))
    return shown.joined(separator: ", ") + " and \(items.count - shown.count) more"
  }

  /// Text from the network, escaped and cut to `limit` characters.
  package static func safe(_ text: UntrustedText, _ limit: Int) -> String {
    safe(text.octets, limit)
  }

  /// A request's target, in which a blank is no blank between words.
  static func target(_ text: UntrustedText, _ limit: Int) -> String {
    safe(text, limit).split(separator: " ", omittingEmptySubsequences: false)
      .joined(separator: "\\x20")
  }

  /// What looks like the number of a packet is none in somebody else's words.
  private static func withoutReferences(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "#")) else { return text }
    var result = ""
    for (index, piece) in text.split(separator: "#", omittingEmptySubsequences: false).enumerated()
    {
      if index > 0 { result += piece.first?.isNumber == true ? "\\x23" : "#" }
      result += piece
    }
    return result
  }

  /// Octets from the network, escaped and cut to `limit` characters.
  static func safe(_ octets: [UInt8], _ limit: Int) -> String {
    withoutReferences(SafeText.escaped(octets.span, atMost: limit, as: .ascii))
  }

  /// Text from the network, escaped and cut to `limit` characters.
  package static func safe(_ text: String, _ limit: Int) -> String {
    withoutReferences(SafeText.escaped(text, atMost: limit, as: .ascii))
  }

  /// A domain name without its final dot.
  static func name(_ name: DNSName) -> String { safe(name.textWithoutFinalDot, 60) }

  /// An end by its name and address, or by its address alone.
  package static func who(_ end: Endpoint?) -> String {
    guard let end else { return "someone" }
    guard let name = end.name else { return "\(end.address)" }
    return "\(safe(name.text, 48)) (\(end.address))"
  }

  /// The first letter of a sentence.
  package static func capitalised(_ text: String) -> String {
    guard let first = text.first else { return text }
    return first.uppercased() + text.dropFirst()
  }
}
