/// A time of a certificate's validity, in UTC (RFC 5280 §4.1.2.5). It is kept as the calendar says it:
/// "99991231235959Z", which means without end, is too late for a count of nanoseconds.
public struct X509Time: Hashable, Sendable, Comparable {
  /// Four digits.
  public var year: Int
  /// From 1 to 12.
  public var month: Int
  /// From 1 to 31.
  public var day: Int
  /// From 0 to 23.
  public var hour: Int
  /// From 0 to 59.
  public var minute: Int
  /// From 0 to 59.
  public var second: Int

  /// A time from its fields.
  public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second) = (hour, minute, second)
  }

  /// Earlier is less.
  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day, left.hour, left.minute, left.second)
      < (right.year, right.month, right.day, right.hour, right.minute, right.second)
  }

  /// Reads a UTCTime with two digits of the year, which up to 49 are of this century (RFC 5280
  /// §4.1.2.5.1), or a GeneralizedTime with four.
  init(parsing reader: inout PacketReader) throws(PacketError) {
    let start = reader.offset
    let isShort = reader.nextTag == DERTag.utcTime
    let text = try reader.element(isShort ? DERTag.utcTime : DERTag.generalizedTime).remaining
    let digits = isShort ? 12 : 14
    guard text.count == digits + 1, text[digits] == UInt8(ascii: "Z") else {
      throw PacketError(.x509, at: start, .badHeaderLength(text.count))
    }
    var numbers: [Int] = []
    for place in stride(from: 0, to: digits, by: 2) {
      let (tens, ones) = (Int(text[place]) - 0x30, Int(text[place + 1]) - 0x30)
      guard (0...9).contains(tens), (0...9).contains(ones) else {
        throw PacketError(.x509, at: start, .unsupported(UInt32(text.u16(at: place))))
      }
      numbers.append(tens * 10 + ones)
    }
    let century = isShort ? (numbers[0] < 50 ? 20 : 19) : numbers.removeFirst()
    self.init(
      year: century * 100 + numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3],
      minute: numbers[4], second: numbers[5])
    let isDate = (1...12).contains(month) && (1...31).contains(day)
    guard isDate, hour < 24, minute < 60, second < 60 else {
      throw PacketError(.x509, at: start, .unsupported(UInt32(text.u16(at: 0))))
    }
  }
}

extension X509Time: CustomStringConvertible {
  /// As in "2026-11-21T09:50:41Z" (RFC 3339).
  public var description: String {
    let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    return
      "\(date)T\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
