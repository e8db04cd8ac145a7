import Glibc
public import PacketWire

/// The user's time zone (TZ, or /etc/localtime).
public enum LocalTime {
  /// How far local time is ahead of UTC at `instant`, in seconds.
  /// The corresponding C call is `localtime_r`.
  public static func secondsEastOfUTC(at instant: WallInstant) -> Int {
    var seconds = time_t(instant.nanoseconds / 1_000_000_000)
    var fields = unsafe tm()
    // The C library fills the structure and keeps no pointer to it.
    guard unsafe localtime_r(&seconds, &fields) != nil else { return 0 }
    return unsafe fields.tm_gmtoff
  }
}
