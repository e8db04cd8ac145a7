import PacketWire

/// The first sequence numbers of TCP connections, both directions, so that later ones can be printed
/// relative to them.
///
/// Packets fill it, so it is bounded: 65 536 connections (4 MiB). When the sixteen places that a
/// connection can have are taken, the table doubles up to that size, and then the one of the sixteen
/// that was quiet for longest is forgotten and counted.
struct SequenceTable {
  /// The two ends in an order that is the same for both directions.
  struct Connection: Equatable {
    var lowAddress: IPv6Address
    var highAddress: IPv6Address
    /// The family, then the port of each end.
    var ports: UInt64
  }

  private struct Place {
    var connection: Connection
    /// Of the direction from the low end to the high end, and the other one.
    var forward: UInt32
    var backward: UInt32
    /// The count of look-ups at the last use; 0 in a place that is free.
    var lastUse: UInt64
  }

  /// Numbers as they are to be printed.
  struct Relative: Equatable {
    var sequence: UInt32
    var acknowledgment: UInt32
    /// What the edges of SACK blocks count from.
    var selectiveBase: UInt32
  }

  /// How many connections were forgotten.
  private(set) var evicted = 0
  private var places: [Place] = []
  private var uses: UInt64 = 0
  /// Where the connection of the last look-up stands.
  private var latest = 0
  private let capacity: Int

  private static let reach = 16
  private static let free = Place(
    connection: Connection(lowAddress: .any, highAddress: .any, ports: 0), forward: 0, backward: 0,
    lastUse: 0)

  /// A table that holds at most `capacity` connections, a power of two of at least sixteen.
  init(capacity: Int = 65536) {
    precondition(capacity >= Self.reach && capacity & (capacity &- 1) == 0, "not a power of two")
    self.capacity = capacity
  }

  /// What to print for a segment with ACK. The first segment of a connection, and every SYN, is
  /// recorded and keeps its numbers; its acknowledgment tells where the other direction began.
  mutating func relative(
    _ header: TCPHeader, from source: IPAddress, to destination: IPAddress
  ) -> Relative {
    let (connection, isForward) = Self.connection(header, source, destination)
    uses &+= 1
    let (index, isNew) = place(of: connection)
    latest = index
    places[index].lastUse = uses
    if isNew || header.flags.contains(.syn) {
      let (mine, other) = (header.sequenceNumber, header.acknowledgmentNumber &- 1)
      places[index].connection = connection
      places[index].forward = isForward ? mine : other
      places[index].backward = isForward ? other : mine
      return Relative(
        sequence: mine, acknowledgment: header.acknowledgmentNumber, selectiveBase: other)
    }
    let place = places[index]
    let mine = isForward ? place.forward : place.backward
    let other = isForward ? place.backward : place.forward
    return Relative(
      sequence: header.sequenceNumber &- mine,
      acknowledgment: header.acknowledgmentNumber &- other, selectiveBase: other)
  }

  private static func connection(
    _ header: TCPHeader, _ source: IPAddress, _ destination: IPAddress
  ) -> (Connection, isForward: Bool) {
    let (from, to) = (source.wide, destination.wide)
    let (sourcePort, destinationPort) = (UInt64(header.sourcePort), UInt64(header.destinationPort))
    let family = UInt64(source.family.rawValue) << 32
    let isForward = from < to || (from == to && sourcePort <= destinationPort)
    return isForward
      ? (
        Connection(
          lowAddress: from, highAddress: to, ports: family | sourcePort << 16 | destinationPort),
        true
      )
      : (
        Connection(
          lowAddress: to, highAddress: from, ports: family | destinationPort << 16 | sourcePort),
        false
      )
  }

  /// Where the connection stands, or where it is to be put.
  private mutating func place(of connection: Connection) -> (index: Int, isNew: Bool) {
    // Segments come in bursts: the connection of the last one is the likely one.
    if latest < places.count, places[latest].connection == connection,
      places[latest].lastUse != 0
    {
      return (latest, false)
    }
    while true {
      let first = Self.mix(connection)
      var oldest = 0
      var oldestUse = UInt64.max
      for step in 0..<(places.isEmpty ? 0 : Self.reach) {
        let index = (first &+ step) & (places.count &- 1)
        let use = places[index].lastUse
        if use == 0 { return (index, true) }
        if places[index].connection == connection { return (index, false) }
        if use < oldestUse { (oldest, oldestUse) = (index, use) }
      }
      guard places.count < capacity else {
        evicted &+= 1
        return (oldest, true)
      }
      grow()
    }
  }

  private mutating func grow() {
    let old = places
    let size = min(max(old.count &* 2, 1024), capacity)
    places = [Place](repeating: Self.free, count: size)
    for entry in old where entry.lastUse != 0 {
      let first = Self.mix(entry.connection)
      let index = (0..<Self.reach).lazy.map { (first &+ $0) & (size &- 1) }
        .first { places[$0].lastUse == 0 }
      if let index { places[index] = entry } else { evicted &+= 1 }
    }
  }

  /// Spreads connections over the places. A sender who aims at one place can make this table forget,
  /// but not grow or search longer.
  private static func mix(_ connection: Connection) -> Int {
    var hash = mix(connection.ports, connection.lowAddress)
    hash = mix(hash, connection.highAddress)
    return Int(truncatingIfNeeded: hash >> 32)
  }

  /// One round of multiplying with 2^64 ÷ φ, whose upper half depends on all lower bits.
  private static func mix(_ hash: UInt64, _ address: IPv6Address) -> UInt64 {
    let folded = address.lowWord &+ address.highWord &* 31
    let mixed = (hash ^ folded) &* 0x9e37_79b9_7f4a_7c15
    return mixed ^ mixed >> 29
  }
}

extension IPAddress {
  /// The address, or for IPv4 the IPv6 address with the same number. The family is kept beside it.
  fileprivate var wide: IPv6Address {
    switch self {
    case .v4(let address): IPv6Address(bits: UInt128(address.bits))
    case .v6(let address): address
    }
  }
}
