/// What a PPP frame carries (IANA "PPP DLL Protocol Numbers").
public struct PPPProtocol: RawRepresentable, Hashable, Sendable {
  /// The number on the wire, one or two octets there.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// IPv4 (RFC 1332).
  public static let ipv4 = PPPProtocol(rawValue: 0x0021)
  /// IPv6 (RFC 5072).
  public static let ipv6 = PPPProtocol(rawValue: 0x0057)
  /// MPLS, unicast (RFC 3032 §4.3).
  public static let mpls = PPPProtocol(rawValue: 0x0281)
  /// IPv4's control protocol (RFC 1332).
  public static let ipcp = PPPProtocol(rawValue: 0x8021)
  /// IPv6's control protocol (RFC 5072).
  public static let ipv6cp = PPPProtocol(rawValue: 0x8057)
  /// Link control (RFC 1661 §5).
  public static let lcp = PPPProtocol(rawValue: 0xc021)
  /// Passwords (RFC 1334 §2).
  public static let pap = PPPProtocol(rawValue: 0xc023)
  /// Challenges (RFC 1994).
  public static let chap = PPPProtocol(rawValue: 0xc223)
}

/// The header of a PPP frame (RFC 1661 §2), with the address and control of RFC 1662 §3.1 where the
/// capture has them.
///
///      0             8             16                          32
///     +-------------+-------------+---------------------------+
///     |    0xff     |    0x03     |  protocol (8 or 16 bits)  |
///     +-------------+-------------+---------------------------+
///
/// Either end may leave out the first two, and the protocol's first octet if it is zero (RFC 1661
/// §6.5, §6.6).
public struct PPPHeader: Hashable, Sendable {
  /// The most there can be, in octets.
  public static let maximumLength = 4

  /// 0xff03 is there.
  public var hasAddressAndControl: Bool
  /// The protocol has one octet.
  public private(set) var isProtocolCompressed: Bool
  /// What follows.
  public private(set) var protocolNumber: PPPProtocol

  /// Of this header, in octets.
  public var length: Int { (hasAddressAndControl ? 2 : 0) + (isProtocolCompressed ? 1 : 2) }

  /// A header that leaves nothing out of the protocol.
  public init(_ protocolNumber: PPPProtocol, hasAddressAndControl: Bool = true) {
    (self.protocolNumber, isProtocolCompressed) = (protocolNumber, false)
    self.hasAddressAndControl = hasAddressAndControl
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    hasAddressAndControl =
      cursor.available >= 2 && cursor.remaining.u16(at: 0) == 0xff03
    if hasAddressAndControl { _ = try cursor.take(2, for: .ppp) }
    // An odd octet is a protocol's last (RFC 1661 §2).
    let first = try cursor.take(1, for: .ppp)[0]
    isProtocolCompressed = first & 1 == 1
    var number = UInt16(first)
    if !isProtocolCompressed { number = number << 8 | UInt16(try cursor.take(1, for: .ppp)[0]) }
    protocolNumber = PPPProtocol(rawValue: number)
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    if hasAddressAndControl { out.append(bigEndian: 0xff03 as UInt16) }
    if isProtocolCompressed {
      out.append(UInt8(truncatingIfNeeded: protocolNumber.rawValue))
    } else {
      out.append(bigEndian: protocolNumber.rawValue)
    }
  }
}
