/// What a node information query or reply holds behind its `ICMPv6Header`, whose second word is the
/// query type and the flags (RFC 4620 §4).
///
///      0             8             16                          32
///     +-------------------------------------------------------+
///     |               nonce, given back as it is              |
///     |                                                       |
///     +-------------------------------------------------------+
///     |    data: the subject, or what is known of it …        |
///     +-------------------------------------------------------+
public struct NodeInformation: Hashable, Sendable {
  /// What is asked for (RFC 4620 §6).
  public struct QueryType: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public var rawValue: UInt16

    /// Any value, named or not.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Nothing: is there anybody?
    public static let noOperation = QueryType(rawValue: 0)
    /// The node's names.
    public static let nodeName = QueryType(rawValue: 2)
    /// The node's IPv6 addresses.
    public static let nodeAddresses = QueryType(rawValue: 3)
    /// The node's IPv4 addresses.
    public static let ipv4Addresses = QueryType(rawValue: 4)
  }

  /// Which addresses (RFC 4620 §6.3, §6.4).
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The 16 bits on the wire.
    public var rawValue: UInt16

    /// Any bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// There was no room for all of them.
    public static let truncated = Flags(rawValue: 1)
    /// Those of all interfaces.
    public static let all = Flags(rawValue: 2)
    /// IPv4-compatible and IPv4-mapped ones.
    public static let compatible = Flags(rawValue: 4)
    /// Of link-local scope.
    public static let linkLocal = Flags(rawValue: 8)
    /// Of site-local scope.
    public static let siteLocal = Flags(rawValue: 16)
    /// Of global scope.
    public static let global = Flags(rawValue: 32)
  }

  /// What a reply's code says (RFC 4620 §4).
  public enum ReplyCode: UInt8, Hashable, Sendable {
    case success
    case refused
    case unknownType
  }

  /// 64 bits that a reply gives back.
  public var nonce: UInt64
  /// As it is on the wire.
  public var data: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { 8 + data.count }

  /// A message from its fields.
  public init(nonce: UInt64, data: [UInt8]) { (self.nonce, self.data) = (nonce, data) }

  /// Reads all that is left.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    nonce = try reader.take(8, for: .icmpv6).u64(at: 0)
    data = Array(copying: try reader.take(reader.available, for: .icmpv6))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: nonce)
    out.append(copying: data.span)
  }
}

extension NodeInformation {
  /// Whom a query is about (RFC 4620 §4): its code says which of these its data is.
  public enum Subject: Hashable, Sendable {
    case ipv6(IPv6Address)
    /// Of a query for nothing, `nil`.
    case name(Name?)
    case ipv4(IPv4Address)

    /// The query's code.
    public var code: UInt8 {
      switch self {
      case .ipv6: 0
      case .name: 1
      case .ipv4: 2
      }
    }

    /// The query's data.
    public var data: [UInt8] {
      switch self {
      case .ipv6(let address): [UInt8](capacity: 16) { $0.append(bigEndian: address.bits) }
      case .name(let name): name?.octets ?? []
      case .ipv4(let address): [UInt8](capacity: 4) { $0.append(bigEndian: address.bits) }
      }
    }
  }

  /// A node's name, of which perhaps only the first labels are known.
  public struct Name: Hashable, Sendable {
    /// Its labels.
    public var name: DNSName
    /// Nothing is missing at its end; otherwise a second zero octet says so (RFC 4620 §5).
    public var isFullyQualified: Bool

    /// A name from its parts.
    public init(_ name: DNSName, isFullyQualified: Bool) {
      (self.name, self.isFullyQualified) = (name, isFullyQualified)
    }

    /// How many octets `write(to:)` appends.
    public var length: Int { name.length + (isFullyQualified ? 0 : 1) }

    /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
    public func write(to out: inout OutputSpan<UInt8>) {
      name.write(to: &out)
      if !isFullyQualified { out.append(0) }
    }

    fileprivate var octets: [UInt8] { [UInt8](capacity: length) { write(to: &$0) } }
  }

  /// The most names or addresses that are read: more fit into no packet of a real node.
  public static let maximumCount = 512

  /// An address with its time to live, in seconds.
  public struct Address: Hashable, Sendable {
    /// How long it may be remembered, in seconds.
    public var timeToLive: UInt32
    /// The address.
    public var address: IPAddress

    /// An address from its parts.
    public init(_ address: IPAddress, timeToLive: UInt32) {
      (self.address, self.timeToLive) = (address, timeToLive)
    }
  }

  /// Whom a query with this code is about.
  public func subject(code: UInt8) throws(PacketError) -> Subject {
    switch code {
    case 0 where data.count == 16: return .ipv6(data.span.ipv6Address(at: 0))
    case 1 where data.isEmpty: return .name(nil)
    case 1:
      var offset = 0
      return .name(try name(at: &offset))
    case 2 where data.count == 4: return .ipv4(data.span.ipv4Address(at: 0))
    default: throw PacketError(.icmpv6, at: 0, .unsupported(UInt32(code)))
    }
  }

  /// The names that a reply gives behind a time to live in seconds, which stands for nothing
  /// (RFC 4620 §6.2). Offsets in errors count from the data's start.
  public func names() throws(PacketError) -> (timeToLive: UInt32, names: [Name]) {
    guard data.count >= 4 else {
      throw PacketError(.icmpv6, at: 0, .truncated(needed: 4, available: data.count))
    }
    var names: [Name] = []
    var offset = 4
    while offset < data.count {
      guard names.count < Self.maximumCount else {
        throw PacketError(.icmpv6, at: offset, .tooMany(limit: Self.maximumCount))
      }
      names.append(try name(at: &offset))
    }
    return (data.span.u32(at: 0), names)
  }

  /// Compressed names point into the data, as iputils reads them.
  private func name(at offset: inout Int) throws(PacketError) -> Name {
    let name = try DNSName(in: data.span, at: &offset)
    guard offset < data.count, data[offset] == 0 else {
      return Name(name, isFullyQualified: true)
    }
    offset += 1
    return Name(name, isFullyQualified: false)
  }

  /// The addresses that a reply of this type gives, each with its time to live (RFC 4620 §6.3, §6.4).
  /// Offsets in errors count from the data's start.
  public func addresses(of type: QueryType) throws(PacketError) -> [Address] {
    let size = type == .ipv4Addresses ? 8 : 20
    var addresses: [Address] = []
    var offset = 0
    while offset < data.count {
      guard data.count - offset >= size else {
        throw PacketError(
          .icmpv6, at: offset, .truncated(needed: size, available: data.count - offset))
      }
      guard addresses.count < Self.maximumCount else {
        throw PacketError(.icmpv6, at: offset, .tooMany(limit: Self.maximumCount))
      }
      let octets = data.span
      let address: IPAddress =
        size == 8
        ? .v4(octets.ipv4Address(at: offset + 4)) : .v6(octets.ipv6Address(at: offset + 4))
      addresses.append(Address(address, timeToLive: octets.u32(at: offset)))
      offset += size
    }
    return addresses
  }

  /// The data of a reply with names.
  public static func data(names: [Name], timeToLive: UInt32 = 0) -> [UInt8] {
    [UInt8](capacity: 4 + names.reduce(0) { $0 + $1.length }) { out in
      out.append(bigEndian: timeToLive)
      for name in names { name.write(to: &out) }
    }
  }

  /// The data of a reply with addresses.
  public static func data(addresses: [Address]) -> [UInt8] {
    [UInt8](capacity: 20 * addresses.count) { out in
      for entry in addresses {
        out.append(bigEndian: entry.timeToLive)
        switch entry.address {
        case .v4(let address): out.append(bigEndian: address.bits)
        case .v6(let address): out.append(bigEndian: address.bits)
        }
      }
    }
  }
}
