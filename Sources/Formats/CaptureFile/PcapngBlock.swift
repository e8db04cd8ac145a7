import PacketWire

/// The block types that this reader knows (draft-ietf-opsawg-pcapng §10.1).
enum PcapngBlock {
  /// Reads the same in both byte orders.
  static let sectionHeader: UInt32 = 0x0a0d_0d0a
  static let interfaceDescription: UInt32 = 1
  /// Obsolete (Appendix A), but in old files.
  static let packet: UInt32 = 2
  static let simplePacket: UInt32 = 3
  static let nameResolution: UInt32 = 4
  static let interfaceStatistics: UInt32 = 5
  static let enhancedPacket: UInt32 = 6
  static let systemdJournal: UInt32 = 9
  static let decryptionSecrets: UInt32 = 10
  static let custom: UInt32 = 0xbad
  /// A custom block that is not to be copied into another file.
  static let customNotCopied: UInt32 = 0x4000_0bad

  /// Type and length before the body, and the length again after it.
  static let frameLength = 12
  /// Octets of a block that is kept beside the packets, over which it is passed over.
  static let maximumRecordLength = 1 << 24

  /// The least total length of a block of this type.
  static func minimumLength(of type: UInt32) -> Int {
    switch type {
    case sectionHeader: 28
    case interfaceDescription, decryptionSecrets: 20
    case packet, enhancedPacket: 32
    case simplePacket: 16
    case interfaceStatistics: 24
    default: frameLength
    }
  }

  /// Only the length of such a block matters.
  static func isSkipped(_ type: UInt32, length: UInt32) -> Bool {
    switch type {
    case sectionHeader, interfaceDescription, packet, enhancedPacket, simplePacket: false
    case nameResolution, interfaceStatistics, decryptionSecrets: length > maximumRecordLength
    default: true
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
  /// Reads the next block (draft-ietf-opsawg-pcapng §3.1); nil when it holds no packet, and
  /// `latestItem` has it.
  mutating func nextBlock() throws(CaptureError) -> Step? {
    if let type = skipping?.type {
      guard try skip() else { return .needMoreOctets }
      return other(.skipped(type: type))
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
    guard !PcapngBlock.isSkipped(type, length: length) else {
      skipping = SkippedBlock(type: type, length: length, offset: offset, dropped: 0)
      return try nextBlock()
    }
    guard length <= Self.maximumLength else {
      throw CaptureError(element, at: offset, .badBlockLength(length))
    }
    guard try has(Int(length), for: element) else { return .needMoreOctets }
    try checkTrailing(length, at: start + Int(length) - 4, of: element, offset: offset)
    let block = try read(type, body: start + 8..<start + Int(length) - 4)
    start += Int(length)
    return block
  }

  /// Reads a block that is whole.
  private mutating func read(_ type: UInt32, body: Range<Int>) throws(CaptureError) -> Step? {
    switch type {
    case PcapngBlock.packet, PcapngBlock.enhancedPacket:
      return .packet(try readPacket(type, body))
    case PcapngBlock.simplePacket: return .packet(try readSimplePacket(body))
    case PcapngBlock.sectionHeader:
      try readSectionHeader(body)
      return other(.section)
    case PcapngBlock.interfaceDescription:
      try readInterface(body)
      return other(.interface(interfaces.count - 1))
    case PcapngBlock.nameResolution: return kept(.names(try readNames(body)), body)
    case PcapngBlock.interfaceStatistics: return kept(.statistics(try readStatistics(body)), body)
    default: return kept(.secrets(try readSecrets(body)), body)
    }
  }

  private mutating func kept(_ item: CaptureItem, _ body: Range<Int>) -> Step? {
    records.keep(item, length: body.count)
    return other(item)
  }

  private mutating func other(_ item: CaptureItem) -> Step? {
    latestItem = item
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
    skippedBlocks.add(block.type)
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
