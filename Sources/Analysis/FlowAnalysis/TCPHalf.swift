import PacketWire

/// What one side of a connection has sent so far.
struct TCPHalf: Sendable {
  /// Unknown until a segment of this side, or an acknowledgment of the other, was seen.
  var space: SequenceSpace?
  /// One beyond the highest position seen; a SYN is position 0 and a FIN counts.
  var highest: Int64 = 0
  /// One beyond the highest position that the peer acknowledged.
  var acknowledged: Int64 = 0
  /// The acknowledgment that said so.
  var acknowledgedBy: PacketMark?
  /// How often the peer has repeated it while data was on the way.
  var duplicates = 0
  /// The first SYN or SYN-ACK, and the last.
  var syn: PacketMark?
  var lastSYN: PacketMark?
  var synCount = 0
  var offer: TCPOffer?
  var fin: FIN?
  /// The window that this side offered last, in octets; nil before its first segment.
  var window: Int?
  /// Its last keep-alive or window probe, while that has no answer.
  var probe: PacketMark?
  /// The position of its last window probe, whose octet will be sent again.
  var probePosition: Int64?
  var sent = SentSegments()
  var holes = SequenceHoles()
  var reassembler = StreamReassembler()

  struct FIN: Hashable, Sendable {
    var position: Int64
    var mark: PacketMark
  }

  /// Octets of its stream, seen or not.
  var streamOctets: Int64 { max(0, (fin?.position ?? max(highest, acknowledged)) - 1) }

  /// The position of a raw sequence number, which is taken as position 1 when nothing is known.
  mutating func position(of raw: UInt32) -> Int64 {
    guard let space else {
      space = SequenceSpace(origin: raw &- 1)
      (highest, acknowledged) = (1, 1)
      return 1
    }
    return space.position(of: raw, near: highest)
  }

  /// Forgets what is held.
  mutating func removeAll(_ shared: inout StreamShared) {
    sent.removeAll(&shared.segments)
    reassembler.removeAll(&shared.memory)
  }
}
