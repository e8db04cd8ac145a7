import PacketWire

extension WallInstant {
  /// Reads a date in any of the three forms that there are (RFC 9110 §5.6.7); nil for anything else.
  ///
  ///     Sun, 06 Nov 1994 08:49:37 GMT
  ///     Sunday, 06-Nov-94 08:49:37 GMT
  ///     Sun Nov  6 08:49:37 1994
  ///
  /// Two digits of a year mean the last one that is not more than 50 years ahead of `now`.
  init?(httpDate text: String, now: WallInstant) {
    var words = text.split { $0 == " " || $0 == "," }.map { String($0) }
    if words.count == 4, words[1].contains("-") {
      words = [words[0]] + words[1].split(separator: "-").map { String($0) } + words[2...]
    }
    // The weekday says nothing that the rest does not.
    guard !words.isEmpty else { return nil }
    words.removeFirst()
    let (day, month, year, clock): (String, String, String, String)
    switch words.count {
    case 5 where words[4] == "GMT":
      (day, month, year, clock) = (words[0], words[1], words[2], words[3])
    case 4: (month, day, clock, year) = (words[0], words[1], words[2], words[3])
    default: return nil
    }
    let times = clock.split(separator: ":").map { Self.number(String($0), in: 0...60) }
    guard let month = Self.monthNames.firstIndex(of: month),
      let day = Self.number(day, in: 1...31), var year = Self.number(year, in: 0...9999),
      times.count == 3, let hour = times[0], let minute = times[1], let second = times[2],
      hour < 24,
      minute < 60
    else { return nil }
    if year < 100 {
      let last = Self.year(of: now) + 50
      year += last - last % 100
      if year > last { year -= 100 }
    }
    let days = Self.days(toYear: year, month: month + 1, day: day)
    let seconds = Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    guard !overflow else { return nil }
    self.init(nanoseconds: nanoseconds)
  }

  private static func number(_ text: String, in range: ClosedRange<Int>) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text).flatMap { range.contains($0) ? $0 : nil }
  }

  private static func year(of instant: WallInstant) -> Int {
    Int(instant.httpDate.split(separator: " ")[3]) ?? 1970
  }

  /// The days from 1970-01-01 to a Gregorian date, by 400-year eras that begin on the first of March.
  private static func days(toYear year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
