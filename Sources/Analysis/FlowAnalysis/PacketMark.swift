public import PacketWire

/// A packet of the capture by its number, and when it was captured.
public struct PacketMark: Hashable, Sendable {
  /// Its place in the capture, from 1.
  public var number: Int
  /// Its capture stamp.
  public var time: WallInstant

  /// The packet `number`, captured at `time`.
  public init(number: Int, time: WallInstant) {
    (self.number, self.time) = (number, time)
  }
}
