import LineFormat
import PacketWire

/// The values of a lab file that are written as one word; each gives `nil` for what it is not.
enum TopologyValue {
  /// A decimal number and a unit: 300us, 1.5ms, 2s; at most a minute.
  static func delay(_ text: some StringProtocol) -> Nanoseconds? {
    for (unit, length) in [("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000)]
    where text.hasSuffix(unit) {
      guard let count = scaled(text.dropLast(unit.count), by: UInt64(length)) else { continue }
      return count <= 60_000_000_000 ? Nanoseconds(Int64(count)) : nil
    }
    return nil
  }

  /// A delay, or one with a minus sign before it.
  static func offset(_ text: String) -> Nanoseconds? {
    text.hasPrefix("-") ? delay(text.dropFirst()).map { .zero - $0 } : delay(text)
  }

  /// 0% to 100%, to four decimal places.
  static func probability(_ text: some StringProtocol) -> Probability? {
    guard text.hasSuffix("%"), let perMillion = scaled(text.dropLast(), by: 10_000),
      perMillion <= 1_000_000
    else { return nil }
    return Probability(clamping: perMillion)
  }

  /// A number of bits in a second: 500kbit, 10mbit, 1.5gbit; from 1 bit to 1000 gbit.
  static func rate(_ text: Substring) -> BitRate? {
    let units: [(String, UInt64)] = [
      ("kbit", 1000), ("mbit", 1_000_000), ("gbit", 1_000_000_000), ("bit", 1),
    ]
    guard let (unit, size) = units.first(where: { text.hasSuffix($0.0) }),
      let bits = scaled(text.dropLast(unit.count), by: size), bits >= 1,
      bits <= 1_000_000_000_000
    else { return nil }
    return BitRate(clamping: bits)
  }

  /// A time, or a number of octets: 50ms, 1500B, 64kB, 2MB; at most 1000 MB.
  static func queue(_ text: Substring) -> QueueLimit? {
    if let time = delay(text) { return .time(time) }
    let units: [(String, UInt64)] = [("kB", 1000), ("MB", 1_000_000), ("B", 1)]
    guard let (unit, size) = units.first(where: { text.hasSuffix($0.0) }),
      let octets = scaled(text.dropLast(unit.count), by: size), octets <= 1_000_000_000
    else { return nil }
    return .octets(Int(octets))
  }

  /// A chance and a time, with a colon between them: 2%:15ms.
  static func lateness(_ text: Substring) -> Lateness? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let chance = probability(parts[0]), let delay = delay(parts[1]) else {
      return nil
    }
    return Lateness(chance, by: delay)
  }

  /// How a router chooses: flow, packet, destination, or flap and a time.
  static func balancing(_ text: String) -> Balancing? {
    switch text {
    case "flow": return .flow
    case "packet": return .packet
    case "destination": return .destination
    default:
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "flap", let interval = delay(parts[1]),
        interval > .zero
      else { return nil }
      return .flap(every: interval)
    }
  }

  /// What a firewall stops: none, or with commas between them all, or names of protocols, with ports or
  /// types or without: udp, tcp:25, udp:33434-33534, icmp, icmp:8, icmp6:128.
  static func matches(_ text: Substring) -> [Firewall.Match]? {
    if text == "none" { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let matches = parts.map { match($0) }
    guard matches.allSatisfy({ $0 != nil }), matches.count <= 16 else { return nil }
    return matches.flatMap { $0 ?? [] }
  }

  private static func match(_ text: Substring) -> [Firewall.Match]? {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      switch text {
      case "all": return [.init()]
      case "tcp": return [.init(.tcp)]
      case "udp": return [.init(.udp)]
      case "icmp": return [.init(.icmp), .init(.icmpv6)]
      case "icmp6": return [.init(.icmpv6)]
      default: return nil
      }
    }
    let known: [Substring: (IPProtocol, UInt16)] = [
      "tcp": (.tcp, .max), "udp": (.udp, .max), "icmp": (.icmp, 255), "icmp6": (.icmpv6, 255),
    ]
    guard let (number, most) = known[parts[0]], let range = range(parts[1]),
      range.upperBound <= most
    else { return nil }
    return [.init(number, numbers: range)]
  }

  /// A number, or two with a hyphen between them.
  private static func range(_ text: Substring) -> ClosedRange<UInt16>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
      .map { LineValue.wholeNumber(String($0)).flatMap { UInt16(exactly: $0) } }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
      first <= last
    else { return nil }
    return first...last
  }

  /// Two or three chances with colons between them: 1%:20% or 1%:20%:80%.
  static func bursts(_ text: Substring) -> LossBursts? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { probability($0) }
    guard (2...3).contains(parts.count), let entering = parts[0], let leaving = parts[1],
      let loss = parts.count == 2 ? .always : parts[2]
    else { return nil }
    return LossBursts(entering: entering, leaving: leaving, loss: loss)
  }

  /// How many errors a second, and how many at once: 10/s, 0.5/s, 1/s:6.
  static func errorLimit(_ text: String) -> ErrorLimit? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, first.hasSuffix("/s"),
      let thousandth = scaled(first.dropLast(2), by: 1000), (1...1_000_000_000).contains(thousandth)
    else { return nil }
    let interval = Nanoseconds(1_000_000_000_000 / Int64(thousandth))
    guard parts.count == 2 else { return ErrorLimit(every: interval) }
    guard let burst = LineValue.wholeNumber(String(parts[1])), (1...1000).contains(burst) else {
      return nil
    }
    return ErrorLimit(every: interval, burst: Int(burst))
  }

  /// One to eight MPLS labels of twenty bits (RFC 3032 §2.1) with commas between them.
  static func labels(_ text: String) -> [UInt32]? {
    var labels: [UInt32] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let label = LineValue.wholeNumber(String(part)), label < 1 << 20, labels.count < 8
      else {
        return nil
      }
      labels.append(UInt32(label))
    }
    return labels
  }

  /// One value for both directions, or two with a slash between them.
  static func directions<Value>(
    _ text: String, _ read: (Substring) -> Value?
  ) -> (outward: Value, homeward: Value)? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let outward = read(first) else { return nil }
    guard parts.count == 2 else { return (outward, outward) }
    return read(parts[1]).map { (outward, $0) }
  }

  /// A decimal number times `scale`, if that is whole and not huge.
  private static func scaled(_ text: some StringProtocol, by scale: UInt64) -> UInt64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, isDigits(whole), whole.utf8.count <= 9,
      var result = UInt64(whole).map({ $0 * scale })
    else { return nil }
    guard parts.count == 2 else { return result }
    guard isDigits(parts[1]) else { return nil }
    var unit = scale
    for digit in parts[1].utf8 {
      guard unit.isMultiple(of: 10) else { return nil }
      unit /= 10
      result += UInt64(digit - 0x30) * unit
    }
    return result
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
