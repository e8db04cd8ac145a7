/// A BOOTP or DHCP message (RFC 951 §3, RFC 2131 §2).
///
///      0             8            16            24            32
///     +-------------+-------------+-------------+-------------+
///     |  operation  |  hw. type   | hw. length  |    hops     |
///     +-------------+-------------+-------------+-------------+
///     |                transaction identifier                 |
///     |    seconds (2)            |     flags (2)             |
///     |    client, your, server and gateway address (4 each)  |
///     |    client hardware address (16)                       |
///     |    server name (64), boot file (128), options …       |
///     +-------------------------------------------------------+
public struct DHCPv4Message: Hashable, Sendable {
  /// Of the part before the options, in octets.
  public static let headerLength = 236
  /// What options begin with (RFC 2132 §2).
  public static let magicCookie: UInt32 = 0x6382_5363

  /// 1 asks, 2 answers.
  public var operation: UInt8
  /// As in ARP: 1 is Ethernet.
  public var hardwareType: UInt8
  /// Of the client's hardware address, in octets.
  public var hardwareLength: UInt8
  /// How many relays passed it on.
  public var hops: UInt8
  /// Pairs an answer with its request.
  public var transactionIdentifier: UInt32
  /// Since the client began, in seconds.
  public var seconds: UInt16
  /// The first bit asks for an answer to all (§4.1).
  public var flags: UInt16
  /// The address that the client has.
  public var clientAddress: IPv4Address
  /// The address that the client is given.
  public var yourAddress: IPv4Address
  /// Whom to ask next.
  public var serverAddress: IPv4Address
  /// The first relay.
  public var gatewayAddress: IPv4Address
  /// Always 16 octets, the first `hardwareLength` of which count.
  public var hardwareAddress: [UInt8]
  /// Always 64 octets, the text before the first zero.
  public var serverName: [UInt8]
  /// Always 128 octets, the text before the first zero.
  public var bootFile: [UInt8]
  /// Everything behind, magic cookie and padding counted in.
  public var vendorArea: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { Self.headerLength + vendorArea.count }

  /// The options up to the end option, or to one that does not fit; empty without the cookie.
  public var options: [DHCPv4Option] {
    guard vendorArea.count >= 4, vendorArea.span.u32(at: 0) == Self.magicCookie else { return [] }
    var options: [DHCPv4Option] = []
    var offset = 4
    while offset < vendorArea.count, vendorArea[offset] != DHCPv4Option.end {
      guard vendorArea[offset] != DHCPv4Option.pad else {
        offset += 1
        continue
      }
      guard offset + 1 < vendorArea.count else { break }
      let end = offset + 2 + Int(vendorArea[offset + 1])
      guard end <= vendorArea.count else { break }
      options.append(
        DHCPv4Option(code: vendorArea[offset], value: Array(vendorArea[offset + 2..<end])))
      offset = end
    }
    return options
  }

  /// Reads everything that is left, at least `headerLength` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.headerLength, for: .dhcpv4)
    (operation, hardwareType, hardwareLength, hops) = (fixed[0], fixed[1], fixed[2], fixed[3])
    transactionIdentifier = fixed.u32(at: 4)
    (seconds, flags) = (fixed.u16(at: 8), fixed.u16(at: 10))
    clientAddress = IPv4Address(bits: fixed.u32(at: 12))
    yourAddress = IPv4Address(bits: fixed.u32(at: 16))
    serverAddress = IPv4Address(bits: fixed.u32(at: 20))
    gatewayAddress = IPv4Address(bits: fixed.u32(at: 24))
    hardwareAddress = Array(copying: fixed.extracting(28..<44))
    serverName = Array(copying: fixed.extracting(44..<108))
    bootFile = Array(copying: fixed.extracting(108..<236))
    vendorArea = Array(copying: try reader.take(reader.available, for: .dhcpv4))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    for octet in [operation, hardwareType, hardwareLength, hops] { out.append(octet) }
    out.append(bigEndian: transactionIdentifier)
    out.append(bigEndian: seconds)
    out.append(bigEndian: flags)
    for address in [clientAddress, yourAddress, serverAddress, gatewayAddress] {
      out.append(bigEndian: address.bits)
    }
    for part in [hardwareAddress, serverName, bootFile, vendorArea] {
      out.append(copying: part.span)
    }
  }
}

/// One option of a DHCP message (RFC 2132 §2).
public struct DHCPv4Option: Hashable, Sendable {
  /// Fills up; stands alone, without a length.
  public static let pad: UInt8 = 0
  /// Ends the options; stands alone, without a length.
  public static let end: UInt8 = 255

  /// IANA "BOOTP Vendor Extensions and DHCP Options".
  public var code: UInt8
  /// At most 255 octets.
  public var value: [UInt8]

  /// An option from its fields.
  public init(code: UInt8, value: [UInt8]) { (self.code, self.value) = (code, value) }
}
