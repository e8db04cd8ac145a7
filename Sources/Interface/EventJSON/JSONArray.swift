public import PacketText

/// An array that is being written.
public struct JSONArray: ~Copyable {
  @usableFromInline var text: TextBuffer
  @usableFromInline var isEmpty = true

  init(_ text: consuming TextBuffer) {
    self.text = text
    self.text.append(octet: 0x5b)
  }

  /// Goes on after an element that was lent the text.
  private init(continuing text: consuming TextBuffer) {
    self.text = text
    isEmpty = false
  }

  consuming func end() -> TextBuffer {
    text.append(octet: 0x5d)
    return text
  }

  @usableFromInline
  mutating func begin() {
    if !isEmpty { text.append(octet: 0x2c) }
    isEmpty = false
  }

  /// Adds a scalar.
  @inlinable
  public mutating func element<Value: JSONValue>(_ value: Value) {
    begin()
    value.appendJSON(to: &text)
  }

  /// Adds a string from octets.
  public mutating func element(utf8 octets: Span<UInt8>) {
    begin()
    text.append(jsonString: octets)
  }

  /// Adds an object.
  public mutating func object(_ fields: (inout JSONObject) -> Void) {
    begin()
    var object = JSONObject(text)
    fields(&object)
    self = JSONArray(continuing: object.end())
  }

  /// Adds an array.
  public mutating func array(_ elements: (inout JSONArray) -> Void) {
    begin()
    var array = JSONArray(text)
    elements(&array)
    self = JSONArray(continuing: array.end())
  }
}
