/// Where a "cooked" capture saw the packet (LINKTYPE_LINUX_SLL; `sll_pkttype` of packet(7)).
public struct LinuxPacketType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire; 8 bits wide in version 2 of the header.
  public var rawValue: UInt16

  /// Any value, named or not.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Sent to this host.
  public static let host = LinuxPacketType(rawValue: 0)
  /// A link-layer broadcast.
  public static let broadcast = LinuxPacketType(rawValue: 1)
  /// A link-layer multicast.
  public static let multicast = LinuxPacketType(rawValue: 2)
  /// Sent to somebody else, seen in promiscuous mode.
  public static let otherHost = LinuxPacketType(rawValue: 3)
  /// Sent by this host.
  public static let outgoing = LinuxPacketType(rawValue: 4)
}

/// The link-layer address of a "cooked" header: eight octets, of which `length` count.
public struct LinuxLinkAddress: Hashable, Sendable {
  /// How many octets the real address has; may be over eight, the rest is then not in the capture.
  public var length: UInt16
  /// The eight octets in host order, padding included.
  public var bits: UInt64

  /// An address from its field.
  public init(length: UInt16, bits: UInt64) { (self.length, self.bits) = (length, bits) }

  /// The address, if it is a 48-bit one.
  public var mac: MACAddress? { length == 6 ? MACAddress(bits: bits >> 16) : nil }
}

/// The "cooked" header of Linux captures on `any` (LINKTYPE_LINUX_SLL).
///
///      0             2             4             6             14            16
///     +-------------+-------------+-------------+-------------+-------------+
///     | packet type | ARPHRD type | addr length |   address   | protocol    |
///     +-------------+-------------+-------------+-------------+-------------+
public struct LinuxSLLHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 16

  /// To whom the packet was going.
  public var packetType: LinuxPacketType
  /// The interface's ARPHRD_ type: 1 Ethernet, 772 loopback, 65534 none.
  public var hardwareType: UInt16
  /// The sender's link-layer address.
  public var address: LinuxLinkAddress
  /// What follows.
  public var type: EtherType

  /// A header from its fields.
  public init(
    packetType: LinuxPacketType, hardwareType: UInt16, address: LinuxLinkAddress, type: EtherType
  ) {
    (self.packetType, self.hardwareType) = (packetType, hardwareType)
    (self.address, self.type) = (address, type)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .linuxSLL)
    packetType = LinuxPacketType(rawValue: fixed.u16(at: 0))
    hardwareType = fixed.u16(at: 2)
    address = LinuxLinkAddress(length: fixed.u16(at: 4), bits: fixed.u64(at: 6))
    type = EtherType(rawValue: fixed.u16(at: 14))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: packetType.rawValue)
    out.append(bigEndian: hardwareType)
    out.append(bigEndian: address.length)
    out.append(bigEndian: address.bits)
    out.append(bigEndian: type.rawValue)
  }
}
