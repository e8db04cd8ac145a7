/// What stands behind the ICMPv6 header of a multicast listener query (RFC 2710 §3, RFC 9777 §5.1).
///
///      0   4 5     8             16                          32
///     +-------------------------------------------------------+
///     |           multicast address, four words …             |
///     +---+-+-----+--------------+----------------------------+
///     |res|S| QRV |     QQIC     |     number of sources      |
///     +---+-+-----+--------------+----------------------------+
///     |                     source addresses …                |
///     +-------------------------------------------------------+
///
/// The version 1 form ends with the address.
public struct ListenerQuery: Hashable, Sendable {
  /// What version 2 adds.
  public struct Sources: Hashable, Sendable {
    /// Four reserved bits, S and the robustness variable.
    public var flags: UInt8
    /// The querier's interval as a code; see `ListenerQuery.interval(code:)`.
    public var intervalCode: UInt8
    /// Whose packets are asked about; none stands for all.
    public var addresses: [IPv6Address]

    /// S: routers that hear it leave their timers alone.
    public var suppressesRouters: Bool { flags & 8 != 0 }
    /// QRV: how many losses the querier reckons with, 0 for more than seven.
    public var robustness: UInt8 { flags & 7 }
    /// QQI: the querier's interval, in seconds.
    public var interval: UInt32 { ListenerQuery.interval(code: intervalCode) }

    /// The part of version 2 from its fields; at most 65535 addresses.
    public init(flags: UInt8, intervalCode: UInt8, addresses: [IPv6Address]) {
      (self.flags, self.intervalCode, self.addresses) = (flags, intervalCode, addresses)
    }
  }

  /// Of version 1, in octets.
  public static let minimumLength = 16

  /// The group; none in a general query.
  public var group: IPv6Address
  /// Only version 2 has them.
  public var sources: Sources?

  /// How many octets `write(to:)` appends.
  public var length: Int {
    Self.minimumLength + (sources.map { 4 + 16 * $0.addresses.count } ?? 0)
  }

  /// A query from its fields.
  public init(group: IPv6Address, sources: Sources? = nil) {
    (self.group, self.sources) = (group, sources)
  }

  /// Reads a query. It is version 2's where four more octets follow (RFC 9777 §8.1).
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    group = IPv6Address(try ahead.take(Self.minimumLength, for: .icmpv6), at: 0)
    if ahead.available >= 4 {
      let fixed = try ahead.take(4, for: .icmpv6)
      let addresses = try ahead.takeAddresses(Int(fixed.u16(at: 2)))
      sources = Sources(flags: fixed[0], intervalCode: fixed[1], addresses: addresses)
    }
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(group)
    guard let sources else { return }
    out.append(sources.flags)
    out.append(sources.intervalCode)
    out.append(bigEndian: UInt16(truncatingIfNeeded: sources.addresses.count))
    for address in sources.addresses { out.append(address) }
  }

  /// How long a listener may take to answer, in milliseconds; from 32768 on the code is a floating point
  /// number (RFC 9777 §5.1.3).
  public static func responseDelay(code: UInt16) -> UInt32 {
    let code = UInt32(code)
    return code < 0x8000 ? code : (code & 0xfff | 0x1000) << ((code >> 12 & 7) + 3)
  }

  /// Seconds; from 128 on the code is a floating point number (RFC 9777 §5.1.9).
  public static func interval(code: UInt8) -> UInt32 {
    let code = UInt32(code)
    return code < 128 ? code : (code & 15 | 16) << ((code >> 4 & 7) + 3)
  }
}

/// What a report of version 2 says of one group (RFC 9777 §5.2).
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |    type     |  auxiliary  |    number of sources      |
///     +-------------+-------------+---------------------------+
///     |           multicast address, four words …             |
///     |        source addresses, then auxiliary words …       |
///     +-------------------------------------------------------+
public struct ListenerRecord: Hashable, Sendable {
  /// Of what stands before the sources, in octets.
  public static let minimumLength = 20

  /// What is said: 1 and 2 the state, 3 and 4 a change of it, 5 and 6 sources allowed and blocked.
  public var type: UInt8
  /// The group.
  public var group: IPv6Address
  /// The sources that it is about.
  public var sources: [IPv6Address]
  /// Words that no version has a meaning for: a multiple of four octets, 1020 at most.
  public var auxiliary: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { Self.minimumLength + 16 * sources.count + auxiliary.count }

  /// A record from its fields.
  public init(type: UInt8, group: IPv6Address, sources: [IPv6Address], auxiliary: [UInt8] = []) {
    (self.type, self.group) = (type, group)
    (self.sources, self.auxiliary) = (sources, auxiliary)
  }

  /// Reads one record.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(Self.minimumLength, for: .icmpv6)
    (type, group) = (fixed[0], IPv6Address(fixed, at: 4))
    sources = try ahead.takeAddresses(Int(fixed.u16(at: 2)))
    auxiliary = Array(copying: try ahead.take(Int(fixed[1]) * 4, for: .icmpv6))
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(type)
    out.append(UInt8(truncatingIfNeeded: auxiliary.count / 4))
    out.append(bigEndian: UInt16(truncatingIfNeeded: sources.count))
    out.append(group)
    for address in sources { out.append(address) }
    out.append(copying: auxiliary.span)
  }
}

extension PacketReader {
  /// That many IPv6 addresses.
  mutating func takeAddresses(_ count: Int) throws(PacketError) -> [IPv6Address] {
    let octets = try take(16 * count, for: .icmpv6)
    return (0..<count).map { IPv6Address(octets, at: 16 * $0) }
  }
}

extension OutputSpan<UInt8> {
  mutating func append(_ address: IPv6Address) {
    append(bigEndian: address.highWord)
    append(bigEndian: address.lowWord)
  }
}
