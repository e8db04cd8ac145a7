/// The object of an extended echo request that says which interface is asked about (RFC 8335 §2.1).
///
///      0             8             16            24            32
///     +---------------------------+-------------+-------------+
///     |   length, these included  |  class (3)  |    type     |
///     +---------------------------+-------------+-------------+
///     |    name, index or address of the interface            |
///     +-------------------------------------------------------+
public struct ICMPInterfaceIdentification: Hashable, Sendable {
  /// Which interface.
  public enum Subject: Hashable, Sendable {
    /// By its name, as it was on the wire but for the zeros at its end (RFC 8335 §2.1).
    case name([UInt8])
    /// By its number (RFC 2863 ifIndex).
    case index(UInt32)
    /// By its address, or a neighbour's.
    case address(IPAddress)
  }

  /// 1: by name, 2: by index, 3: by address.
  public var classType: UInt8
  /// As it is on the wire.
  public let value: [UInt8]

  /// How many octets `write(to:)` appends.
  public var length: Int { 4 + value.count }

  /// An object that names an interface. Of a name, 255 octets count; zeros fill it up to a word.
  public init(_ subject: Subject) {
    switch subject {
    case .name(let name):
      let name = name.prefix(255)
      (classType, value) = (1, name + [UInt8](repeating: 0, count: -name.count & 3))
    case .index(let index):
      (classType, value) = (2, [UInt8](capacity: 4) { $0.append(bigEndian: index) })
    case .address(let address):
      classType = 3
      value = [UInt8](capacity: 20) { $0.append(identified: address) }
    }
  }

  /// What the value says; `nil` if it says nothing by RFC 8335.
  public var subject: Subject? {
    switch (classType, value.count) {
    case (1, 1...):
      let end = value.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
      return .name(Array(value[..<end]))
    case (2, 4): return .index(value.span.u32(at: 0))
    case (3, 8) where value.span.u16(at: 0) == 1 && value[2] == 4:
      return .address(.v4(value.span.ipv4Address(at: 4)))
    case (3, 20) where value.span.u16(at: 0) == 2 && value[2] == 16:
      return .address(.v6(value.span.ipv6Address(at: 4)))
    default: return nil
    }
  }

  /// Reads an object of this class.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var ahead = reader
    let fixed = try ahead.take(4, for: .icmpExtension)
    let length = Int(fixed.u16(at: 0))
    guard length >= 4 else {
      throw PacketError(.icmpExtension, at: reader.offset, .badHeaderLength(length))
    }
    guard fixed[2] == ICMPExtensionObject.interfaceIdentification else {
      throw PacketError(.icmpExtension, at: reader.offset + 2, .unsupported(UInt32(fixed[2])))
    }
    classType = fixed[3]
    value = Array(copying: try ahead.take(length - 4, for: .icmpExtension))
    reader = ahead
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: UInt16(truncatingIfNeeded: length))
    out.append(ICMPExtensionObject.interfaceIdentification)
    out.append(classType)
    out.append(copying: value.span)
  }

  /// The extension structure of a request, with its checksum: its header and this object.
  public func structure() -> [UInt8] {
    let object = [UInt8](capacity: length) { write(to: &$0) }
    var sum = InternetChecksum()
    sum.add(ICMPExtensionHeader().versionAndReserved)
    sum.add(object.span)
    return [UInt8](capacity: ICMPExtensionHeader.length + length) { out in
      ICMPExtensionHeader(checksum: sum.value).write(to: &out)
      out.append(copying: object.span)
    }
  }
}

extension OutputSpan<UInt8> {
  /// An address family of IANA's registry, the address' length, a reserved octet and the address.
  fileprivate mutating func append(identified address: IPAddress) {
    switch address {
    case .v4(let address):
      append(bigEndian: UInt32(0x0001_0400))
      append(bigEndian: address.bits)
    case .v6(let address):
      append(bigEndian: UInt32(0x0002_1000))
      append(bigEndian: address.bits)
    }
  }
}

/// What an extended echo reply says (RFC 8335 §3).
public struct ICMPInterfaceState: RawRepresentable, Hashable, Sendable {
  /// What was made of the question: the reply's code.
  public enum Code: UInt8, Hashable, Sendable {
    case noError
    case malformedQuery
    case noSuchInterface
    case noSuchTableEntry
    case multipleInterfaces
  }

  /// How the asked host stands with its neighbour (RFC 8335 §3, RFC 4861 §7.3.2).
  public enum Neighbor: UInt8, Hashable, Sendable {
    case reserved
    case incomplete
    case reachable
    case stale
    case delay
    case probe
    case failed
  }

  /// The reply's last octet: state, two reserved bits, and one each for active, IPv4 and IPv6.
  public var rawValue: UInt8

  /// A state from that octet.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A state from its fields.
  public init(neighbor: Neighbor = .reserved, isActive: Bool, runsIPv4: Bool, runsIPv6: Bool) {
    rawValue =
      neighbor.rawValue << 5 | (isActive ? 4 : 0) | (runsIPv4 ? 2 : 0) | (runsIPv6 ? 1 : 0)
  }

  /// The table entry's state, where a neighbour was asked about; `nil` for 7, which means nothing.
  public var neighbor: Neighbor? { Neighbor(rawValue: rawValue >> 5) }
  /// The interface is up.
  public var isActive: Bool { rawValue & 4 != 0 }
  /// IPv4 runs on it.
  public var runsIPv4: Bool { rawValue & 2 != 0 }
  /// IPv6 runs on it.
  public var runsIPv6: Bool { rawValue & 1 != 0 }
}
