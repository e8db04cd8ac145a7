/// The parts of a resource that a Range field asks for (RFC 9110 §14.1.2, §14.2).
enum HTTPRange: Hashable {
  /// The field is not there, or is to be passed over.
  case whole
  /// In the order in which they were asked for; none is empty.
  case parts([Range<Int>])
  /// None of them exists.
  case unsatisfiable

  /// More parts than these are no use to anybody but an attacker (§17.15).
  private static let maximumParts = 16

  /// Reads a field for a resource of `length` octets. What is not understood is passed over, and so
  /// are parts that together are more than the whole.
  init(_ field: String?, length: Int) {
    self = .whole
    guard let field, field.lowercased().hasPrefix("bytes=") else { return }
    let specifiers = field.dropFirst(6).split(separator: ",").map { $0.withoutBlanks }
      .filter { !$0.isEmpty }
    guard (1...Self.maximumParts).contains(specifiers.count) else { return }
    var parts: [Range<Int>] = []
    for specifier in specifiers {
      guard let (first, last) = Self.numbers(specifier) else { return }
      switch (first, last) {
      case (let first?, let last):
        guard last.map({ $0 >= first }) ?? true else { return }
        if first < length { parts.append(first..<min(last ?? .max, length - 1) + 1) }
      case (nil, let suffix?):
        if suffix > 0, length > 0 { parts.append(max(length - suffix, 0)..<length) }
      case (nil, nil): return
      }
    }
    guard !parts.isEmpty else {
      self = .unsatisfiable
      return
    }
    var total = 0
    for part in parts {
      guard part.count <= length - total else { return }
      total += part.count
    }
    self = .parts(parts)
  }

  /// The numbers before and behind the dash; nil where it is no such thing.
  private static func numbers(_ text: String) -> (first: Int?, last: Int?)? {
    let pieces = text.split(separator: "-", omittingEmptySubsequences: false)
    guard pieces.count == 2,
      pieces.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
    else { return nil }
    // Numbers too long for an integer are behind the end of everything.
    let numbers = pieces.map { $0.isEmpty ? nil : Int($0) ?? Int.max }
    return (numbers[0], numbers[1])
  }
}
