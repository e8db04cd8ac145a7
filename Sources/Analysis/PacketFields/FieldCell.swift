import PacketText
import PacketWire

/// The cell that is being written: it puts a `|` between the values of one packet.
struct FieldCell {
  /// How many values stand in it.
  private(set) var count = 0

  /// Begins a value.
  mutating func begin(_ out: inout TextBuffer) {
    if count > 0 { out.append(octet: 0x7c) }
    count &+= 1
  }

  /// Appends a value in decimal.
  mutating func append<Number: FixedWidthInteger>(decimal value: Number, _ out: inout TextBuffer) {
    begin(&out)
    out.append(decimal: value)
  }

  /// Appends a value as `0x` and all its hex digits.
  mutating func append(hex value: UInt16, _ out: inout TextBuffer) {
    begin(&out)
    out.append("0x")
    out.append(hex: value)
  }

  /// Appends a time in seconds with nine decimals.
  mutating func append(seconds time: Nanoseconds, _ out: inout TextBuffer) {
    begin(&out)
    out.append(fixedPoint: time.count, places: 9)
  }
}
