/// A JSON value as it was read. Numbers keep their text, objects their order.
public enum StrictJSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([StrictJSON])
  case object([Field])

  /// A name and its value.
  public struct Field: Hashable, Sendable {
    /// As it reads without its escapes.
    public var name: String
    /// What stands behind the colon.
    public var value: StrictJSON

    /// A field from its parts.
    public init(_ name: String, _ value: StrictJSON) { (self.name, self.value) = (name, value) }
  }

  /// The text is no JSON.
  public struct Malformed: Error, Hashable {
    /// Where, in Unicode scalars.
    public var offset: Int

    /// An error at a place.
    public init(offset: Int) { self.offset = offset }
  }

  /// Reads one value and nothing else, by the grammar of RFC 8259 without any leniency.
  public init(_ text: String) throws(Malformed) {
    var reader = Reader(scalars: Array(text.unicodeScalars))
    self = try reader.value()
    if reader.place != reader.scalars.count { throw reader.malformed }
  }

  /// The value of an object's field, if there is one.
  public subscript(_ name: String) -> StrictJSON? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }
}

private struct Reader {
  let scalars: [Unicode.Scalar]
  var place = 0

  var malformed: StrictJSON.Malformed { StrictJSON.Malformed(offset: place) }
  var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  mutating func take(_ expected: Unicode.Scalar) -> Bool {
    guard next == expected else { return false }
    place += 1
    return true
  }

  mutating func word(_ word: String, _ value: StrictJSON) throws(StrictJSON.Malformed) -> StrictJSON
  {
    for scalar in word.unicodeScalars where !take(scalar) { throw malformed }
    return value
  }

  mutating func value() throws(StrictJSON.Malformed) -> StrictJSON {
    switch next {
    case "n": return try word("null", .null)
    case "t": return try word("true", .bool(true))
    case "f": return try word("false", .bool(false))
    case "\"": return .string(try string())
    case "[":
      return .array(
        try list("[", "]") { reader throws(StrictJSON.Malformed) in try reader.value() })
    case "{":
      return .object(
        try list("{", "}") { reader throws(StrictJSON.Malformed) in
          let name = try reader.string()
          guard reader.take(":") else { throw reader.malformed }
          return StrictJSON.Field(name, try reader.value())
        })
    default: return .number(try number())
    }
  }

  mutating func list<Element>(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ element: (inout Reader) throws(StrictJSON.Malformed) -> Element
  ) throws(StrictJSON.Malformed) -> [Element] {
    guard take(open) else { throw malformed }
    if take(close) { return [] }
    var elements = [try element(&self)]
    while take(",") { elements.append(try element(&self)) }
    guard take(close) else { throw malformed }
    return elements
  }

  mutating func digits() throws(StrictJSON.Malformed) -> String {
    var digits = ""
    while let digit = next, ("0"..."9").contains(digit) {
      digits.unicodeScalars.append(digit)
      place += 1
    }
    guard !digits.isEmpty else { throw malformed }
    return digits
  }

  mutating func number() throws(StrictJSON.Malformed) -> String {
    var text = take("-") ? "-" : ""
    let whole = try digits()
    guard whole == "0" || whole.first != "0" else { throw malformed }
    text += whole
    if take(".") { text += "." + (try digits()) }
    if take("e") || take("E") {
      text += "e" + (take("-") ? "-" : take("+") ? "+" : "") + (try digits())
    }
    return text
  }

  mutating func string() throws(StrictJSON.Malformed) -> String {
    guard take("\"") else { throw malformed }
    var units: [UInt16] = []
    while let scalar = next, scalar != "\"" {
      guard scalar.value >= 0x20 else { throw malformed }
      place += 1
      if scalar == "\\" {
        units.append(try escape())
      } else {
        units += Array(String(scalar).utf16)
      }
    }
    guard take("\"") else { throw malformed }
    guard let text = String(validating: units, as: UTF16.self) else { throw malformed }
    return text
  }

  mutating func escape() throws(StrictJSON.Malformed) -> UInt16 {
    let simple: [Unicode.Scalar: UInt16] = [
      "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
    ]
    guard let letter = next else { throw malformed }
    place += 1
    if let unit = simple[letter] { return unit }
    guard letter == "u", place + 4 <= scalars.count else { throw malformed }
    let digits = String(String.UnicodeScalarView(scalars[place..<place + 4]))
    guard let unit = UInt16(digits, radix: 16), digits.utf8.allSatisfy({ $0 != 0x2b }) else {
      throw malformed
    }
    place += 4
    return unit
  }
}
