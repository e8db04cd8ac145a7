/// The header of a Frame Relay frame (ITU-T Q.922 annex A; RFC 2427 §3), and what it says of what
/// follows.
///
///      0             6  7 8            12 13 14 15 16
///     +-------------+--+-+-------------+--+--+--+-+--------------------+
///     |  upper DLCI |CR|0|  lower DLCI |FE|BE|DE|1| control, pad, NLPID|
///     +-------------+--+-+-------------+--+--+--+-+--------------------+
///
/// The address has two to four octets; the lowest bit of the last one is set. Cisco's framing has an
/// EtherType behind it instead of a control octet.
public struct FrameRelayHeader: Hashable, Sendable {
  /// What stands behind the address.
  public enum Encapsulation: Hashable, Sendable {
    /// Cisco's: the type of what follows.
    case etherType(EtherType)
    /// Unnumbered information, perhaps a pad of zero, and a network layer protocol identifier.
    case multiprotocol(isPadded: Bool, NetworkProtocol)
  }

  /// A network layer protocol identifier (ISO/IEC TR 9577; RFC 2427 §5).
  public struct NetworkProtocol: RawRepresentable, Hashable, Sendable {
    /// The octet on the wire.
    public var rawValue: UInt8

    /// Any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A SNAP header follows.
    public static let snap = NetworkProtocol(rawValue: 0x80)
    /// IPv6.
    public static let ipv6 = NetworkProtocol(rawValue: 0x8e)
    /// IPv4.
    public static let ipv4 = NetworkProtocol(rawValue: 0xcc)
  }

  /// The octets of the address as one number.
  public private(set) var address: UInt32
  /// How many there are, two to four.
  public private(set) var addressLength: Int
  /// What follows.
  public var encapsulation: Encapsulation

  /// The data link connection identifier of an address of two octets.
  public var connection: UInt16 { UInt16(address >> 6 & 0x3f0 | address >> 4 & 0xf) }

  /// Of this header, in octets.
  public var length: Int {
    switch encapsulation {
    case .etherType: addressLength + 2
    case .multiprotocol(let isPadded, _): addressLength + (isPadded ? 3 : 2)
    }
  }

  /// A header with an address of two octets; `connection` counts its lower ten bits.
  public init(connection: UInt16, encapsulation: Encapsulation) {
    address = UInt32(connection & 0x3f0) << 6 | UInt32(connection & 0xf) << 4 | 1
    (addressLength, self.encapsulation) = (2, encapsulation)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    (address, addressLength) = (0, 0)
    repeat {
      guard addressLength < 4 else {
        throw PacketError(.frameRelay, at: reader.offset, .tooMany(limit: 4))
      }
      address = address << 8 | UInt32(try cursor.take(1, for: .frameRelay)[0])
      addressLength += 1
    } while address & 1 == 0
    guard addressLength >= 2 else {
      throw PacketError(.frameRelay, at: reader.offset, .badHeaderLength(addressLength))
    }
    let next = try cursor.take(2, for: .frameRelay)
    if next[0] != Self.unnumberedInformation {
      encapsulation = .etherType(EtherType(rawValue: next.u16(at: 0)))
    } else if next[1] == 0 {
      let number = try cursor.take(1, for: .frameRelay)[0]
      encapsulation = .multiprotocol(isPadded: true, NetworkProtocol(rawValue: number))
    } else {
      encapsulation = .multiprotocol(isPadded: false, NetworkProtocol(rawValue: next[1]))
    }
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    for index in (0..<addressLength).reversed() {
      out.append(UInt8(truncatingIfNeeded: address >> UInt32(8 * index)))
    }
    switch encapsulation {
    case .etherType(let type): out.append(bigEndian: type.rawValue)
    case .multiprotocol(let isPadded, let number):
      out.append(Self.unnumberedInformation)
      if isPadded { out.append(0) }
      out.append(number.rawValue)
    }
  }

  /// The control octet.
  private static let unnumberedInformation: UInt8 = 0x03
}
