public import PacketWire
import PacketText

/// Numbers as users type them. The same text means the same number in every locale, and text that is
/// only half a number is none: `0,5` is not 0, `5s` is not 5, `1e3` and `nan` are refused.
public enum NumberText {
  /// A whole number in decimal digits, with `-` before it where the range has negative numbers.
  public static func integer<Value: FixedWidthInteger>(
    _ text: String, in range: ClosedRange<Value>
  ) throws(UsageError) -> Value {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard isDigits(digits), let value = Value(text), range.contains(value) else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return value
  }

  /// A whole number in decimal, or in hexadecimal behind `0x`.
  public static func number<Value: FixedWidthInteger>(
    _ text: String, in range: ClosedRange<Value>
  ) throws(UsageError) -> Value {
    guard text.hasPrefix("0x") else { return try integer(text, in: range) }
    let digits = text.dropFirst(2)
    // A sign would be read as well.
    guard digits.allSatisfy(\.isHexDigit), let value = Value(digits, radix: 16),
      range.contains(value)
    else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not a number from \(range.lowerBound) to "
          + "\(range.upperBound), in decimal or as 0x10")
    }
    return value
  }

  /// Seconds in decimal digits with at most nine of them behind a point.
  public static func seconds(
    _ text: String, in range: ClosedRange<Nanoseconds>
  ) throws(UsageError) -> Nanoseconds {
    guard let value = nanoseconds(text), range.contains(value) else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not a number of seconds from "
          + "\(secondsText(range.lowerBound)) to \(secondsText(range.upperBound)), such as 0.5 or 2"
      )
    }
    return value
  }

  /// A number in decimal digits, with a point if need be.
  public static func decimal(
    _ text: String, in range: ClosedRange<Double>
  ) throws(UsageError) -> Double {
    guard parts(text) != nil, let value = Double(text), range.contains(value) else {
      throw UsageError(
        "\(UsageError.quoted(text)) is not a number from \(trimmed("\(range.lowerBound)")) to "
          + "\(trimmed("\(range.upperBound)")), such as 0.5 or 2")
    }
    return value
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// The digits before and behind the point; one of the two may be empty.
  private static func parts(_ text: String) -> (whole: Substring, fraction: Substring)? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard isDigits(parts[0] + fraction) else { return nil }
    return (parts[0], fraction)
  }

  /// The exact number of nanoseconds, if it is one that fits.
  private static func nanoseconds(_ text: String) -> Nanoseconds? {
    guard let (whole, fraction) = parts(text), fraction.utf8.count <= 9 else { return nil }
    let padded = whole + fraction + String(repeating: "0", count: 9 - fraction.utf8.count)
    return Int64(padded).map { Nanoseconds($0) }
  }

  private static func secondsText(_ time: Nanoseconds) -> String {
    var buffer = TextBuffer(capacity: 0)
    buffer.append(time, in: .seconds, decimals: 9)
    return trimmed(buffer.string)
  }

  /// Without the zeros behind the point that say nothing.
  private static func trimmed(_ number: String) -> String {
    guard number.contains("."), !number.contains("e") else { return number }
    let digits = number.reversed().drop { $0 == "0" }
    return String((digits.first == "." ? digits.dropFirst() : digits[...]).reversed())
  }
}
