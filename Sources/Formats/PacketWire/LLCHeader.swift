/// The LLC header of an 802.3 or 802.11 frame (IEEE 802.2 §5.2).
///
///      0             8             16            24            32
///     +-------------+-------------+-------------+-------------+
///     |    DSAP     |    SSAP     |        control            |
///     +-------------+-------------+---------------------------+
///
/// The control field of unnumbered frames has one octet, that of the others two.
public struct LLCHeader: Hashable, Sendable {
  /// The least there can be: with a control field of one octet; in octets.
  public static let minimumLength = 3

  /// The receiver's access point and, in the lowest bit, whether it is a group.
  public var destination: UInt8
  /// The sender's access point and, in the lowest bit, whether this is a response.
  public var source: UInt8
  /// The one octet of an unnumbered frame, or both, the first one high.
  public var control: UInt16
  /// The control field has one octet.
  public private(set) var isUnnumbered: Bool

  /// Of this header, in octets.
  public var length: Int { isUnnumbered ? 3 : 4 }
  /// UI: what follows belongs to nothing before it.
  public var isUnnumberedInformation: Bool { isUnnumbered && control == 3 }
  /// A SNAP header follows: both access points are 0xaa, and the frame is UI (IEEE 802 §9.2.3).
  public var carriesSNAP: Bool {
    destination == 0xaa && source == 0xaa && isUnnumberedInformation
  }
  /// An IPv4 packet follows, at the access point that was given to IP itself; RFC 1042 says why
  /// nobody uses it.
  public var carriesIPv4: Bool { destination == 6 && source == 6 && isUnnumberedInformation }

  /// The header of an unnumbered frame.
  public init(to destination: UInt8, from source: UInt8, unnumbered control: UInt8) {
    (self.destination, self.source) = (destination, source)
    (self.control, isUnnumbered) = (UInt16(control | 3), true)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    let fixed = try cursor.take(Self.minimumLength, for: .llc)
    (destination, source) = (fixed[0], fixed[1])
    // IEEE 802.2 §5.4: two ones in the lowest bits.
    isUnnumbered = fixed[2] & 3 == 3
    control = UInt16(fixed[2])
    if !isUnnumbered { control = control << 8 | UInt16(try cursor.take(1, for: .llc)[0]) }
    reader = cursor
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(destination)
    out.append(source)
    if isUnnumbered {
      out.append(UInt8(truncatingIfNeeded: control))
    } else {
      out.append(bigEndian: control)
    }
  }
}

/// The SNAP header behind an LLC header (IEEE 802 §9.2.3; RFC 1042).
///
///      0                           24                      40
///     +---------------------------+-----------------------+
///     |       organization        |       protocol        |
///     +---------------------------+-----------------------+
public struct SNAPHeader: Hashable, Sendable {
  /// In octets.
  public static let length = 5

  /// Who has given out the protocol number: 24 bits.
  public var organization: UInt32
  /// Of the organization 0, an EtherType.
  public var protocolNumber: UInt16

  /// What follows, if the number is an EtherType: of organization 0, or of the one that bridges use
  /// for the types which have a meaning of their own there (RFC 1042; IEEE 802.1H).
  public var type: EtherType? {
    organization == 0 || organization == 0xf8 ? EtherType(rawValue: protocolNumber) : nil
  }

  /// A header from its fields; `organization` keeps its low 24 bits.
  public init(organization: UInt32 = 0, protocolNumber: UInt16) {
    (self.organization, self.protocolNumber) = (organization & 0xff_ffff, protocolNumber)
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .llc)
    organization = fixed.u32(at: 0) >> 8
    protocolNumber = fixed.u16(at: 3)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(UInt8(truncatingIfNeeded: organization >> 16))
    out.append(bigEndian: UInt16(truncatingIfNeeded: organization))
    out.append(bigEndian: protocolNumber)
  }
}
