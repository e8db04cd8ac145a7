/// What is kept from packet to packet since somebody asked for fields that rest on it.
struct FieldNeeds: OptionSet, Sendable {
  var rawValue: UInt8

  /// Which connection a segment of TCP belongs to, and what is to be said of it there.
  static let connections = Self(rawValue: 1)
  /// Which conversation a datagram of UDP belongs to.
  static let datagrams = Self(rawValue: 2)
  /// When conversations of UDP had their datagrams.
  static let datagramTimes = Self(rawValue: 4)
  /// What waits for its acknowledgment, and since when.
  static let retransmissions = Self(rawValue: 8)
  /// What messages of the DNS answer or repeat.
  static let exchanges = Self(rawValue: 16)
  /// What all protocols of a packet are called.
  static let protocols = Self(rawValue: 32)

  init(rawValue: UInt8) { self.rawValue = rawValue }
}
