import PacketWire

/// What the records of a pcap file need to know of its header (draft-ietf-opsawg-pcap §4).
struct PcapHeader: Sendable {
  /// What the magic number says.
  struct Kind {
    var isLittleEndian: Bool
    var nanosecondsPerTick: Int64

    /// The kind of a file whose first four octets are `magic` as a big-endian number.
    init?(magic: UInt32) {
      switch magic {
      case 0xa1b2_c3d4: (isLittleEndian, nanosecondsPerTick) = (false, 1_000)
      case 0xd4c3_b2a1: (isLittleEndian, nanosecondsPerTick) = (true, 1_000)
      case 0xa1b2_3c4d: (isLittleEndian, nanosecondsPerTick) = (false, 1)
      case 0x4d3c_b2a1: (isLittleEndian, nanosecondsPerTick) = (true, 1)
      default: return nil
      }
    }
  }

  static let length = 24
  static let recordLength = 16

  var nanosecondsPerTick: Int64 = 0
  var linkType = LinkType.null
  /// A captured length over this is damage.
  var maximumCapturedLength = 0
}

extension CaptureReader {
  /// libpcap's limit for nearly all link types, and what tshark takes for a packet at all.
  private static let usualMaximumCapturedLength = 262_144

  /// Reads the file header; false when it is not all there yet.
  mutating func readPcapHeader(_ kind: PcapHeader.Kind) throws(CaptureError) -> Bool {
    guard try has(PcapHeader.length, for: .fileHeader) else { return false }
    isLittleEndian = kind.isLittleEndian
    // Versions before 2.4 (1998) had the two lengths of a record the other way round.
    let (major, minor) = (u16(at: start + 4), u16(at: start + 6))
    guard major == 2, minor >= 4 else {
      throw CaptureError(
        .fileHeader, at: offset, .unsupportedVersion(major: major, minor: minor))
    }
    // Octets 8 to 15 were a time zone and an accuracy: reserved, and ignored by readers. Above the
    // 16 bits of link type are the length of the frame check sequence and reserved bits.
    let snapshotLength = u32(at: start + 16)
    pcap = PcapHeader(
      nanosecondsPerTick: kind.nanosecondsPerTick,
      linkType: LinkType(rawValue: u32(at: start + 20) & 0xffff),
      // Records may be longer than the header allows (merged files), so that the snapshot length
      // raises the limit only.
      maximumCapturedLength: max(
        Self.usualMaximumCapturedLength, min(Int(snapshotLength), Self.maximumLength)))
    interfaces = [CaptureInterface(linkType: pcap.linkType, snapshotLength: snapshotLength)]
    start += PcapHeader.length
    return true
  }

  /// The next record (draft-ietf-opsawg-pcap §5).
  @inline(__always)
  mutating func nextRecord() throws(CaptureError) -> Step {
    if isAtEnd { return .end }
    guard available >= PcapHeader.recordLength else { return try missing(PcapHeader.recordLength) }
    let record = recordHeader()
    guard Int(record.capturedLength) <= pcap.maximumCapturedLength else {
      throw CaptureError(
        .record(packetCount + 1), at: offset,
        .badCapturedLength(record.capturedLength, limit: pcap.maximumCapturedLength))
    }
    let length = PcapHeader.recordLength &+ Int(record.capturedLength)
    guard available >= length else { return try missing(length) }
    packetOctets = start &+ PcapHeader.recordLength..<start &+ length
    start &+= length
    packetCount += 1
    return .packet(
      CapturedPacket(
        number: packetCount, time: record.time, linkType: pcap.linkType,
        capturedLength: Int(record.capturedLength), originalLength: Int(record.originalLength),
        interface: 0))
  }

  /// What stands before a packet, where all of it is at hand.
  @inline(__always)
  private func recordHeader() -> (time: WallInstant, capturedLength: UInt32, originalLength: UInt32)
  {
    let octets = buffer.span.extracting(start..<start &+ PcapHeader.recordLength)
    // Neither product nor sum overflows: seconds and fraction have 32 bits each.
    let nanoseconds =
      Int64(host(octets.u32(at: 0))) &* 1_000_000_000
      &+ Int64(host(octets.u32(at: 4))) &* pcap.nanosecondsPerTick
    return (
      WallInstant(nanoseconds: nanoseconds), host(octets.u32(at: 8)), host(octets.u32(at: 12))
    )
  }

  /// The next record's `count` octets are not all at hand, or never will be.
  @inline(never)
  private func missing(_ count: Int) throws(CaptureError) -> Step {
    _ = try has(count, for: .record(packetCount + 1))
    return .needMoreOctets
  }
}
