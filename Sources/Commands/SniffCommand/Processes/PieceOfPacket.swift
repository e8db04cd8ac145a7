import PacketWire

/// A piece of a packet that came in several, of which only the first says which flow it is of.
struct PieceOfPacket: Hashable {
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt32
  /// The piece in hand is the first one.
  var isFirst: Bool

  /// Nil for a packet that is whole.
  init?(_ frame: Frame) {
    guard let addresses = frame.addresses else { return nil }
    (source, destination) = addresses
    if case .ipv4(let header) = frame.network {
      guard header.isFragment else { return nil }
      (identification, isFirst) = (UInt32(header.identification), header.fragmentOffset == 0)
    } else if let fragment = frame.ipv6Fragment {
      (identification, isFirst) = (fragment.identification, fragment.fragmentOffset == 0)
    } else {
      return nil
    }
  }

  /// The same for all pieces.
  var whole: PieceOfPacket {
    var whole = self
    whole.isFirst = true
    return whole
  }
}
