public import PacketWire

/// How far another host's clock is ahead of ours, between two bounds that follow from what ICMP
/// timestamps say.
///
/// The request cannot have come in before it was sent, nor can the answer have left after it arrived:
/// the offset is at most *receive − sent* and at least *transmit − received*. The truth lies between
/// the two for certain, unless a clock was set meanwhile. Timestamps are whole milliseconds of a day, so
/// an offset is known up to whole days, and is taken to be the one nearest to zero.
public struct ClockOffset: Hashable, Sendable {
  /// The other clock is ahead by this at least; a negative length says that it is behind.
  public private(set) var lower: Nanoseconds
  /// The other clock is ahead by this at most.
  public private(set) var upper: Nanoseconds

  private static let day: Int64 = 86_400_000_000_000

  /// The middle of the bounds.
  public var estimate: Nanoseconds { Nanoseconds(lower.count + (upper.count - lower.count) / 2) }
  /// How far the truth can be from `estimate`.
  public var uncertainty: Nanoseconds { Nanoseconds((upper.count - lower.count + 1) / 2) }

  /// The offset that one answer tells; `nil` where a timestamp is no time of day, or where the two
  /// contradict each other.
  ///
  /// - Parameters:
  ///   - stamps: what the other host said.
  ///   - sent: when the request left, by our clock.
  ///   - roundTrip: how long it took until the answer was here.
  public init?(_ stamps: ICMPTimestamps, sentAt sent: WallInstant, roundTrip: Nanoseconds) {
    guard let receive = stamps.receive.milliseconds, let transmit = stamps.transmit.milliseconds
    else { return nil }
    let received = sent + roundTrip
    let low = Self.wrapped(Int64(transmit) * 1_000_000 - received.nanoseconds % Self.day)
    let high = Self.wrapped(Int64(receive) * 1_000_000 - sent.nanoseconds % Self.day)
    lower = Nanoseconds(low)
    // Rounded down to whole milliseconds: it can have been later by one. Both bounds lie on the same
    // side of half a day.
    upper = Nanoseconds(low + Self.wrapped(high - low) + 1_000_000)
    guard lower <= upper else { return nil }
  }

  /// Half a day back to half a day ahead.
  private static func wrapped(_ difference: Int64) -> Int64 {
    let rest = difference % day
    return rest >= day / 2 ? rest - day : rest < -day / 2 ? rest + day : rest
  }

  /// What both answers leave; `nil` where they contradict each other, because a clock was set or runs
  /// at another pace.
  public func narrowed(by other: ClockOffset) -> ClockOffset? {
    var both = self
    both.lower = max(lower, other.lower)
    both.upper = min(upper, other.upper)
    return both.lower <= both.upper ? both : nil
  }
}
