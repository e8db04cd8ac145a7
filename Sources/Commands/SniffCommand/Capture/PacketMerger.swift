import LiveCapture
import PacketWire

/// Brings the packets of several interfaces into the order of their time.
///
/// An interface hands packets over in its own order, but each at its own pace: a packet is held until
/// none that is older can come from another one.
struct PacketMerger {
  /// A packet that waits.
  struct Waiting {
    var interface: Int
    var time: WallInstant
    var originalLength: Int
    var octets: [UInt8]
    /// Whose it is, if that was asked.
    var process: PacketProcess?
  }

  /// With so many octets waiting the oldest go, in order or not: a flood is no reason to grow.
  static let limit = 64 << 20

  private var queues: [[Waiting]]
  /// Packets at the start of each queue that are gone already.
  private var heads: [Int]
  private var waitingOctets = 0
  /// Packets wait.
  private(set) var count = 0

  init(interfaces: Int) {
    queues = [[Waiting]](repeating: [], count: interfaces)
    heads = [Int](repeating: 0, count: interfaces)
  }

  /// Takes a packet.
  mutating func add(_ packet: Waiting) {
    queues[packet.interface].append(packet)
    waitingOctets += packet.octets.count
    count += 1
  }

  /// The time of the oldest packet that waits.
  var oldest: WallInstant? { first.map { queues[$0][heads[$0]].time } }

  /// The queue with the oldest packet; of equal ones that of the interface that was named first.
  private var first: Int? {
    var found: Int?
    for index in queues.indices where heads[index] < queues[index].count {
      guard let best = found else {
        found = index
        continue
      }
      let (time, bestTime) = (queues[index][heads[index]].time, queues[best][heads[best]].time)
      if time.nanoseconds < bestTime.nanoseconds { found = index }
    }
    return found
  }

  /// The oldest packet, if it is from before `horizon` or too much waits; nil for the horizon takes
  /// any.
  mutating func next(before horizon: WallInstant?) -> Waiting? {
    guard let index = first else { return nil }
    let packet = queues[index][heads[index]]
    if let horizon, packet.time.nanoseconds >= horizon.nanoseconds, waitingOctets <= Self.limit {
      return nil
    }
    heads[index] += 1
    waitingOctets -= packet.octets.count
    count -= 1
    if heads[index] == queues[index].count {
      queues[index].removeAll(keepingCapacity: true)
      heads[index] = 0
    } else if heads[index] >= 1_024, heads[index] * 2 > queues[index].count {
      queues[index].removeFirst(heads[index])
      heads[index] = 0
    }
    return packet
  }
}
