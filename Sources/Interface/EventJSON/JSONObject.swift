public import PacketText

/// The vocabulary of events that all tools print: one JSON object a line (docs/OUTPUT.md).
public enum EventSchema {
  /// The value of `schema` in each event. The number grows when a field changes its meaning.
  public static let name = "wirewalk/1"
}

extension TextBuffer {
  /// Appends one event without ending its line: `{"schema":"wirewalk/1","event":NAME`, the fields, `}`.
  /// The name is ours: `ping.reply`.
  public mutating func appendEvent(_ name: String, _ fields: (inout JSONObject) -> Void) {
    var object = JSONObject(self)
    object.field("schema", EventSchema.name)
    object.field("event", name)
    fields(&object)
    self = object.end()
  }

  /// Appends an object that is no event, without ending its line.
  public mutating func appendObject(_ fields: (inout JSONObject) -> Void) {
    var object = JSONObject(self)
    fields(&object)
    self = object.end()
  }
}

/// An object that is being written.
public struct JSONObject: ~Copyable {
  @usableFromInline var text: TextBuffer
  @usableFromInline var isEmpty = true

  init(_ text: consuming TextBuffer) {
    self.text = text
    self.text.append(octet: 0x7b)
  }

  /// Goes on after an element that was lent the text.
  private init(continuing text: consuming TextBuffer) {
    self.text = text
    isEmpty = false
  }

  consuming func end() -> TextBuffer {
    text.append(octet: 0x7d)
    return text
  }

  @usableFromInline
  mutating func begin(_ name: String) {
    if !isEmpty { text.append(octet: 0x2c) }
    isEmpty = false
    text.append(octet: 0x22)
    text.append(name)
    text.append(octet: 0x22)
    text.append(octet: 0x3a)
  }

  /// Adds a scalar. Names are ours, and of letters, digits, `_` and `.` only; those of times end in
  /// `_ns`.
  @inlinable
  public mutating func field<Value: JSONValue>(_ name: String, _ value: Value) {
    begin(name)
    value.appendJSON(to: &text)
  }

  /// Adds a string from octets, such as a name from a packet.
  public mutating func field(_ name: String, utf8 octets: Span<UInt8>) {
    begin(name)
    text.append(jsonString: octets)
  }

  /// Adds octets as a string of lower-case hex digits.
  public mutating func field(_ name: String, hex octets: Span<UInt8>) {
    begin(name)
    text.append(octet: 0x22)
    for index in octets.indices { text.append(hex: octets[index]) }
    text.append(octet: 0x22)
  }

  /// Adds `value` ÷ 10^`places` (0 to 18) as a number with all its decimals: percentages, say.
  public mutating func field(_ name: String, fixedPoint value: Int64, places: Int) {
    begin(name)
    text.append(fixedPoint: value, places: places)
  }

  /// Adds a field that is known to have no value.
  public mutating func null(_ name: String) {
    begin(name)
    text.append("null")
  }

  /// Adds an object.
  public mutating func object(_ name: String, _ fields: (inout JSONObject) -> Void) {
    begin(name)
    var object = JSONObject(text)
    fields(&object)
    self = JSONObject(continuing: object.end())
  }

  /// Adds an array.
  public mutating func array(_ name: String, _ elements: (inout JSONArray) -> Void) {
    begin(name)
    var array = JSONArray(text)
    elements(&array)
    self = JSONObject(continuing: array.end())
  }
}
