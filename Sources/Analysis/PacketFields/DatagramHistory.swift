import PacketWire

/// What is known of a datagram of UDP from those before it.
struct DatagramFacts: Sendable {
  /// The number of its conversation, from 0.
  var stream: Int
  /// Since the first datagram of its conversation, and since the one before it.
  var sinceFirst: Nanoseconds?, sincePrevious: Nanoseconds?
}

/// When conversations of UDP had datagrams; of the last so many conversations.
struct DatagramHistory: Sendable {
  private struct Times: Sendable {
    var first: WallInstant
    var last: WallInstant
  }

  private var conversations = RecentTable<Int, Times>(capacity: 65_536)

  /// Notes that the conversation of that number has a datagram.
  mutating func add(_ stream: Int, at time: WallInstant) -> DatagramFacts {
    let times = conversations[stream] ?? Times(first: time, last: time)
    conversations.set(Times(first: times.first, last: time), for: stream)
    return DatagramFacts(
      stream: stream, sinceFirst: time - times.first, sincePrevious: time - times.last)
  }
}
