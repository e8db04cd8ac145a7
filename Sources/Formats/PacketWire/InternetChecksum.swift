/// The Internet checksum of RFC 1071, built up from parts.
///
/// The sum is kept wide and folded once at the end (RFC 1071 §2 (A) and (C)), so parts may be
/// added in any order as long as each but the last has an even number of octets.
public struct InternetChecksum: Hashable, Sendable {
  private var sum: UInt64 = 0

  /// An empty sum.
  public init() {}

  /// Adds octets as big-endian 16-bit words; an odd last octet is padded with zero (RFC 1071 §4.1).
  public mutating func add(_ octets: Span<UInt8>) {
    var i = 0
    while i + 1 < octets.count {
      sum += UInt64(octets.u16(at: i))
      i += 2
    }
    if i < octets.count { sum += UInt64(octets[i]) << 8 }
  }

  /// Adds one 16-bit word.
  public mutating func add(_ word: UInt16) { sum += UInt64(word) }

  /// Adds the IPv4 pseudo header (RFC 793 §3.1, RFC 768) or the IPv6 one (RFC 8200 §8.1).
  ///
  /// `length` is the upper-layer packet's, header included, in octets.
  public mutating func addPseudoHeader(
    from source: IPAddress, to destination: IPAddress, protocolNumber: IPProtocol, length: Int
  ) {
    for address in [source, destination] { add(address: address) }
    sum += UInt64(protocolNumber.rawValue)
    sum += UInt64(length >> 16 & 0xffff) + UInt64(length & 0xffff)
  }

  private mutating func add(address: IPAddress) {
    switch address {
    case .v4(let address):
      sum += UInt64(address.bits >> 16) + UInt64(address.bits & 0xffff)
    case .v6(let address):
      for word in [
        address.highWord >> 32, address.highWord, address.lowWord >> 32, address.lowWord,
      ] {
        sum += (word >> 16 & 0xffff) + (word & 0xffff)
      }
    }
  }

  /// The ones' complement sum, not yet complemented: 0xffff over a packet whose checksum is right.
  public var folded: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = (folded >> 16) + (folded & 0xffff) }
    return UInt16(folded)
  }

  /// What belongs in the checksum field when that field was summed as zero.
  public var value: UInt16 { ~folded }
}
