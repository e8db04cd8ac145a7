public import PacketWire

/// Who runs which addresses, from a file (`OriginTableReader`).
///
/// A range takes 16 octets in IPv4 and 40 in IPv6, and what is known of a system is kept once. A look-up
/// is a binary search and the steps out of the ranges that lie within one another, of which prefixes have
/// 32 or 128 at most.
public struct OriginTable: Sendable {
  var ipv4 = OriginRanges<IPv4Address>()
  var ipv6 = OriginRanges<IPv6Address>()
  /// What is known of a range, as `numbers TAB country TAB name`.
  var texts = OctetPool()

  init() {}

  /// How many ranges there are.
  public var count: Int { ipv4.count + ipv6.count }
  /// How many different systems, or groups of them, there are.
  public var systemCount: Int { texts.count }
  /// How much memory the table takes, about, in octets.
  public var footprint: Int {
    ipv4.count * MemoryLayout<OriginRanges<IPv4Address>.Entry>.stride
      + ipv6.count * MemoryLayout<OriginRanges<IPv6Address>.Entry>.stride
      + texts.octetCount + 4 * texts.count
  }

  /// Who runs the address: what the narrowest range says that holds it; nil where none does.
  ///
  /// Where several lines are about that very range, the numbers of all of them are given.
  public func origin(of address: IPAddress) -> AddressOrigin? {
    switch address {
    case .v4(let address):
      let places = ipv4.find(address, atMost: AddressOrigin.maximumNumbers)
      guard let place = places.first else { return nil }
      let entry = ipv4.entries[place]
      return origin(
        places.map { ipv4.entries[$0].origin }, from: .v4(entry.first), through: .v4(entry.last))
    case .v6(let address):
      let places = ipv6.find(address, atMost: AddressOrigin.maximumNumbers)
      guard let place = places.first else { return nil }
      let entry = ipv6.entries[place]
      return origin(
        places.map { ipv6.entries[$0].origin }, from: .v6(entry.first), through: .v6(entry.last))
    }
  }

  /// `found` has the last line first.
  private func origin(
    _ found: [UInt32], from first: IPAddress, through last: IPAddress
  ) -> AddressOrigin? {
    guard let block = AddressBlock(first, through: last) else { return nil }
    var origin = AddressOrigin(numbers: [], block: block)
    for number in found.reversed() {
      let parts = texts[number].split(
        separator: 0x09, maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let numbers = parts[0]
      for number in SystemNumbers.read(numbers.span)
      where !origin.numbers.contains(number)
        && origin.numbers.count < AddressOrigin.maximumNumbers
      {
        origin.numbers.append(number)
      }
      origin.country = origin.country ?? Self.text(parts[1])
      origin.name = origin.name ?? Self.text(parts[2])
    }
    return origin
  }

  private static func text(_ octets: ArraySlice<UInt8>) -> String? {
    octets.isEmpty ? nil : String(decoding: octets, as: UTF8.self)
  }
}
