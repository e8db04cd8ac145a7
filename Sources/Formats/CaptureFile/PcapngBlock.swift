import PacketWire

/// The block types that this reader looks into (draft-ietf-opsawg-pcapng §10.1).
enum PcapngBlock {
  /// Reads the same in both byte orders.
  static let sectionHeader: UInt32 = 0x0a0d_0d0a
  static let interfaceDescription: UInt32 = 1
  /// Obsolete (Appendix A), but in old files.
  static let packet: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let enhancedPacket: UInt32 = 6

  /// Type and length before the body, and the length again after it.
  static let frameLength = 12

  /// The least total length of a block of this type.
  static func minimumLength(of type: UInt32) -> Int {
    switch type {
    case sectionHeader: 28
    case interfaceDescription: 20
    case packet, enhancedPacket: 32
    case simplePacket: 16
    default: frameLength
    }
  }
}

/// A block of which only the length matters; it is never held whole, however long it is.
struct SkippedBlock: Sendable {
  var type: UInt32
  var length: UInt32
  /// Octets from the start of the file.
  var offset: Int
  /// Octets of it that were dropped so far.
  var dropped: Int
}

extension CaptureReader {
  /// Walks over blocks (draft-ietf-opsawg-pcapng §3.1) up to the next that holds a packet.
  mutating func nextPacketBlock() throws(CaptureError) -> Step {
    while true {
      if skipping != nil {
        guard try skip() else { return .needMoreOctets }
      }
      if isAtEnd { return .end }
      // No block is shorter than its frame, whose length is that of a section header's first three
      // fields, too.
      guard try has(PcapngBlock.frameLength, for: .blockHeader) else { return .needMoreOctets }
      let type = u32(at: start)
      let element = CaptureError.Element.block(type)
      if type == PcapngBlock.sectionHeader { try readByteOrder() }
      let length = u32(at: start + 4)
      guard length.isMultiple(of: 4), length >= PcapngBlock.minimumLength(of: type) else {
        throw CaptureError(element, at: offset, .badBlockLength(length))
      }
      guard PcapngBlock.minimumLength(of: type) > PcapngBlock.frameLength else {
        skipping = SkippedBlock(type: type, length: length, offset: offset, dropped: 0)
        continue
      }
      guard length <= Self.maximumLength else {
        throw CaptureError(element, at: offset, .badBlockLength(length))
      }
      guard try has(Int(length), for: element) else { return .needMoreOctets }
      try checkTrailing(length, at: start + Int(length) - 4, of: element, offset: offset)
      let packet = try read(type, body: start + 8..<start + Int(length) - 4)
      start += Int(length)
      if let packet { return .packet(packet) }
    }
  }

  /// Reads a block whose type is one of `PcapngBlock`; nil when it holds no packet.
  private mutating func read(
    _ type: UInt32, body: Range<Int>
  ) throws(CaptureError) -> CapturedPacket? {
    switch type {
    case PcapngBlock.sectionHeader: try readSectionHeader(body)
    case PcapngBlock.interfaceDescription: try readInterface(body)
    case PcapngBlock.simplePacket: return try readSimplePacket(body)
    default: return try readPacket(type, body)
    }
    return nil
  }

  /// Drops what is there of a skipped block; true when all of it is past.
  private mutating func skip() throws(CaptureError) -> Bool {
    guard var block = skipping else { return true }
    let dropped = min(available, Int(block.length) - 4 - block.dropped)
    start += dropped
    block.dropped += dropped
    skipping = block
    let element = CaptureError.Element.block(block.type)
    guard block.dropped + available >= Int(block.length) else {
      guard isFinished else { return false }
      let reached = block.dropped + available
      throw CaptureError(
        element, at: block.offset, .truncated(needed: Int(block.length), available: reached))
    }
    try checkTrailing(block.length, at: start, of: element, offset: block.offset)
    start += 4
    skipping = nil
    return true
  }

  /// A block's length stands at both its ends, so that a damaged one shows.
  private func checkTrailing(
    _ length: UInt32, at index: Int, of element: CaptureError.Element, offset: Int
  ) throws(CaptureError) {
    let trailing = u32(at: index)
    guard trailing == length else {
      throw CaptureError(
        element, at: offset, .lengthsDiffer(leading: length, trailing: trailing))
    }
  }
}
