/// A comment that a program reads: a keyword, a version, and facts `name=value` with blanks between.
///
/// Octets of a value that are no printable ASCII, and blanks, `%` and `=`, are written as `%XX`. Names
/// that a reader does not know are none of its business, so that later versions can add some.
struct EvidenceLine: Hashable {
  /// What is written, and the newest version that is read.
  static let version = 1

  var keyword: String
  var facts: [EvidenceFact]

  /// The facts' first value of that name.
  subscript(name: String) -> String? { facts.first { $0.name == name }?.value }

  init(_ keyword: String, _ facts: [EvidenceFact] = []) {
    (self.keyword, self.facts) = (keyword, facts)
  }

  /// Reads a comment; `nil` when it is no such line, or one of a version that is not known.
  init?(_ comment: String, keyword: String) {
    let words = comment.split(separator: " ", omittingEmptySubsequences: true)
    guard words.count >= 2, words[0] == keyword, Int(words[1]) == Self.version else { return nil }
    var facts: [EvidenceFact] = []
    for word in words.dropFirst(2) {
      guard let place = word.firstIndex(of: "="),
        let value = Self.unescaped(word[word.index(after: place)...])
      else { return nil }
      facts.append(EvidenceFact(String(word[..<place]), value))
    }
    self.init(keyword, facts)
  }

  mutating func add(_ name: String, _ value: some CustomStringConvertible) {
    facts.append(EvidenceFact(name, value.description))
  }

  mutating func add(_ name: String, ifKnown value: (some CustomStringConvertible)?) {
    if let value { add(name, value) }
  }

  var text: String {
    facts.reduce("\(keyword) \(Self.version)") { text, fact in
      "\(text) \(Self.escaped(fact.name))=\(Self.escaped(fact.value))"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for octet in text.utf8 {
      if (0x21...0x7e).contains(octet), octet != 0x25, octet != 0x3d {
        result.unicodeScalars.append(Unicode.Scalar(octet))
      } else {
        result += "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
      }
    }
    return result
  }

  private static func unescaped(_ text: Substring) -> String? {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      guard octet == 0x25 else {
        octets.append(octet)
        continue
      }
      guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit)
      else { return nil }
      octets.append(high << 4 | low)
    }
    return String(validating: octets, as: UTF8.self)
  }

  private static func digit(_ octet: UInt8) -> UInt8? {
    switch octet {
    case 0x30...0x39: octet - 0x30
    case 0x61...0x66: octet - 0x57
    case 0x41...0x46: octet - 0x37
    default: nil
    }
  }
}

/// Something that a session's file says of it.
public struct EvidenceFact: Hashable, Sendable {
  /// One word of ASCII letters, digits and `-`.
  public var name: String
  /// Any text.
  public var value: String

  /// A fact.
  public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}
