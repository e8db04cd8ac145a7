/// What a capture file holds, block after block.
public enum CaptureItem: Hashable, Sendable {
  /// A packet, whose octets `CaptureReader.withOctets` lends.
  case packet(CapturedPacket)
  /// A section begins; `CaptureReader.section` describes it. A pcap file has none.
  case section
  /// An interface was described: the one at this index of `CaptureReader.interfaces`.
  case interface(Int)
  /// Names of addresses.
  indirect case names(CapturedNames)
  /// What was counted at an interface.
  indirect case statistics(InterfaceStatistics)
  /// Keys for what the packets hold enciphered.
  indirect case secrets(DecryptionSecrets)
  /// A block of this type was passed over by its length.
  case skipped(type: UInt32)
  /// The rest of the next element has not been appended yet.
  case needMoreOctets
  /// The file ended where an element ended.
  case end
}

/// The whole of what a pcapng file says beside its packets, up to a limit.
public struct CaptureRecords: Hashable, Sendable {
  /// Octets of blocks after which nothing is kept any more.
  static let limit = 1 << 24

  /// The name resolution blocks, in the file's order.
  public private(set) var names: [CapturedNames] = []
  /// The interface statistics blocks, in the file's order.
  public private(set) var statistics: [InterfaceStatistics] = []
  /// The decryption secrets blocks, in the file's order.
  public private(set) var secrets: [DecryptionSecrets] = []
  /// Blocks and texts that went beyond a limit: they were passed over.
  public internal(set) var droppedCount = 0
  /// Octets of the blocks that were kept.
  private var octetCount = 0

  /// Nothing yet.
  init() {}

  /// Keeps what a block of `length` octets said, where there is room.
  mutating func keep(_ item: CaptureItem, length: Int) {
    guard octetCount + length <= Self.limit else {
      droppedCount += 1
      return
    }
    octetCount += length
    switch item {
    case .names(let names): self.names.append(names)
    case .statistics(let statistics): self.statistics.append(statistics)
    case .secrets(let secrets): self.secrets.append(secrets)
    case .packet, .section, .interface, .skipped, .needMoreOctets, .end: break
    }
  }
}

/// How many blocks were passed over by their length.
public struct SkippedBlockCounts: Hashable, Sendable {
  /// systemd Journal Export Blocks (type 9 of draft-ietf-opsawg-pcapng §10.1).
  public internal(set) var systemdJournal = 0
  /// Custom Blocks of either kind (§4.8): what is in them, their vendors know.
  public internal(set) var custom = 0
  /// Blocks that are too long to be kept.
  public internal(set) var tooLong = 0
  /// Blocks of all other types.
  public internal(set) var unknown = 0

  mutating func add(_ type: UInt32) {
    switch type {
    case PcapngBlock.systemdJournal: systemdJournal += 1
    case PcapngBlock.custom, PcapngBlock.customNotCopied: custom += 1
    case PcapngBlock.nameResolution, PcapngBlock.interfaceStatistics,
      PcapngBlock.decryptionSecrets:
      tooLong += 1
    default: unknown += 1
    }
  }
}
