public import PacketWire

/// Writes a pcap file (draft-ietf-opsawg-pcap), little-endian, version 2.4: a header once, then a
/// record a packet.
public struct CaptureWriter: Hashable, Sendable {
  /// The parts of a second that a file counts in.
  public enum Resolution: Hashable, Sendable {
    /// What every program reads.
    case microseconds
    /// What programs since about 2013 read.
    case nanoseconds
  }

  /// Octets of a file header.
  public static let headerLength = PcapHeader.length
  /// Octets of a record before the packet's own.
  public static let recordHeaderLength = PcapHeader.recordLength

  /// How all packets of the file begin.
  public var linkType: LinkType
  /// The most octets kept of a packet. It is only said in the header: records hold what is given.
  public var snapshotLength: UInt32
  /// The parts of a second that the file counts in; what is finer is cut off.
  public var resolution: Resolution

  /// A writer of files whose packets begin with `linkType`.
  public init(
    linkType: LinkType, snapshotLength: UInt32 = 262_144, resolution: Resolution = .microseconds
  ) {
    (self.linkType, self.snapshotLength) = (linkType, snapshotLength)
    self.resolution = resolution
  }

  /// Appends the file header: `headerLength` octets. The caller gives the room.
  public func writeHeader(to out: inout OutputSpan<UInt8>) {
    out.append(littleEndian: resolution == .microseconds ? 0xa1b2_c3d4 : 0xa1b2_3c4d as UInt32)
    out.append(littleEndian: 2 as UInt16)
    out.append(littleEndian: 4 as UInt16)
    out.append(littleEndian: 0 as UInt64)  // Reserved1 and Reserved2
    out.append(littleEndian: snapshotLength)
    out.append(littleEndian: linkType.rawValue)
  }

  /// Appends a record: `recordHeaderLength` octets and the packet's own. The caller gives the room.
  ///
  /// The format counts seconds from 1970 in 32 bits: earlier and later times become its ends.
  public func writeRecord(
    _ octets: Span<UInt8>, at time: WallInstant, originalLength: Int,
    to out: inout OutputSpan<UInt8>
  ) {
    let (seconds, nanoseconds) = max(time.nanoseconds, 0).quotientAndRemainder(
      dividingBy: 1_000_000_000)
    out.append(littleEndian: UInt32(clamping: seconds))
    out.append(
      littleEndian: UInt32(resolution == .microseconds ? nanoseconds / 1_000 : nanoseconds))
    out.append(littleEndian: UInt32(clamping: octets.count))
    out.append(littleEndian: UInt32(clamping: originalLength))
    out.append(copying: octets)
  }
}
