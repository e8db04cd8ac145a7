import Glibc
public import PacketWire

/// The clock that timers and our own send times use: it never jumps.
public enum MonotonicClock {
  /// The time now. The corresponding C call is `clock_gettime(CLOCK_MONOTONIC)`.
  public static func now() -> MonotonicInstant {
    MonotonicInstant(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC))
  }
}

/// The time of day, which an administrator or NTP may set: for stamps that people read, and beside
/// the kernel's packet stamps.
public enum WallClock {
  /// The time now. The corresponding C call is `clock_gettime(CLOCK_REALTIME)`.
  public static func now() -> WallInstant {
    WallInstant(nanoseconds: nanoseconds(of: CLOCK_REALTIME))
  }
}

private func nanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  // The pointer lives for the call only.
  let result = unsafe clock_gettime(clock, &time)
  precondition(result == 0, "every Linux has these two clocks")
  return time.nanoseconds
}

extension timespec {
  /// The count since the clock's origin; wraps after 292 years.
  var nanoseconds: Int64 { Int64(tv_sec) &* 1_000_000_000 &+ Int64(tv_nsec) }

  /// A length of time that is not negative.
  init(nonNegative length: Nanoseconds) {
    let count = max(length.count, 0)
    self.init(tv_sec: Int(count / 1_000_000_000), tv_nsec: Int(count % 1_000_000_000))
  }
}
