import PacketWire

/// How much was seen.
public struct TrafficCount: Hashable, Sendable {
  /// Frames.
  public var packets = 0
  /// Octets of those frames on the wire, link headers counted in.
  public var octets = 0

  /// Nothing, or so much.
  public init(packets: Int = 0, octets: Int = 0) {
    (self.packets, self.octets) = (packets, octets)
  }

  /// Counts one frame.
  @inline(__always)
  mutating func add(frame length: Int) {
    packets &+= 1
    octets &+= length
  }

  /// Both together.
  public static func + (left: Self, right: Self) -> Self {
    Self(packets: left.packets &+ right.packets, octets: left.octets &+ right.octets)
  }

  /// Adds what another count holds.
  public static func += (left: inout Self, right: Self) { left = left + right }
}

/// What two ends sent each other, and when.
struct TrafficOfEnds: Sendable {
  var fromLow = TrafficCount()
  var fromHigh = TrafficCount()
  var first: WallInstant
  var last: WallInstant
  /// The end with the lower address sent the first packet.
  let lowBegan: Bool

  init(from time: WallInstant, lowBegan: Bool) {
    (first, last, self.lowBegan) = (time, time, lowBegan)
  }

  @inline(__always)
  mutating func add(frame length: Int, fromLow: Bool, at time: WallInstant) {
    if fromLow { self.fromLow.add(frame: length) } else { fromHigh.add(frame: length) }
    // Captures of several processors can be out of order.
    if time > last { last = time }
    if time < first { first = time }
  }

}
