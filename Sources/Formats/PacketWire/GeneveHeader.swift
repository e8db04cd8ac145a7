/// The Geneve header without its options (RFC 8926 §3.4), in UDP to port 6081.
///
///      0   2         8 9 10          16                       32
///     +---+---------+-+-+-----------+-------------------------+
///     |ver| opt len |O|C| reserved  |      protocol type      |
///     +---+---------+-+-+-----------+-------------+-----------+
///     |       virtual network identifier          | reserved  |
///     +-------------------------------------------+-----------+
public struct GeneveHeader: Hashable, Sendable {
  /// In octets, without options.
  public static let length = 8
  /// The port it is sent to (RFC 8926 §3.3).
  public static let port: UInt16 = 6081

  /// Version, length of the options, flags and reserved bits.
  public var versionAndFlags: UInt16
  /// What follows.
  public var protocolType: EtherType
  /// The identifier and the reserved octet behind it.
  public var identifierAndReserved: UInt32

  /// 0.
  public var version: UInt8 { UInt8(versionAndFlags >> 14) }
  /// Of the options behind this, in octets; the wire counts in fours.
  public var optionsLength: Int { Int(versionAndFlags >> 8 & 0x3f) * 4 }
  /// O: a control packet.
  public var isControl: Bool { versionAndFlags & 0x80 != 0 }
  /// C: there is an option that must be understood.
  public var hasCriticalOptions: Bool { versionAndFlags & 0x40 != 0 }
  /// VNI: 24 bits.
  public var identifier: UInt32 { identifierAndReserved >> 8 }

  /// A header without options; `identifier` keeps its low 24 bits.
  public init(_ protocolType: EtherType, identifier: UInt32) {
    (versionAndFlags, self.protocolType) = (0, protocolType)
    identifierAndReserved = identifier << 8
  }

  /// Reads `length` octets.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    let fixed = try reader.take(Self.length, for: .geneve)
    versionAndFlags = fixed.u16(at: 0)
    protocolType = EtherType(rawValue: fixed.u16(at: 2))
    identifierAndReserved = fixed.u32(at: 4)
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: versionAndFlags)
    out.append(bigEndian: protocolType.rawValue)
    out.append(bigEndian: identifierAndReserved)
  }
}
