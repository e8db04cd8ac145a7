/// A DHCPv6 message (RFC 9915 §8, §9): between client and server, or between relays.
///
///      0             8                                      32
///     +-------------+----------------------------------------+
///     |    type     |       transaction identifier           |
///     +-------------+----------------------------------------+
///     |    options …                                         |
///     +------------------------------------------------------+
///
/// A relay's has a hop count of one octet, the link's and the peer's address in place of the
/// identifier.
public struct DHCPv6Message: Hashable, Sendable {
  /// What stands between type and options.
  public enum Header: Hashable, Sendable {
    /// Pairs an answer with its request; 24 bits.
    case transaction(identifier: UInt32)
    /// How far a relay passed it on, for which link, and from whom.
    case relay(hops: UInt8, link: IPv6Address, peer: IPv6Address)
  }

  /// What it is for.
  public var type: DHCPv6Type
  /// What stands between type and options.
  public var header: Header
  /// As on the wire.
  public var optionOctets: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int {
    switch header {
    case .transaction: 4 + optionOctets.count
    case .relay: 34 + optionOctets.count
    }
  }

  /// The options, up to the first one that does not fit.
  public var options: [DHCPv6Option] {
    var options: [DHCPv6Option] = []
    let octets = optionOctets.span
    var offset = 0
    while offset + 4 <= octets.count {
      let end = offset + 4 + Int(octets.u16(at: offset + 2))
      guard end <= octets.count else { break }
      let value = Array(copying: octets.extracting(offset + 4..<end))
      options.append(DHCPv6Option(code: octets.u16(at: offset), value: value))
      offset = end
    }
    return options
  }

  /// A message from its parts.
  public init(_ type: DHCPv6Type, _ header: Header, optionOctets: [UInt8] = []) {
    (self.type, self.header, self.optionOctets) = (type, header, optionOctets)
  }

  /// Reads everything that is left, at least 4 octets, of a relay's message 34.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let start = reader.remaining
    let isRelay = start.count > 0 && DHCPv6Type(rawValue: start[0]).isRelay
    let fixed = try reader.take(isRelay ? 34 : 4, for: .dhcpv6)
    type = DHCPv6Type(rawValue: fixed[0])
    header =
      isRelay
      ? .relay(
        hops: fixed[1], link: IPv6Address(fixed, at: 2), peer: IPv6Address(fixed, at: 18))
      : .transaction(identifier: fixed.u32(at: 0) & 0xff_ffff)
    optionOctets = Array(copying: try reader.take(reader.available, for: .dhcpv6))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    switch header {
    case .transaction(let identifier):
      out.append(bigEndian: UInt32(type.rawValue) << 24 | identifier & 0xff_ffff)
    case .relay(let hops, let link, let peer):
      out.append(type.rawValue)
      out.append(hops)
      out.append(bigEndian: link.bits)
      out.append(bigEndian: peer.bits)
    }
    out.append(copying: optionOctets.span)
  }
}

/// What a DHCPv6 message is for (IANA "DHCPv6 Message Types").
public struct DHCPv6Type: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  public var rawValue: UInt8

  /// Any value, named or not.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// RELAY-FORW.
  public static let relayForward = DHCPv6Type(rawValue: 12)
  /// RELAY-REPL.
  public static let relayReply = DHCPv6Type(rawValue: 13)

  /// It has a relay's header.
  public var isRelay: Bool { self == .relayForward || self == .relayReply }
}

/// One option of a DHCPv6 message (RFC 9915 §21.1).
public struct DHCPv6Option: Hashable, Sendable {
  /// IANA "DHCPv6 Option Codes".
  public var code: UInt16
  /// At most 65535 octets.
  public var value: [UInt8]

  /// An option from its fields.
  public init(code: UInt16, value: [UInt8]) { (self.code, self.value) = (code, value) }
}
