import PacketWire

extension WallInstant {
  /// The date as HTTP writes it, such as "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
  var httpDate: String {
    let second = Int(nanoseconds.quotientFloor(1_000_000_000))
    let day = second.quotientFloor(86_400)
    let (year, month, dayOfMonth) = Self.civilDate(day)
    let time = second - day * 86_400
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][day - day.quotientFloor(7) * 7]
    let monthName = Self.monthNames[month - 1]
    let clock = [time / 3600, time / 60 % 60, time % 60].map { Self.twoDigits($0) }
    return "\(weekday), \(Self.twoDigits(dayOfMonth)) \(monthName) \(year) "
      + clock.joined(separator: ":") + " GMT"
  }

  /// The second that it lies in, since 1970.
  var wholeSecond: Int64 { nanoseconds.quotientFloor(1_000_000_000) }

  static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }

  /// The Gregorian date of a day counted from 1970-01-01, by whole 400-year eras that begin on the
  /// first of March, so that the leap day is the last of its year.
  static func civilDate(_ day: Int) -> (year: Int, month: Int, day: Int) {
    let sinceMarch0 = day + 719_468
    let era = sinceMarch0.quotientFloor(146_097)
    let dayOfEra = sinceMarch0 - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }
}

extension BinaryInteger where Self: SignedNumeric {
  /// Division that rounds down, for times before 1970.
  func quotientFloor(_ divisor: Self) -> Self {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
