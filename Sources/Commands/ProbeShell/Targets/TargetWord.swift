import LineFormat
import PacketWire

/// What one word of a target list can mean.
enum TargetWord: Hashable {
  /// An address and nothing else.
  case address(IPAddress)
  /// Addresses that follow each other; the scope is as it was typed behind `%`.
  case addresses(first: IPAddress, count: UInt64, scope: String?)
  /// A name, or an address in a form that only the resolver reads.
  case name

  /// Something that looks like addresses and is none.
  struct Problem: Error, Hashable {
    /// Where in the word, in characters from 0.
    var offset: Int
    /// What would have been right.
    var expected: String
  }

  /// Reads a word: `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9`, `192.0.2.1-9`, and the same of
  /// IPv6, where a prefix may have a scope before its length (RFC 4007 §11.7).
  init(_ text: String) throws(Problem) {
    if let address = IPAddress(text) {
      self = .address(address)
    } else if let slash = text.lastIndex(of: "/") {
      self = try Self.prefix(text[..<slash], length: text[text.index(after: slash)...])
    } else if let hyphen = text.firstIndex(of: "-"), let first = IPAddress(String(text[..<hyphen]))
    {
      self = try Self.range(from: first, text[..<hyphen], to: text[text.index(after: hyphen)...])
    } else {
      self = .name
    }
  }

  private static func prefix(
    _ network: Substring, length text: Substring
  ) throws(Problem) -> TargetWord {
    let parts = network.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
    let scope = parts.count > 1 ? String(parts[1]) : nil
    guard let address = IPAddress(String(parts[0])), scope == nil || address.family == .v6 else {
      throw Problem(offset: 0, expected: "an address before the \"/\"")
    }
    let width: UInt64 = address.family == .v4 ? 32 : 128
    guard let length = LineValue.wholeNumber(String(text)), length <= width else {
      throw Problem(
        offset: network.count + 1, expected: "a prefix length from 0 to \(width)")
    }
    let hostBits = width - length
    switch address {
    case .v4(let address):
      let count = UInt64(1) << hostBits
      let network = UInt64(address.bits) / count * count
      // As fping: the network's own address and the broadcast address are not hosts, but where there
      // would be no other (RFC 3021).
      let edge: UInt64 = count > 2 ? 1 : 0
      let first = IPv4Address(bits: UInt32(truncatingIfNeeded: network + edge))
      return .addresses(first: .v4(first), count: count - 2 * edge, scope: nil)
    case .v6(let address):
      let mask = hostBits == 128 ? UInt128.max : UInt128(1) << hostBits - 1
      let count = hostBits < 64 ? UInt64(1) << hostBits : .max
      return .addresses(
        first: .v6(IPv6Address(bits: address.bits & ~mask)), count: count, scope: scope)
    }
  }

  private static func range(
    from first: IPAddress, _ start: Substring, to end: Substring
  ) throws(Problem) -> TargetWord {
    let offset = start.count + 1
    let isV4 = first.family == .v4
    var last = IPAddress(String(end))
    if last == nil, !end.contains(isV4 ? "." : ":"),
      let separator = start.lastIndex(of: isV4 ? "." : ":")
    {
      // The last part only, before which everything is the same.
      last = IPAddress(String(start[...separator]) + end)
    }
    switch (first, last) {
    case (.v4(let first), .v4(let last)) where first <= last:
      return .addresses(
        first: .v4(first), count: UInt64(last.bits - first.bits) + 1, scope: nil)
    case (.v6(let first), .v6(let last)) where first <= last:
      let count = last.bits - first.bits
      return .addresses(
        first: .v6(first), count: count < 1 << 62 ? UInt64(count) + 1 : .max, scope: nil)
    default:
      throw Problem(
        offset: offset,
        expected: "the last address of the range, or its last part, not before the first one's")
    }
  }
}
