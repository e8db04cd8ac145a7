public import PacketWire

/// Writes a pcapng file (draft-ietf-opsawg-pcapng), little-endian, version 1.0, times in
/// nanoseconds: a section, its interfaces, and then packets and what else is known, block after
/// block. Each function gives the octets of one block.
///
/// Texts that are longer than an option can be (65 535 octets) are cut.
public struct PcapngWriter: Hashable, Sendable {
  /// How many interfaces were described in this section.
  public private(set) var interfaceCount = 0

  /// A writer at the start of a file, whose first block has to be a section's.
  public init() {}

  /// Begins a section, which knows no interface of the one before.
  public mutating func section(_ section: CaptureSection) -> [UInt8] {
    interfaceCount = 0
    var block = BlockBuilder(PcapngBlock.sectionHeader)
    block.append(0x1a2b_3c4d as UInt32)
    block.append(1 as UInt16)
    block.append(0 as UInt16)
    block.append(UInt64.max)  // The section's length: whoever writes a stream does not know it.
    block.comments(section.comments)
    block.option(SectionOption.hardware, section.hardware)
    block.option(SectionOption.operatingSystem, section.operatingSystem)
    block.option(SectionOption.application, section.application)
    return block.finish()
  }

  /// Describes the section's next interface. Its `clock` is not written: the file counts in
  /// nanoseconds since 1970.
  public mutating func interface(_ interface: CaptureInterface) -> [UInt8] {
    interfaceCount += 1
    var block = BlockBuilder(PcapngBlock.interfaceDescription)
    block.append(UInt16(truncatingIfNeeded: interface.linkType.rawValue))
    block.append(0 as UInt16)
    block.append(interface.snapshotLength)
    block.comments(interface.comments)
    block.option(InterfaceOption.name, interface.name)
    block.option(InterfaceOption.description, interface.interfaceDescription)
    block.option(InterfaceOption.resolution, octets: [9])
    block.option(InterfaceOption.filter, interface.filter, after: [0])
    block.option(InterfaceOption.operatingSystem, interface.operatingSystem)
    block.option(InterfaceOption.hardware, interface.hardware)
    return block.finish()
  }

  /// A packet of an interface that the section describes, in an Enhanced Packet Block.
  ///
  /// A time before 1970 becomes the start of 1970.
  public func packet(
    _ octets: Span<UInt8>, at time: WallInstant, originalLength: Int, interface: Int = 0,
    annotations: PacketAnnotations? = nil
  ) -> [UInt8] {
    let options = annotations.map { Self.options($0) } ?? []
    return [UInt8](capacity: Self.packetLength(octets.count, options)) {
      writePacket(
        octets, at: time, originalLength: originalLength, interface: interface, options, to: &$0)
    }
  }

  /// How long the block is of a packet with so many octets and without annotations.
  public static func packetLength(_ count: Int) -> Int { packetLength(count, []) }

  /// Appends the block of a packet without annotations: `packetLength` octets. The caller gives the
  /// room, and this allocates nothing.
  public func writePacket(
    _ octets: Span<UInt8>, at time: WallInstant, originalLength: Int, interface: Int,
    to out: inout OutputSpan<UInt8>
  ) {
    writePacket(
      octets, at: time, originalLength: originalLength, interface: interface, [], to: &out)
  }

  private static func packetLength(_ count: Int, _ options: [UInt8]) -> Int {
    32 + (count + 3) & ~3 + options.count
  }

  private func writePacket(
    _ octets: Span<UInt8>, at time: WallInstant, originalLength: Int, interface: Int,
    _ options: [UInt8], to out: inout OutputSpan<UInt8>
  ) {
    precondition(interface < interfaceCount, "a packet of an interface that is not described")
    let length = UInt32(Self.packetLength(octets.count, options))
    out.append(littleEndian: PcapngBlock.enhancedPacket)
    out.append(littleEndian: length)
    out.append(littleEndian: UInt32(interface))
    let tick = Self.tick(time)
    out.append(littleEndian: UInt32(truncatingIfNeeded: tick >> 32))
    out.append(littleEndian: UInt32(truncatingIfNeeded: tick))
    out.append(littleEndian: UInt32(clamping: octets.count))
    out.append(littleEndian: UInt32(clamping: originalLength))
    out.append(copying: octets)
    for _ in 0..<(-octets.count & 3) { out.append(0) }
    out.append(copying: options.span)
    out.append(littleEndian: length)
  }

  /// Names of addresses. A zero octet, which ends a name, is left out of it, and an address without
  /// names, too.
  public func names(_ names: CapturedNames) -> [UInt8] {
    var block = BlockBuilder(PcapngBlock.nameResolution)
    for record in names.records { block.append(record) }
    block.option(NameRecordType.end, octets: [])
    block.comments(names.comments)
    block.option(NamesOption.serverName, names.serverName)
    if let address = names.serverIPv4 {
      block.option(NamesOption.serverIPv4, octets: .init(bigEndian: address.bits))
    }
    if let address = names.serverIPv6 {
      block.option(NamesOption.serverIPv6, octets: .init(bigEndian: address.bits))
    }
    return block.finish()
  }

  /// What was counted at an interface that the section describes.
  public func statistics(_ statistics: InterfaceStatistics) -> [UInt8] {
    precondition(statistics.interface < interfaceCount, "counts of an interface not described")
    var block = BlockBuilder(PcapngBlock.interfaceStatistics)
    block.append(UInt32(statistics.interface))
    block.append(upperHalfFirst: Self.tick(statistics.time))
    block.comments(statistics.comments)
    for (code, time) in [
      (StatisticsOption.start, statistics.start), (StatisticsOption.end, statistics.end),
    ] {
      guard let tick = time.map(Self.tick) else { continue }
      // Such a time is two words, the upper first, in the byte order of the section.
      let word = tick << 32 | tick >> 32
      block.option(code, octets: .init(bigEndian: word.byteSwapped))
    }
    block.option(StatisticsOption.received, statistics.received)
    block.option(StatisticsOption.droppedByInterface, statistics.droppedByInterface)
    block.option(StatisticsOption.acceptedByFilter, statistics.acceptedByFilter)
    block.option(StatisticsOption.droppedBySystem, statistics.droppedBySystem)
    block.option(StatisticsOption.delivered, statistics.delivered)
    return block.finish()
  }

  /// Keys for packets that come later.
  public func secrets(_ secrets: DecryptionSecrets) -> [UInt8] {
    var block = BlockBuilder(PcapngBlock.decryptionSecrets)
    block.append(secrets.kind.rawValue)
    block.append(UInt32(clamping: secrets.octets.count))
    block.append(padded: secrets.octets)
    block.comments(secrets.comments)
    return block.finish()
  }

  private static func tick(_ time: WallInstant) -> UInt64 { UInt64(max(time.nanoseconds, 0)) }

  private static func options(_ annotations: PacketAnnotations) -> [UInt8] {
    var block = BlockBuilder()
    block.comments(annotations.comments)
    block.option(PacketOption.flags, annotations.flags?.rawValue)
    block.option(PacketOption.dropCount, annotations.dropCount)
    block.option(PacketOption.packetIdentifier, annotations.packetIdentifier)
    block.option(PacketOption.queue, annotations.queue)
    if let process = annotations.process {
      block.option(
        PacketOption.process,
        octets: .init(littleEndian: process.process) + .init(littleEndian: process.thread))
    }
    return block.endedOptions()
  }
}
