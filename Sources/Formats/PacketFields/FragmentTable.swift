import PacketWire

/// Fragments of packets that are not whole yet (RFC 791 §3.2, RFC 8200 §4.5).
///
/// It is bounded: of the packets that wait longest the first is forgotten when there are too many,
/// and one in too many pieces is forgotten at once.
struct FragmentTable: Sendable {
  /// What fragments of one packet have in common.
  struct Key: Hashable, Sendable {
    var source: IPAddress
    var destination: IPAddress
    var identification: UInt32
    /// What the packet carries; IPv6 does not compare it.
    var protocolNumber: IPProtocol
  }

  fileprivate struct Packet: Sendable {
    var octets: [UInt8] = []
    /// What has come, in order and without overlaps or touching neighbours.
    var pieces: [Range<Int>] = []
    var length: Int?
    /// Counts up with every packet that is begun.
    var age: Int
  }

  /// How many packets wait at the most; each has at most 64 KiB.
  static let capacity = 64
  /// In how many pieces with holes between them a packet may wait.
  static let maximumPieces = 256
  /// A packet is no longer than this (RFC 791 §3.1, RFC 8200 §3).
  static let maximumLength = 65_535

  private var packets: [Key: Packet] = [:]
  private var begun = 0
  /// How many packets were forgotten before they were whole.
  private(set) var evictions = 0

  /// How many packets wait.
  var count: Int { packets.count }

  /// Takes a fragment in. Returns what the whole packet carries when that was the last that it
  /// waited for. Octets that came twice are those that came first.
  mutating func add(
    _ octets: Span<UInt8>, at offset: Int, moreFragments: Bool, of key: Key
  ) -> [UInt8]? {
    guard !octets.isEmpty, offset &+ octets.count <= Self.maximumLength else { return nil }
    var packet = packets.removeValue(forKey: key) ?? newPacket()
    if !moreFragments { packet.length = offset &+ octets.count }
    packet.take(octets, at: offset)
    if let length = packet.length, let first = packet.pieces.first, first.lowerBound == 0,
      first.upperBound >= length
    {
      return Array(packet.octets.prefix(length))
    }
    guard packet.pieces.count <= Self.maximumPieces else {
      evictions &+= 1
      return nil
    }
    packets[key] = packet
    return nil
  }

  private mutating func newPacket() -> Packet {
    if packets.count >= Self.capacity,
      let oldest = packets.min(by: { $0.value.age < $1.value.age })
    {
      packets[oldest.key] = nil
      evictions &+= 1
    }
    begun &+= 1
    return Packet(age: begun)
  }
}

extension FragmentTable.Packet {
  /// Copies what is new of `piece`, and joins it to its neighbours.
  fileprivate mutating func take(_ piece: Span<UInt8>, at offset: Int) {
    let end = offset &+ piece.count
    if octets.count < end {
      octets.append(contentsOf: repeatElement(0, count: end &- octets.count))
    }
    var position = offset
    for known in pieces where known.upperBound > offset && known.lowerBound < end {
      copy(piece, at: offset, position..<max(position, known.lowerBound))
      position = max(position, known.upperBound)
    }
    copy(piece, at: offset, position..<max(position, end))
    join(offset..<end)
  }

  private mutating func copy(_ piece: Span<UInt8>, at offset: Int, _ range: Range<Int>) {
    for index in range { octets[index] = piece[index &- offset] }
  }

  private mutating func join(_ range: Range<Int>) {
    var joined = range
    var kept: [Range<Int>] = []
    for known in pieces {
      if known.upperBound < joined.lowerBound || known.lowerBound > joined.upperBound {
        kept.append(known)
      } else {
        joined =
          min(joined.lowerBound, known.lowerBound)..<max(joined.upperBound, known.upperBound)
      }
    }
    kept.append(joined)
    pieces = kept.sorted { $0.lowerBound < $1.lowerBound }
  }
}
