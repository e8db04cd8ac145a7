/// The MAC header of an 802.11 frame (IEEE 802.11 §9.2.3), of which everything but the frame control
/// may be missing: what there is follows from the frame's type.
///
///      0         2          4           10          16          22          24
///     +---------+----------+-----------+-----------+-----------+-----------+---
///     | control | duration | address 1 | address 2 | address 3 | sequence  | …
///     +---------+----------+-----------+-----------+-----------+-----------+---
///
/// A data frame between access points has a fourth address, one with quality of service a QoS control
/// field, and one with the order bit a HT control field (§9.2.4).
public struct IEEE80211Header: Hashable, Sendable {
  /// What a frame is for (IEEE 802.11 table 9-1).
  public enum Kind: UInt8, Hashable, Sendable {
    case management, control, data, `extension`
  }

  /// The least there can be, in octets.
  public static let minimumLength = 2

  /// The frame control field, its first octet high.
  public var frameControl: UInt16
  /// Duration or association identifier, its first octet high; nil where the frame has none.
  public var duration: UInt16?
  /// Up to three addresses, whose meanings follow from the frame control field.
  public var address1: MACAddress?, address2: MACAddress?, address3: MACAddress?
  /// Sequence number and fragment number, the first octet high.
  public var sequenceControl: UInt16?
  /// The fourth address of a frame between access points.
  public var address4: MACAddress?
  /// The QoS control field, its first octet high.
  public var qosControl: UInt16?
  /// The HT control field, its first octet high.
  public var htControl: UInt32?

  /// What the frame is for.
  public var kind: Kind { Kind(rawValue: UInt8(frameControl >> 10 & 3)) ?? .extension }
  /// Which frame of its kind it is, 0 to 15.
  public var subtype: UInt8 { UInt8(frameControl >> 12) }
  /// To DS: it goes to the distribution system.
  public var isToDistribution: Bool { frameControl & 0x01 != 0 }
  /// From DS: it comes from the distribution system.
  public var isFromDistribution: Bool { frameControl & 0x02 != 0 }
  /// The body is enciphered.
  public var isProtected: Bool { frameControl & 0x40 != 0 }
  /// The +HTC/order bit.
  public var hasOrder: Bool { frameControl & 0x80 != 0 }
  /// A data frame with a QoS control field.
  public var isQoS: Bool { kind == .data && subtype & 8 != 0 }
  /// A data frame without a body: a null frame, CF-Ack, CF-Poll, or both.
  public var isEmptyData: Bool { kind == .data && subtype & 4 != 0 }
  /// Of this header, in octets.
  public var length: Int {
    var length = 2 + (duration == nil ? 0 : 2)
    for address in [address1, address2, address3, address4] where address != nil { length += 6 }
    length += (sequenceControl == nil ? 0 : 2) + (qosControl == nil ? 0 : 2)
    return length + (htControl == nil ? 0 : 4)
  }

  /// Reads as much as frames of this type have. Of control frames these are the addresses, but not
  /// what their subtypes add.
  public init(parsing reader: inout PacketReader) throws(PacketError) {
    var cursor = reader
    frameControl = try cursor.take(2, for: .ieee80211).u16(at: 0)
    switch kind {
    case .extension: break
    case .control:
      duration = try cursor.take(2, for: .ieee80211).u16(at: 0)
      address1 = try Self.address(&cursor)
      // Clear to send and acknowledgment have one address (§9.3.1).
      if subtype != 12, subtype != 13 { address2 = try Self.address(&cursor) }
    case .management, .data:
      duration = try cursor.take(2, for: .ieee80211).u16(at: 0)
      address1 = try Self.address(&cursor)
      address2 = try Self.address(&cursor)
      address3 = try Self.address(&cursor)
      sequenceControl = try cursor.take(2, for: .ieee80211).u16(at: 0)
      if kind == .data, isToDistribution, isFromDistribution {
        address4 = try Self.address(&cursor)
      }
      if isQoS { qosControl = try cursor.take(2, for: .ieee80211).u16(at: 0) }
      if hasOrder, isQoS || kind == .management {
        htControl = try cursor.take(4, for: .ieee80211).u32(at: 0)
      }
    }
    reader = cursor
  }

  private static func address(_ reader: inout PacketReader) throws(PacketError) -> MACAddress {
    MACAddress(bits: try reader.take(6, for: .ieee80211).u48(at: 0))
  }

  /// Appends `length` octets. The caller gives the room: `out` traps when it is full.
  public func write(to out: inout OutputSpan<UInt8>) {
    out.append(bigEndian: frameControl)
    if let duration { out.append(bigEndian: duration) }
    if let address1 { out.append(bigEndian48: address1.bits) }
    if let address2 { out.append(bigEndian48: address2.bits) }
    if let address3 { out.append(bigEndian48: address3.bits) }
    if let sequenceControl { out.append(bigEndian: sequenceControl) }
    if let address4 { out.append(bigEndian48: address4.bits) }
    if let qosControl { out.append(bigEndian: qosControl) }
    if let htControl { out.append(bigEndian: htControl) }
  }
}
