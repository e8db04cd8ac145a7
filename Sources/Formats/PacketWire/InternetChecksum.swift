/// The Internet checksum of RFC 1071, built up from parts.
///
/// The sum is kept wide and folded once at the end (RFC 1071 §2 (A) and (C)), so parts may be
/// added in any order as long as each but the last has an even number of octets. It could wrap only
/// over more than 16 GiB.
public struct InternetChecksum: Hashable, Sendable {
  private var sum: UInt64 = 0

  /// An empty sum.
  public init() {}

  /// Adds octets as big-endian 16-bit words; an odd last octet is padded with zero (RFC 1071 §4.1).
  public mutating func add(_ octets: Span<UInt8>) {
    var rest = octets
    while rest.count >= 8 {
      add(rest.u64(at: 0))
      rest = rest.extracting(droppingFirst: 8)
    }
    while rest.count >= 2 {
      sum &+= UInt64(rest.u16(at: 0))
      rest = rest.extracting(droppingFirst: 2)
    }
    if rest.count == 1 { sum &+= UInt64(rest[0]) << 8 }
  }

  /// Adds the octets of a header that `write` gives, 60 at the most and an even number of them.
  @inline(__always)
  mutating func add(_ write: (inout OutputSpan<UInt8>) -> Void) {
    // In place: a decoder that checks every packet must not allocate.
    let octets = InlineArray<60, UInt8> { (out: inout OutputSpan<UInt8>) in
      write(&out)
      out.append(repeating: 0, count: out.freeCapacity)
    }
    add(octets.span)
  }

  /// Adds one 16-bit word.
  public mutating func add(_ word: UInt16) { sum += UInt64(word) }

  /// Adds the IPv4 pseudo header (RFC 793 §3.1, RFC 768) or the IPv6 one (RFC 8200 §8.1).
  ///
  /// `length` is the upper-layer packet's, header included, in octets.
  public mutating func addPseudoHeader(
    from source: IPAddress, to destination: IPAddress, protocolNumber: IPProtocol, length: Int
  ) {
    add(address: source)
    add(address: destination)
    sum += UInt64(protocolNumber.rawValue)
    // The length has 32 bits in IPv6 and 16 in IPv4, where a segment that the network card has yet to
    // cut up can have more.
    sum += UInt64(length & 0xffff)
    if source.family == .v6 { sum += UInt64(length >> 16 & 0xffff) }
  }

  /// A longer word counts as its parts would (RFC 1071 §2 (C)).
  private mutating func add(_ word: UInt64) {
    sum &+= (word >> 32) &+ (word & 0xffff_ffff)
  }

  private mutating func add(address: IPAddress) {
    switch address {
    case .v4(let address):
      sum += UInt64(address.bits)
    case .v6(let address):
      add(address.highWord)
      add(address.lowWord)
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
