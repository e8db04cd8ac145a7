import PacketWire

/// Reads a pcap or pcapng file (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng) from chunks of
/// octets, whoever reads them from wherever.
///
/// Ask `next()` until it needs more octets, `append` some or `finish`, and ask again. A packet's
/// octets stay in the reader's own buffer and are lent by `withOctets`, so that no packet costs an
/// allocation. The buffer holds what was appended and not yet read: at the most one chunk and one
/// element of the file.
public struct CaptureReader: Sendable {
  /// What `next()` came to.
  public enum Step: Hashable, Sendable {
    /// A packet, whose octets `withOctets` lends.
    case packet(CapturedPacket)
    /// The rest of the next element has not been appended yet.
    case needMoreOctets
    /// The file ended where an element ended.
    case end
  }

  enum Format {
    case unknown, pcap, pcapng
  }

  /// The most octets a packet or block may have, over which a length is taken for damage: the
  /// largest snapshot length that libpcap allows for any link type.
  static let maximumLength = 1 << 27

  /// The interfaces described so far in this section of the file. Packets count from its start.
  public internal(set) var interfaces: [CaptureInterface] = []
  /// Who wrote the section that the reader is in; empty in a pcap file.
  public internal(set) var section = CaptureSection()
  /// How many packets were handed out.
  public internal(set) var packetCount = 0
  /// What the file said so far beside its packets, up to a limit.
  public internal(set) var records = CaptureRecords()
  /// Blocks that were passed over.
  public internal(set) var skippedBlocks = SkippedBlockCounts()

  @usableFromInline var buffer: [UInt8] = []
  /// Index in `buffer` of the first octet that is not yet read.
  var start = 0
  /// Octets of the file that were before `buffer[0]`.
  private var discarded = 0
  private(set) var isFinished = false
  private var failure: CaptureError?
  private var format = Format.unknown
  /// Where in `buffer` the latest packet is.
  @usableFromInline var packetOctets = 0..<0
  var packetBlock = PacketBlock()

  // What the file's (pcap) or the section's (pcapng) header said.
  var isLittleEndian = false
  var pcap = PcapHeader()
  var skipping: SkippedBlock?
  /// Octets of text in the section's header and interfaces.
  var sectionTextLength = 0
  /// What the latest block was, when it held no packet.
  var latestItem = CaptureItem.end

  /// The file describes its interfaces one by one, and its packets say on which they came: pcapng.
  public var namesInterfaces: Bool { format == .pcapng }

  /// A reader at the start of a file.
  public init() {}

  /// Adds the octets that follow those appended before. The latest packet's octets are gone then.
  public mutating func append(_ octets: Span<UInt8>) {
    append(addingCapacity: octets.count) { $0.append(copying: octets) }
  }

  /// Adds octets that `fill` writes where the reader keeps them, `count` at the most. The latest
  /// packet's octets are gone then.
  @inlinable
  public mutating func append<E: Error>(
    addingCapacity count: Int, filledBy fill: (inout OutputSpan<UInt8>) throws(E) -> Void
  ) throws(E) {
    discardRead()
    try buffer.append(addingCapacity: count, initializingWith: fill)
  }

  /// Forgets what was read.
  @usableFromInline
  mutating func discardRead() {
    forgetPacket()
    guard start > 0 else { return }
    buffer.removeFirst(start)
    discarded += start
    start = 0
  }

  /// Says that no octets follow.
  public mutating func finish() { isFinished = true }

  /// The next packet; or why there is none, and once thrown, thrown for ever. What stands between
  /// packets is read on the way (`section`, `interfaces`, `records`).
  public mutating func next() throws(CaptureError) -> Step {
    while true {
      if let step = try advance() { return step }
    }
  }

  /// The next packet or whatever else the file holds, in its order; or why there is none, and once
  /// thrown, thrown for ever. A pcap file has one interface before all packets.
  public mutating func nextItem() throws(CaptureError) -> CaptureItem {
    switch try advance() {
    case .packet(let packet): .packet(packet)
    case .needMoreOctets: .needMoreOctets
    case .end: .end
    case nil: latestItem
    }
  }

  /// The next step; nil when the element held no packet, and `latestItem` has it.
  private mutating func advance() throws(CaptureError) -> Step? {
    forgetPacket()
    if let failure { throw failure }
    do throws(CaptureError) {
      switch format {
      case .pcap: return try nextRecord()
      case .pcapng: return try nextBlock()
      case .unknown: return try begin()
      }
    } catch {
      failure = error
      throw error
    }
  }

  private mutating func forgetPacket() { (packetOctets, packetBlock.type) = (0..<0, 0) }

  /// Lends the octets of the packet that `next()` gave last; none after any other step or `append`.
  @inlinable
  public func withOctets<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    try body(buffer.span.extracting(packetOctets))
  }

  /// Octets of the file before the next element.
  var offset: Int { discarded + start }

  /// Octets at hand and not yet read.
  var available: Int { buffer.count - start }

  /// The file ended, and here.
  var isAtEnd: Bool { isFinished && start == buffer.count }

  /// Whether `count` octets are at hand; throws when they never will be.
  func has(_ count: Int, for element: CaptureError.Element) throws(CaptureError) -> Bool {
    if available >= count { return true }
    guard isFinished else { return false }
    throw CaptureError(element, at: offset, .truncated(needed: count, available: available))
  }

  /// Tells the format by its magic number; a pcap file's header is read whole.
  private mutating func begin() throws(CaptureError) -> Step? {
    guard try has(4, for: .fileHeader) else { return .needMoreOctets }
    let magic = buffer.span.u32(at: start)
    if magic == PcapngBlock.sectionHeader {
      format = .pcapng
      return try nextBlock()
    }
    guard let kind = PcapHeader.Kind(magic: magic) else {
      throw CaptureError(.fileHeader, at: offset, .unknownMagic(magic))
    }
    guard try readPcapHeader(kind) else { return .needMoreOctets }
    format = .pcap
    latestItem = .interface(0)
    return nil
  }

  /// The number at `index` of the buffer, in the byte order of the file or section.
  @inline(__always)
  func u16(at index: Int) -> UInt16 { host(buffer.span.u16(at: index)) }

  /// The number at `index` of the buffer, in the byte order of the file or section.
  @inline(__always)
  func u32(at index: Int) -> UInt32 { host(buffer.span.u32(at: index)) }

  /// The number at `index` of the buffer, in the byte order of the file or section.
  func u64(at index: Int) -> UInt64 { host(buffer.span.u64(at: index)) }

  /// A number as the file or section means it.
  @inline(__always)
  func host<Word: FixedWidthInteger>(_ bigEndian: Word) -> Word {
    isLittleEndian ? bigEndian.byteSwapped : bigEndian
  }
}
