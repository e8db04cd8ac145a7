import PacketWire

extension CaptureReader {
  /// Reads an Enhanced Packet Block (draft-ietf-opsawg-pcapng §4.3), or an obsolete Packet Block
  /// (Appendix A), which differs in the first four octets only.
  mutating func readPacket(_ type: UInt32, _ body: Range<Int>) throws(CaptureError)
    -> CapturedPacket
  {
    let index =
      type == PcapngBlock.packet ? UInt32(u16(at: body.lowerBound)) : u32(at: body.lowerBound)
    let tick = UInt64(u32(at: body.lowerBound + 4)) << 32 | UInt64(u32(at: body.lowerBound + 8))
    let (capturedLength, originalLength) = (
      u32(at: body.lowerBound + 12), u32(at: body.lowerBound + 16)
    )
    guard Int(index) < interfaces.count else {
      throw CaptureError(
        .block(type), at: offset, .unknownInterface(index, described: interfaces.count))
    }
    return try packet(
      type, of: Int(index), at: interfaces[Int(index)].clock.instant(ofTick: tick),
      octets: body.lowerBound + 20..<body.upperBound, capturedLength: capturedLength,
      originalLength: originalLength)
  }

  /// Reads a Simple Packet Block (draft-ietf-opsawg-pcapng §4.4): it is of the first interface,
  /// whose snapshot length alone tells what was captured.
  mutating func readSimplePacket(_ body: Range<Int>) throws(CaptureError) -> CapturedPacket {
    let type = PcapngBlock.simplePacket
    let originalLength = u32(at: body.lowerBound)
    guard let interface = interfaces.first else {
      throw CaptureError(.block(type), at: offset, .unknownInterface(0, described: 0))
    }
    let limit = interface.snapshotLength == 0 ? UInt32.max : interface.snapshotLength
    return try packet(
      type, of: 0, at: WallInstant(nanoseconds: 0),
      octets: body.lowerBound + 4..<body.upperBound, capturedLength: min(originalLength, limit),
      originalLength: originalLength)
  }

  /// Hands out a packet whose octets, padding and options are in `octets`.
  private mutating func packet(
    _ type: UInt32, of interface: Int, at time: WallInstant, octets: Range<Int>,
    capturedLength: UInt32, originalLength: UInt32
  ) throws(CaptureError) -> CapturedPacket {
    guard Int(capturedLength) <= octets.count else {
      throw CaptureError(
        .block(type), at: offset, .badCapturedLength(capturedLength, limit: octets.count))
    }
    packetOctets = octets.prefix(Int(capturedLength))
    packetCount += 1
    return CapturedPacket(
      number: packetCount, time: time, linkType: interfaces[interface].linkType,
      capturedLength: packetOctets.count, originalLength: Int(originalLength),
      interface: interface)
  }
}
