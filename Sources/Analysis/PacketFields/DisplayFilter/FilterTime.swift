import PacketWire

/// Times as a filter writes them.
enum FilterTime {
  /// A length of time in nanoseconds: seconds with at most nine decimals.
  static func seconds(_ word: String) -> Int64? {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = number(parts[0]), whole < 1 << 33 else { return nil }
    guard parts.count == 2 else { return whole * 1_000_000_000 }
    return fraction(parts[1]).map { whole * 1_000_000_000 + $0 }
  }

  /// A point in time in nanoseconds since 1970: a date as in "2026-11-22" or "Nov 22, 2026", the time
  /// of day behind it, and a zone; without one it is local time.
  static func instant(_ text: String, _ secondsEastOfUTC: (WallInstant) -> Int) -> Int64? {
    var words = text.split(whereSeparator: { $0 == " " }).map { String($0) }
    // ISO 8601 has the letter T between date and time.
    if let first = words.first, let letter = first.firstIndex(of: "T") {
      let date = String(first[..<letter])
      if date.contains("-") {
        words[0...0] = [date, String(first[first.index(after: letter)...])]
      }
    }
    guard let days = date(&words) else { return nil }
    var zone: Int?
    if words.last == "UTC" {
      zone = 0
      words.removeLast()
    }
    guard words.count <= 1 else { return nil }
    var timeOfDay: Int64 = 0
    if let clock = words.first {
      let (time, offset) = split(clock)
      if let offset {
        guard zone == nil, let seconds = zoneOffset(offset) else { return nil }
        zone = seconds
      }
      guard let read = nanoseconds(time) else { return nil }
      timeOfDay = read
    }
    let plain = days * 86_400_000_000_000 + timeOfDay
    let offset = zone ?? secondsEastOfUTC(WallInstant(nanoseconds: plain))
    return plain - Int64(offset) * 1_000_000_000
  }

  /// The days since 1970 of the date in front.
  private static func date(_ words: inout [String]) -> Int64? {
    guard let first = words.first else { return nil }
    if first.contains("-") {
      let parts = first.split(separator: "-").map { number($0) }
      guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else {
        return nil
      }
      words.removeFirst()
      return days(year, month, day)
    }
    guard words.count >= 3, let month = months.firstIndex(of: first), words[1].hasSuffix(","),
      let day = number(words[1].dropLast()), let year = number(words[2][...])
    else { return nil }
    words.removeFirst(3)
    return days(year, Int64(month + 1), day)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// The days from 1 January 1970 to a date of the Gregorian calendar. Years are counted from March, so
  /// that the leap day is the last one.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
    guard (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day) else {
      return nil
    }
    let shifted = month > 2 ? year : year - 1
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  /// Time of day and zone.
  private static func split(_ clock: String) -> (Substring, Substring?) {
    guard let sign = clock.firstIndex(where: { "Z+-".contains($0) }) else {
      return (clock[...], nil)
    }
    return (clock[..<sign], clock[sign...])
  }

  /// Seconds east of UTC: `Z`, or a sign with hours and minutes.
  private static func zoneOffset(_ text: Substring) -> Int? {
    if text == "Z" { return 0 }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard digits.utf8.count == 4, let number = number(digits[...]) else { return nil }
    let seconds = Int(number / 100 * 3600 + number % 100 * 60)
    return text.first == "-" ? -seconds : seconds
  }

  /// Hours, minutes, seconds and a fraction; what is missing at the end is zero.
  private static func nanoseconds(_ text: Substring) -> Int64? {
    let halves = text.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { return nil }
    let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false).map { number($0) }
    guard (2...3).contains(parts.count), let hours = parts[0], hours < 24, let minutes = parts[1],
      minutes < 60
    else { return nil }
    var seconds: Int64 = 0
    if parts.count == 3 {
      guard let read = parts[2], read < 61 else { return nil }
      seconds = read
    }
    let nanoseconds = halves.count == 2 ? fraction(halves[1]) : 0
    return nanoseconds.map { ((hours * 60 + minutes) * 60 + seconds) * 1_000_000_000 + $0 }
  }

  private static func fraction(_ digits: Substring) -> Int64? {
    guard (1...9).contains(digits.utf8.count), let number = number(digits) else { return nil }
    return (digits.utf8.count..<9).reduce(number) { number, _ in number * 10 }
  }

  /// Digits and nothing else, not so many that they are too much.
  private static func number(_ digits: Substring) -> Int64? {
    guard (1...10).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int64(digits)
  }
}
