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
    let element = CaptureError.Element.record(packetCount + 1)
    guard try has(PcapHeader.recordLength, for: element) else { return .needMoreOctets }
    let body = start + PcapHeader.recordLength
    let capturedLength = u32(at: start + 8)
    guard Int(capturedLength) <= pcap.maximumCapturedLength else {
      throw CaptureError(
        element, at: offset, .badCapturedLength(capturedLength, limit: pcap.maximumCapturedLength))
    }
    let length = PcapHeader.recordLength + Int(capturedLength)
    guard try has(length, for: element) else { return .needMoreOctets }
    // Neither product nor sum overflows: seconds and fraction have 32 bits each.
    let time =
      Int64(u32(at: start)) * 1_000_000_000
      + Int64(u32(at: start + 4)) * pcap.nanosecondsPerTick
    let originalLength = Int(u32(at: start + 12))
    start += length
    packetOctets = body..<start
    packetCount += 1
    return .packet(
      CapturedPacket(
        number: packetCount, time: WallInstant(nanoseconds: time), linkType: pcap.linkType,
        capturedLength: packetOctets.count, originalLength: originalLength, interface: 0))
  }
}
