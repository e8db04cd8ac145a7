public import PacketWire

/// Says one thing as soon as there is a connection, and ends it. What the client says is thrown away,
/// as the daytime protocol wants it (RFC 867).
public struct AnnouncementService: StreamService {
  /// What is to be sent.
  public private(set) var output: [UInt8]

  /// A connection on which this is said.
  public init(_ text: String) { output = Array(text.utf8) }

  /// There is only this one thing to say.
  public var isClosing: Bool { true }

  /// Throws it away.
  public mutating func receive(_: ArraySlice<UInt8>, at _: WallInstant) {}

  /// The first `count` octets of the output have been sent.
  public mutating func hasSent(_ count: Int) { output.removeFirst(count) }
}

extension AnnouncementService {
  /// Says what time it is: one line, as RFC 867 has it, in the format of ISO 8601 and RFC 3339, which
  /// people and programs of all countries can read: "2026-11-21T13:25:07Z".
  public init(time: WallInstant) { self.init(time.iso8601 + "\r\n") }
}

extension WallInstant {
  /// "2026-11-21T13:25:07Z", a fraction of a second dropped (RFC 3339 §5.6).
  public var iso8601: String {
    let second = Int(nanoseconds.quotientFloor(1_000_000_000))
    let day = second.quotientFloor(86_400)
    let (year, month, dayOfMonth) = Self.civilDate(day)
    let time = second - day * 86_400
    let clock = [time / 3600, time / 60 % 60, time % 60].map { Self.twoDigits($0) }
    return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(dayOfMonth))T"
      + clock.joined(separator: ":") + "Z"
  }
}
