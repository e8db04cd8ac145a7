/// The start of an ICMP extension structure (RFC 4884 §7): objects follow.
///
///      0      4                   16                          32
///     +------+-------------------+---------------------------+
///     | ver. |     reserved      |         checksum          |
///     +------+-------------------+---------------------------+
public struct ICMPExtensionHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 4

  /// Version and reserved bits.
  public var versionAndReserved: UInt16 = 0x2000
  /// Over the whole structure; zero where the sender computed none.
  public var checksum: UInt16

  /// 2.
  public var version: UInt8 { UInt8(versionAndReserved >> 12) }

  /// A header of version 2.
  public init(checksum: UInt16 = 0) { self.checksum = checksum }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .icmpExtension)
    (versionAndReserved, checksum) = (fixed.u16(at: 0), fixed.u16(at: 2))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: versionAndReserved)
    out.append(bigEndian: checksum)
  }
}

/// One object of an ICMP extension structure, by place (RFC 4884 §7.1).
public struct ICMPExtensionObject: Hashable, Sendable {
  /// What the object is (IANA "ICMP Extension Object Classes").
  public var classNumber: UInt8
  /// Which of its class it is.
  public var classType: UInt8
  /// Where its value stands in the structure: after length, class and type.
  public var value: Range<Int>

  /// A stack of MPLS labels (RFC 4950).
  public static let labelStack: UInt8 = 1
  /// What is known of an interface (RFC 5837).
  public static let interfaceInformation: UInt8 = 2
  /// Which interface is asked about (RFC 8335 §2.1).
  public static let interfaceIdentification: UInt8 = 3

  /// An object at that place.
  public init(classNumber: UInt8, classType: UInt8, value: Range<Int>) {
    (self.classNumber, self.classType, self.value) = (classNumber, classType, value)
  }

  /// How many objects are walked; hostile messages have more.
  static let limit = 32

  /// Calls `body` for each object of a whole structure, the header included; stops at one whose length
  /// cannot be and throws where it stands, counted from the structure's start.
  public static func forEach(
    in structure: Span<UInt8>, _ body: (ICMPExtensionObject) -> Void
  ) throws(PacketError) {
    var offset = ICMPExtensionHeader.length
    for _ in 0..<limit where offset < structure.count {
      guard offset + 4 <= structure.count else {
        let reason = PacketError.Reason.truncated(
          needed: 4, available: structure.count - offset)
        throw PacketError(.icmpExtension, at: offset, reason)
      }
      let length = Int(structure.u16(at: offset))
      guard length >= 4, offset + length <= structure.count else {
        throw PacketError(.icmpExtension, at: offset, .badHeaderLength(length))
      }
      body(
        ICMPExtensionObject(
          classNumber: structure[offset + 2], classType: structure[offset + 3],
          value: offset + 4..<offset + length))
      offset += length
    }
  }
}

/// What an interface information object says (RFC 5837 §4): which parts there are follows from the
/// object's type.
public struct ICMPInterfaceInformation: Hashable, Sendable {
  /// The part that the interface has in what the error is about (RFC 5837 §4.1).
  public enum Role: UInt8, Hashable, Sendable {
    /// The packet came in by it.
    case incoming
    /// The packet came in by the link below it.
    case sublink
    /// The packet would have left by it.
    case outgoing
    /// The next hop that it would have been sent to.
    case nextHop
  }

  /// The part that the interface has.
  public var role: Role
  /// Its number (RFC 2863 ifIndex).
  public var index: UInt32?
  /// Its address.
  public var address: IPAddress?
  /// Where its name stands in the object's value, zeros at its end left out.
  public var name: Range<Int>?
  /// The largest packet that leaves by it, in octets.
  public var mtu: UInt32?

  /// Reads the value of an object of this type.
  public init(
    classType: UInt8, parsing reader: inout PacketReader
  ) throws(PacketError) {
    var cursor = reader
    role = Role(rawValue: classType >> 6) ?? .incoming
    if classType & 0x08 != 0 { index = try cursor.take(4, for: .icmpExtension).u32(at: 0) }
    if classType & 0x04 != 0 { address = try Self.address(&cursor) }
    if classType & 0x02 != 0 { name = try Self.name(&cursor) }
    if classType & 0x01 != 0 { mtu = try cursor.take(4, for: .icmpExtension).u32(at: 0) }
    reader = cursor
  }

  /// RFC 5837 §4.2: an address family of IANA's registry, two reserved octets and the address.
  private static func address(_ reader: inout PacketReader) throws(PacketError) -> IPAddress {
    let offset = reader.offset
    let family = try reader.take(4, for: .icmpExtension).u16(at: 0)
    switch family {
    case 1:
      return .v4(IPv4Address(bits: try reader.take(4, for: .icmpExtension).u32(at: 0)))
    case 2: return .v6(IPv6Address(try reader.take(16, for: .icmpExtension), at: 0))
    default: throw PacketError(.icmpExtension, at: offset, .unsupported(UInt32(family)))
    }
  }

  /// RFC 5837 §4.3: a length that counts itself, and at most 63 octets of name.
  private static func name(_ reader: inout PacketReader) throws(PacketError) -> Range<Int> {
    let start = reader.offset + 1
    guard reader.available > 0 else {
      throw PacketError(.icmpExtension, at: reader.offset, .truncated(needed: 1, available: 0))
    }
    let length = Int(reader.remaining[0])
    guard (1...64).contains(length) else {
      throw PacketError(.icmpExtension, at: reader.offset, .badHeaderLength(length))
    }
    let field = try reader.take(length, for: .icmpExtension)
    var end = length
    while end > 1, field[end - 1] == 0 { end -= 1 }
    return start..<start + end - 1
  }
}

extension Frame {
  /// How much of a datagram an error with extensions quotes at least, in octets (RFC 4884 §4).
  static let leastQuotation = 128

  /// Where the extension structure of an ICMP message stands in `octets`, which are the ones that
  /// this frame was decoded from; nil if there is none.
  ///
  /// An error that says how long its quotation is has it behind that. One that does not may come from
  /// a router older than the length field: then it is 128 octets behind the start of the quotation, if
  /// its version is 2 and its checksum right (RFC 4884 §5.5). An extended echo request begins
  /// with one (RFC 8335 §2).
  public func icmpExtensions(in octets: Span<UInt8>) -> Range<Int>? {
    guard payload.upperBound <= octets.count else { return nil }
    switch transport {
    case .icmpv4(let header) where header.type == .extendedEchoRequest:
      return identification(in: octets)
    case .icmpv6(let header) where header.type == .extendedEchoRequest:
      return identification(in: octets)
    case .icmpv4(let header) where header.type.hasQuotationLength:
      return extensions(behind: header.quotedLength, octets)
    case .icmpv6(let header) where header.type.hasQuotationLength:
      return extensions(behind: header.quotedLength, octets)
    default: return nil
    }
  }

  /// A structure with one object; what follows it is data (RFC 8335 §2).
  private func identification(in octets: Span<UInt8>) -> Range<Int>? {
    guard let place = extensions(at: payload.lowerBound), place.count >= 8 else { return nil }
    let end = place.lowerBound + 4 + Int(octets.u16(at: place.lowerBound + 4))
    return end <= place.upperBound ? place.lowerBound..<end : nil
  }

  private func extensions(at start: Int) -> Range<Int>? {
    start + ICMPExtensionHeader.length <= payload.upperBound ? start..<payload.upperBound : nil
  }

  private func extensions(behind length: Int, _ octets: Span<UInt8>) -> Range<Int>? {
    if length > 0 {
      let place = extensions(at: payload.lowerBound + length)
      // Some routers tell how long the datagram is without the padding that they put behind it.
      guard length < Self.leastQuotation, let place, octets[place.lowerBound] >> 4 != 2 else {
        return place
      }
    }
    guard let place = extensions(at: payload.lowerBound + Self.leastQuotation) else { return nil }
    let structure = octets.extracting(place)
    guard structure[0] >> 4 == 2, structure.u16(at: 2) != 0 else { return nil }
    var sum = InternetChecksum()
    sum.add(structure)
    return sum.folded == 0xffff ? place : nil
  }
}
