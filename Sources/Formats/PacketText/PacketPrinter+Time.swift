public import PacketWire

extension PacketPrinter {
  /// Appends the time of a packet as the options ask, with a blank behind it.
  @inline(__always)
  mutating func appendTimestamp(_ time: WallInstant, into out: inout TextBuffer) {
    // Few packets are in another second than the packet before.
    guard options.timestamp == .timeOfDay, options.precision == .microseconds, second.contains(time)
    else { return appendAnyTimestamp(time, into: &out) }
    let nanoseconds = UInt32(truncatingIfNeeded: second.nanoseconds(to: time))
    let start = out.begin(upTo: 16)
    out.put(second.text, at: start)
    out.put(TextBuffer.decimals(ofMicroseconds: nanoseconds / 1000), at: start &+ 8)
    out.end(at: start &+ 16)
  }

  @inline(never)
  private mutating func appendAnyTimestamp(_ time: WallInstant, into out: inout TextBuffer) {
    switch options.timestamp {
    case .none: return
    case .epoch:
      let (second, rest) = Self.floorDivide(time.nanoseconds, by: 1_000_000_000)
      out.append(decimal: second)
      Self.append(decimals: rest, options.precision, into: &out)
    case .timeOfDay, .dateAndTime:
      if !second.contains(time) { second = localSecond(at: time) }
      if options.timestamp == .dateAndTime { Self.appendDate(ofSecond: second.number, into: &out) }
      out.append(word: second.text, count: 8)
      Self.append(decimals: second.nanoseconds(to: time), options.precision, into: &out)
    case .sincePrevious, .sinceFirst:
      appendTime(since: referenceTime ?? time, to: time, into: &out)
      if options.timestamp == .sincePrevious || referenceTime == nil { referenceTime = time }
    }
  }

  /// Both ends are cut to the precision first, so that the printed times add up.
  private func appendTime(
    since reference: WallInstant, to time: WallInstant, into out: inout TextBuffer
  ) {
    let unit: Int64 = options.precision == .microseconds ? 1000 : 1
    let from = Self.floorDivide(reference.nanoseconds, by: unit).quotient
    let to = Self.floorDivide(time.nanoseconds, by: unit).quotient
    out.append(octet: to < from ? 0x2d : 0x20)
    let perSecond = 1_000_000_000 / unit
    let difference = to < from ? from &- to : to &- from
    appendClock(difference / perSecond, into: &out)
    Self.append(decimals: difference % perSecond &* unit, options.precision, into: &out)
  }

  private mutating func localSecond(at time: WallInstant) -> LocalSecond {
    let (second, rest) = Self.floorDivide(time.nanoseconds, by: 1_000_000_000)
    let number = second &+ offset(at: time)
    return LocalSecond(
      start: time.nanoseconds &- rest, number: number,
      text: Self.clockText(ofSecond: Self.floorDivide(number, by: 86400).remainder))
  }

  /// The zone is asked once a quarter of an hour: a look-up a second is a look at its file a second.
  private mutating func offset(at time: WallInstant) -> Int64 {
    guard let secondsEastOfUTC else { return 0 }
    let quarter = Self.floorDivide(time.nanoseconds, by: 900_000_000_000).quotient
    if let zone, zone.quarter == quarter { return zone.offset }
    let offset = Int64(secondsEastOfUTC(time))
    zone = (quarter, offset)
    return offset
  }

  /// Appends a point, the decimals of a second and a blank.
  @inline(__always)
  private static func append(
    decimals nanoseconds: Int64, _ precision: PacketTextOptions.Precision,
    into out: inout TextBuffer
  ) {
    let value = UInt32(truncatingIfNeeded: nanoseconds)
    switch precision {
    case .microseconds:
      out.append(word: TextBuffer.decimals(ofMicroseconds: value / 1000), count: 8)
    case .nanoseconds: appendNanoseconds(value, into: &out)
    }
  }

  @inline(never)
  private static func appendNanoseconds(_ count: UInt32, into out: inout TextBuffer) {
    out.append(octet: 0x2e)
    out.append(padded: count, digits: 9)
    out.append(octet: 0x20)
  }

  /// Hours go on past 24 in a length of time.
  private func appendClock(_ seconds: Int64, into out: inout TextBuffer) {
    // What the two digits of the hours cannot hold stands before them.
    let hundreds = seconds / 360_000
    if hundreds > 0 { out.append(decimal: hundreds) }
    out.append(word: Self.clockText(ofSecond: seconds % 360_000), count: 8)
  }

  /// `HH:MM:SS` in a word, the first octet lowest; of less than a hundred hours.
  private static func clockText(ofSecond second: Int64) -> UInt64 {
    func pair(_ value: Int64) -> UInt64 {
      UInt64(0x30 &+ value / 10) | UInt64(0x30 &+ value % 10) << 8
    }
    let colons: UInt64 = 0x3a << 16 | 0x3a << 40
    return pair(second / 3600) | pair(second % 3600 / 60) << 24 | pair(second % 60) << 48 | colons
  }

  /// Appends the date and time of day in UTC, `2017-06-19T14:12:09Z`.
  func appendUTC(_ second: Int64, into out: inout TextBuffer) {
    Self.appendDate(ofSecond: second, into: &out)
    out.truncate(to: out.count &- 1)
    out.append(octet: 0x54)
    appendClock(Self.floorDivide(second, by: 86400).remainder, into: &out)
    out.append(octet: 0x5a)
  }

  /// The date in the Gregorian calendar, by counting in eras of 400 years, each of which has 146 097
  /// days, from 1 March 0000 on: the leap day is then the last day of its year.
  fileprivate static func appendDate(ofSecond second: Int64, into out: inout TextBuffer) {
    let day = floorDivide(second, by: 86400).quotient &+ 719_468
    let (era, dayOfEra) = floorDivide(day, by: 146_097)
    let yearOfEra =
      (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let monthFromMarch = (5 &* dayOfYear &+ 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch &+ 3 : monthFromMarch &- 9
    let year = yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0)
    let dayOfMonth = dayOfYear &- (153 &* monthFromMarch &+ 2) / 5 &+ 1
    out.append(padded: UInt32(truncatingIfNeeded: year), digits: 4)
    out.append(octet: 0x2d)
    out.append(padded: UInt32(truncatingIfNeeded: month), digits: 2)
    out.append(octet: 0x2d)
    out.append(padded: UInt32(truncatingIfNeeded: dayOfMonth), digits: 2)
    out.append(octet: 0x20)
  }

  /// Rounded down, so that the remainder of a time before 1970 is not negative.
  fileprivate static func floorDivide(
    _ value: Int64, by divisor: Int64
  ) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient &- 1, remainder &+ divisor) : (quotient, remainder)
  }
}

/// A second of local time, and how it is written.
struct LocalSecond {
  /// When it begins, in nanoseconds since 1970; nil of no second.
  var start: Int64?
  /// Counted from 1970 in local time.
  var number: Int64 = 0
  /// `HH:MM:SS` with the first octet lowest.
  var text: UInt64 = 0

  func contains(_ time: WallInstant) -> Bool {
    guard let start, time.nanoseconds >= start else { return false }
    return UInt64(bitPattern: nanoseconds(to: time)) < 1_000_000_000
  }

  func nanoseconds(to time: WallInstant) -> Int64 { time.nanoseconds &- (start ?? 0) }
}

extension TextBuffer {
  /// Appends a date and time of day of a zone that is so many seconds ahead of UTC, as ISO 8601 has it:
  /// `2017-06-19T16:12:09+0200`.
  public mutating func append(dateAndTime instant: WallInstant, secondsEastOfUTC offset: Int) {
    let second =
      PacketPrinter.floorDivide(instant.nanoseconds, by: 1_000_000_000).quotient + Int64(offset)
    PacketPrinter.appendDate(ofSecond: second, into: &self)
    truncate(to: count - 1)
    append(octet: 0x54)
    append(timeOfDay: instant, secondsEastOfUTC: offset)
    append(offset < 0 ? "-" : "+")
    let minutes = UInt32(offset.magnitude / 60)
    append(padded: minutes / 60, digits: 2)
    append(padded: minutes % 60, digits: 2)
  }

  /// Appends a time of day: `16:12:09`.
  public mutating func append(timeOfDay instant: WallInstant, secondsEastOfUTC offset: Int) {
    let second =
      PacketPrinter.floorDivide(instant.nanoseconds, by: 1_000_000_000).quotient + Int64(offset)
    let time = UInt32(PacketPrinter.floorDivide(second, by: 86_400).remainder)
    for (place, part) in [time / 3_600, time / 60 % 60, time % 60].enumerated() {
      if place > 0 { append(octet: 0x3a) }
      append(padded: part, digits: 2)
    }
  }
}
