public import PacketText
public import PacketWire

/// A value that is one JSON scalar (RFC 8259 §3).
public protocol JSONValue {
  /// Appends the value's text.
  func appendJSON(to text: inout TextBuffer)
}

extension FixedWidthInteger {
  /// Appends all digits. Readers that hold numbers as doubles are exact up to 2^53 (RFC 8259 §6).
  @inlinable
  public func appendJSON(to text: inout TextBuffer) { text.append(decimal: self) }
}

extension Int: JSONValue {}
extension Int8: JSONValue {}
extension Int16: JSONValue {}
extension Int32: JSONValue {}
extension Int64: JSONValue {}
extension UInt: JSONValue {}
extension UInt8: JSONValue {}
extension UInt16: JSONValue {}
extension UInt32: JSONValue {}
extension UInt64: JSONValue {}

extension Bool: JSONValue {
  /// Appends `true` or `false`.
  public func appendJSON(to text: inout TextBuffer) { text.append(self ? "true" : "false") }
}

extension Double: JSONValue {
  /// Appends the shortest digits that read back as the same number; JSON has no text for what is not
  /// finite, so that is `null`.
  public func appendJSON(to text: inout TextBuffer) { text.append(isFinite ? description : "null") }
}

extension String: JSONValue {
  /// Appends the text as a JSON string.
  public func appendJSON(to text: inout TextBuffer) { text.append(jsonString: utf8.span) }
}

extension Nanoseconds: JSONValue {
  /// Appends the number of nanoseconds.
  public func appendJSON(to text: inout TextBuffer) { text.append(decimal: count) }
}

extension WallInstant: JSONValue {
  /// Appends the number of nanoseconds since 1970-01-01T00:00:00Z.
  public func appendJSON(to text: inout TextBuffer) { text.append(decimal: nanoseconds) }
}

extension IPAddress: JSONValue {
  /// Appends the address as a string.
  public func appendJSON(to text: inout TextBuffer) {
    text.append(octet: 0x22)
    text.append(self)
    text.append(octet: 0x22)
  }
}

extension MACAddress: JSONValue {
  /// Appends the address as a string.
  public func appendJSON(to text: inout TextBuffer) {
    text.append(octet: 0x22)
    text.append(self)
    text.append(octet: 0x22)
  }
}

extension Optional: JSONValue where Wrapped: JSONValue {
  /// Appends the value, or `null` where there is none.
  @inlinable
  public func appendJSON(to text: inout TextBuffer) {
    if let self { self.appendJSON(to: &text) } else { text.append("null") }
  }
}
