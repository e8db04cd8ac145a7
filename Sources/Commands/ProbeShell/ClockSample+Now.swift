import LinuxSystem
public import PacketWire
public import ProbeEngine

extension ClockSample {
  /// Both clocks as they stand now.
  ///
  /// The wall clock is read between two readings of the monotonic one, whose middle counts: so the
  /// two belong together to within half the time that three readings take.
  public static func now() -> ClockSample {
    let before = MonotonicClock.now()
    let wall = WallClock.now()
    let after = MonotonicClock.now()
    let middle = before + Nanoseconds((after - before).count / 2)
    return ClockSample(monotonic: middle, wall: wall)
  }
}

extension ClockSample {
  /// The two clocks at another time of the monotonic one, if nobody sets the wall clock between.
  public func moved(to instant: MonotonicInstant) -> ClockSample {
    ClockSample(monotonic: instant, wall: wall + (instant - monotonic))
  }
}
