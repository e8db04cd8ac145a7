/// An address resolution packet for 48-bit link addresses and IPv4 (RFC 826, RFC 5227).
///
///      0               2               4       5       6               8
///     +---------------+---------------+-------+-------+---------------+
///     | hardware type | protocol type |   6   |   4   |   operation   |
///     +---------------+---------------+-------+-------+---------------+
///     | sender MAC (6) | sender IPv4 (4) | target MAC (6) | target IPv4 (4) |
///     +----------------+-----------------+----------------+-----------------+
public struct ARPPacket: Hashable, Sendable {
  /// In octets.
  public static let length = 28

  /// What a packet asks or says (RFC 826; IANA "ARP Parameters").
  public struct Operation: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt16

    /// Any value, named or not.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Who has the target address?
    public static let request = Operation(rawValue: 1)
    /// The sender has it.
    public static let reply = Operation(rawValue: 2)
  }

  /// 1 for Ethernet.
  public var hardwareType: UInt16 = 1
  /// The EtherType of the protocol addresses.
  public var protocolType: EtherType = .ipv4
  /// Request or reply.
  public var operation: Operation
  /// The sender's link address.
  public var senderMAC: MACAddress
  /// The sender's IPv4 address; 0.0.0.0 in a probe for one's own address (RFC 5227 §2.1.1).
  public var senderAddress: IPv4Address
  /// The link address that is looked for; zero in requests.
  public var targetMAC: MACAddress
  /// The IPv4 address that is looked for.
  public var targetAddress: IPv4Address

  /// A packet from its fields.
  public init(
    _ operation: Operation, sender: (mac: MACAddress, address: IPv4Address),
    target: (mac: MACAddress, address: IPv4Address)
  ) {
    self.operation = operation
    (senderMAC, senderAddress) = sender
    (targetMAC, targetAddress) = target
  }

  /// Reads `length` octets; refuses link and protocol addresses of other lengths than 6 and 4.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(8, for: .arp)
    hardwareType = fixed.u16(at: 0)
    protocolType = EtherType(rawValue: fixed.u16(at: 2))
    guard fixed[4] == 6, fixed[5] == 4 else {
      throw PacketError(.arp, at: reader.offset + 4, .unsupported(UInt32(fixed.u16(at: 4))))
    }
    operation = Operation(rawValue: fixed.u16(at: 6))
    let addresses = try cursor.take(Self.length - 8, for: .arp)
    senderMAC = MACAddress(bits: addresses.u48(at: 0))
    senderAddress = IPv4Address(bits: addresses.u32(at: 6))
    targetMAC = MACAddress(bits: addresses.u48(at: 10))
    targetAddress = IPv4Address(bits: addresses.u32(at: 16))
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: hardwareType)
    out.append(bigEndian: protocolType.rawValue)
    out.append(6)
    out.append(4)
    out.append(bigEndian: operation.rawValue)
    out.append(bigEndian48: senderMAC.bits)
    out.append(bigEndian: senderAddress.bits)
    out.append(bigEndian48: targetMAC.bits)
    out.append(bigEndian: targetAddress.bits)
  }
}
