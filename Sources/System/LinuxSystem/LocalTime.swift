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

  /// `format` with the local time in the place of what begins with %.
  /// The corresponding C call is `strftime`.
  public static func text(_ format: String, at instant: WallInstant) -> String {
    var seconds = time_t(instant.nanoseconds / 1_000_000_000)
    var fields = unsafe tm()
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let capacity = buffer.count
    // The C library fills structure and buffer and keeps no pointer to them.
    guard unsafe localtime_r(&seconds, &fields) != nil else { return format }
    let length = unsafe strftime(&buffer, capacity, format, &fields)
    return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
