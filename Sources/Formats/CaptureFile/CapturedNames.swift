public import PacketWire

/// Names of addresses as they were when the packets were captured: a Name Resolution Block
/// (draft-ietf-opsawg-pcapng §4.5). All text is as the file has it: hostile.
public struct CapturedNames: Hashable, Sendable {
  /// An address and its names.
  public struct Record: Hashable, Sendable {
    /// What is named.
    public var address: Address
    /// Its names, none of them empty.
    public var names: [String]

    /// Names of an address.
    public init(_ address: Address, _ names: [String]) {
      (self.address, self.names) = (address, names)
    }
  }

  /// What can be named.
  public enum Address: Hashable, Sendable {
    /// An IPv4 address.
    case ipv4(IPv4Address)
    /// An IPv6 address.
    case ipv6(IPv6Address)
    /// An EUI-48, as Ethernet has it.
    case eui48(MACAddress)
    /// An EUI-64.
    case eui64(UInt64)
  }

  /// The addresses and their names. One address may stand in several records.
  public var records: [Record]
  /// The name of the server that told the names (ns_dnsname).
  public var serverName: String?
  /// The server's IPv4 address (ns_dnsIP4addr).
  public var serverIPv4: IPv4Address?
  /// The server's IPv6 address (ns_dnsIP6addr).
  public var serverIPv6: IPv6Address?
  /// What somebody noted about the names (opt_comment).
  public var comments: [String]

  /// Names as described by their parts.
  public init(
    _ records: [Record], serverName: String? = nil, serverIPv4: IPv4Address? = nil,
    serverIPv6: IPv6Address? = nil, comments: [String] = []
  ) {
    (self.records, self.serverName, self.comments) = (records, serverName, comments)
    (self.serverIPv4, self.serverIPv6) = (serverIPv4, serverIPv6)
  }
}

/// Record types of Name Resolution Blocks.
enum NameRecordType {
  static let end: UInt16 = 0
  static let ipv4: UInt16 = 1
  static let ipv6: UInt16 = 2
  static let eui48: UInt16 = 3
  static let eui64: UInt16 = 4

  /// Octets of the address that a record begins with; nil where the type is unknown.
  static func addressLength(of type: UInt16) -> Int? {
    switch type {
    case ipv4: 4
    case ipv6: 16
    case eui48: 6
    case eui64: 8
    default: nil
    }
  }
}

/// Option codes of Name Resolution Blocks.
enum NamesOption {
  static let serverName: UInt16 = 2
  static let serverIPv4: UInt16 = 3
  static let serverIPv6: UInt16 = 4

  /// The length that an option of fixed length has.
  static func length(of code: UInt16) -> UInt16? {
    switch code {
    case serverIPv4: 4
    case serverIPv6: 16
    default: nil
    }
  }
}
