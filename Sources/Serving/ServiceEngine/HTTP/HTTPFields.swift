/// The header fields of a message (RFC 9110 §5), in their order.
public struct HTTPFields: Hashable, Sendable {
  /// More than these are too many.
  static let maximumCount = 100

  private struct Field: Hashable, Sendable {
    /// In lower case, for case does not count.
    let name: String
    /// Without the blanks around it.
    let value: String
  }

  private var fields: [Field] = []

  /// No fields.
  init() {}

  /// Reads lines up to an empty one. Throws the status to answer with.
  init(_ lines: ArraySlice<ArraySlice<UInt8>>) throws(HTTPStatus) {
    for line in lines {
      let line = line.withoutCarriageReturn
      if line.isEmpty { return }
      guard fields.count < Self.maximumCount else { throw .headTooLarge }
      // A name, a colon without blanks before it, a value without control characters; no folding
      // (RFC 9112 §5.1, §5.2).
      guard let colon = line.firstIndex(of: 0x3a), colon > line.startIndex,
        line[..<colon].allSatisfy(\.isHTTPTokenOctet),
        line[colon...].allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 })
      else { throw .badRequest }
      fields.append(
        Field(
          name: String(decoding: line[..<colon], as: UTF8.self).lowercased(),
          value: String(decoding: line[(colon + 1)...].withoutBlanks, as: UTF8.self)))
    }
  }

  /// The value of the field of that name (in lower case), of several joined by commas
  /// (RFC 9110 §5.3).
  public subscript(name: String) -> String? {
    let values = fields.lazy.filter { $0.name == name }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }

  /// How many fields of that name (in lower case) there are.
  func count(of name: String) -> Int { fields.count { $0.name == name } }

  /// The elements of a list field in lower case, without empty ones (RFC 9110 §5.6.1).
  func list(_ name: String) -> [String] {
    (self[name] ?? "").lowercased().split(separator: ",").map { $0.withoutBlanks }
      .filter { !$0.isEmpty }
  }
}

extension ArraySlice<UInt8> {
  /// Without the carriage return before the line feed, which may lack (RFC 9112 §2.2).
  var withoutCarriageReturn: ArraySlice<UInt8> { last == 0x0d ? dropLast() : self }

  /// Without blanks and tabs at both ends.
  fileprivate var withoutBlanks: ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    var middle = drop(while: isBlank)
    while let last = middle.last, isBlank(last) { middle = middle.dropLast() }
    return middle
  }
}

extension Substring {
  /// Without blanks and tabs at both ends.
  var withoutBlanks: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    var middle = drop(while: isBlank)
    while let last = middle.last, isBlank(last) { middle = middle.dropLast() }
    return String(middle)
  }
}

extension UInt8 {
  /// May stand in a method or a field name (RFC 9110 §5.6.2).
  var isHTTPTokenOctet: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}
