import LinuxSystem
import PacketWire

/// Files that follow each other, by the rules of tcpdump's -C, -G and -W: when one is full, and what
/// the next is called.
struct FileSeries: Hashable, Sendable {
  /// What becomes of the file before the next packet is written.
  enum Step: Hashable {
    /// It goes on.
    case stay
    /// It is closed, and another one begun.
    case next
    /// It is closed, and was the last.
    case end
  }

  /// Which file it is; all that a name depends on beside the pattern.
  struct Place: Hashable, Sendable {
    /// Files since the start of the period; begins again where there is a limit.
    var number: Int
    /// When the period began.
    var start: WallInstant
  }

  private static let second: Int64 = 1_000_000_000

  private let pattern: String
  private let fileSize: Int?
  /// How many files there are, if that is limited.
  let fileCount: Int?
  private let period: Int?
  /// The file that is written.
  private(set) var place: Place
  private var periods = 0

  init(_ pattern: String, fileSize: Int?, fileCount: Int?, period: Int?, start: WallInstant) {
    (self.pattern, self.fileSize, self.fileCount, self.period) =
      (pattern, fileSize, fileCount, period)
    place = Place(number: 0, start: start)
  }

  /// What becomes of a file of `length` octets. tcpdump looks before each packet, so that a file is
  /// longer than its limit by the packet that crosses it. Periods are counted in whole seconds.
  mutating func step(length: Int, at now: WallInstant) -> Step {
    var step = Step.stay
    if let period, seconds(now) - seconds(place.start) >= period {
      periods += 1
      if fileSize == nil, let fileCount, periods >= fileCount { return .end }
      place = Place(number: 0, start: now)
      step = .next
    } else if let fileSize, length > fileSize {
      place.number += 1
      if let fileCount, place.number >= fileCount { place.number = 0 }
      step = .next
    }
    return step
  }

  /// When the series is over although no packet comes; nil where it has no last file.
  var end: WallInstant? {
    guard let period, fileSize == nil, let fileCount, periods == fileCount - 1 else { return nil }
    return WallInstant(nanoseconds: (seconds(place.start) &+ Int64(period)) &* Self.second)
  }

  private func seconds(_ instant: WallInstant) -> Int64 { instant.nanoseconds / Self.second }

  /// The name of a file. With a limit numbers have as many digits as the last one.
  func name(of place: Place) -> String {
    let stem = period == nil ? pattern : LocalTime.text(pattern, at: place.start)
    guard fileSize != nil else { return stem }
    let width = fileCount.map { $0 == 1 ? 0 : "\($0 - 1)".utf8.count } ?? 0
    if place.number == 0, width == 0 { return stem }
    let digits = "\(place.number)"
    return stem + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
