public import PacketWire

/// A time without answers: probes one after the other that were all lost.
public struct Outage: Hashable, Sendable {
  /// The first lost probe, counted from 1.
  public var firstLost: UInt64
  /// The last one before an answered one.
  public var lastLost: UInt64
  /// How many were lost.
  public var lost: Int
  /// When the first lost probe was sent.
  public var start: MonotonicInstant
  /// When the first answered probe after it was sent; nil as long as there is none.
  public var end: MonotonicInstant?

  /// An outage from its fields.
  public init(
    firstLost: UInt64, lastLost: UInt64, lost: Int, start: MonotonicInstant, end: MonotonicInstant?
  ) {
    (self.firstLost, self.lastLost, self.lost) = (firstLost, lastLost, lost)
    (self.start, self.end) = (start, end)
  }

  /// How long it was: from the sending of the first lost probe to that of the first answered one. The
  /// truth can be shorter or longer by the time between two probes. Nil while it goes on.
  public var length: Nanoseconds? { end.map { $0 - start } }
}
