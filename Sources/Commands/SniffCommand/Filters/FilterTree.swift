/// What a filter expression asks for: its parts, each in plain words.
///
/// It is read as pcap-filter(7) says: `and` and `or` bind alike, from left to right; a word without
/// qualifiers takes those of the word before.
indirect enum FilterTree: Hashable {
  /// One thing that holds or not.
  case test(String)
  /// The opposite.
  case not(FilterTree)
  /// All of these.
  case all([FilterTree])
  /// At least one of these.
  case any([FilterTree])

  /// Reads an expression that libpcap has compiled; nil for what is not understood here.
  init?(_ expression: String) {
    var reader = FilterReader(FilterWords.split(expression))
    guard let tree = reader.expression(), reader.isAtEnd else { return nil }
    self = tree
  }

  /// Lines with two spaces for each level.
  func lines(indent: Int = 1) -> [String] {
    let margin = String(repeating: "  ", count: indent)
    switch self {
    case .test(let words): return [margin + words]
    case .not(.test(let words)): return [margin + "not: " + words]
    case .not(let tree): return [margin + "none of this:"] + tree.lines(indent: indent + 1)
    case .all(let trees):
      return [margin + "all of:"] + trees.flatMap { $0.lines(indent: indent + 1) }
    case .any(let trees):
      return [margin + "one of:"] + trees.flatMap { $0.lines(indent: indent + 1) }
    }
  }
}

/// Reads the words of an expression.
struct FilterReader {
  /// What a word without qualifiers takes over.
  struct Qualifiers: Hashable {
    var proto: String?
    var direction: String?
    var kind: String?
    var isEmpty: Bool { self == Qualifiers() }
  }

  private static let depthLimit = 64

  private let words: [String]
  private var index = 0
  private var depth = 0
  private var latest = Qualifiers()

  init(_ words: [String]) { self.words = words }

  var isAtEnd: Bool { index == words.count }

  private var next: String { index < words.count ? words[index] : "" }
  private var following: String { index + 1 < words.count ? words[index + 1] : "" }

  mutating func expression() -> FilterTree? {
    guard var tree = term() else { return nil }
    while ["and", "&&", "or", "||"].contains(next) {
      let isAnd = next.hasPrefix("a") || next == "&&"
      index += 1
      guard let right = term() else { return nil }
      tree = isAnd ? tree.and(right) : tree.or(right)
    }
    return tree
  }

  private mutating func term() -> FilterTree? {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthLimit else { return nil }
    if next == "not" || next == "!" {
      index += 1
      return term().map { .not($0) }
    }
    if let relation = relation() { return relation }
    if next == "(" {
      index += 1
      guard let tree = expression(), next == ")" else { return nil }
      index += 1
      // In brackets it is one thing, whatever follows.
      return tree
    }
    return primitive()
  }

  private mutating func primitive() -> FilterTree? {
    var found = Qualifiers()
    if FilterPhrases.protocols[next] != nil {
      found.proto = next
      index += 1
    }
    if next == "src" || next == "dst" {
      found.direction = next
      if ["or", "and"].contains(following), index + 2 < words.count,
        ["src", "dst"].contains(words[index + 2]), words[index + 2] != next
      {
        found.direction = following == "or" ? nil : "both"
        index += 2
      }
      index += 1
    }
    if FilterPhrases.kinds.contains(next) {
      found.kind = next
      index += 1
    }
    if found.isEmpty, let alone = single() { return .test(alone) }
    if found.kind == nil, ["broadcast", "multicast"].contains(next) {
      index += 1
      return .test(FilterPhrases.group(words[index - 1], found.proto))
    }
    guard isValue(next) else {
      // A protocol on its own.
      guard let proto = found.proto, found.kind == nil, found.direction == nil else { return nil }
      latest = found
      return FilterPhrases.protocols[proto].map { .test($0) }
    }
    if found.isEmpty { found = latest } else { latest = found }
    var value = next
    index += 1
    if next == "mask", !following.isEmpty {
      value += " mask \(following)"
      index += 2
    }
    return .test(FilterPhrases.words(found, value))
  }

  /// What has no value or one number.
  private mutating func single() -> String? {
    let word = next
    guard FilterPhrases.singles.contains(word) else { return nil }
    index += 1
    var value: String?
    if isValue(next), Int(next) != nil || ["less", "greater", "ifname"].contains(word) {
      value = next
      index += 1
    }
    return FilterPhrases.single(word, value)
  }

  private func isValue(_ word: String) -> Bool {
    !word.isEmpty && ![")", "(", "and", "or", "&&", "||", "not", "!"].contains(word)
  }

  /// Numbers that are compared, as they stand: `tcp[13] & 2 != 0`.
  private mutating func relation() -> FilterTree? {
    var (end, level, comparison) = (index, 0, false)
    loop: while end < words.count {
      switch words[end] {
      case "(", "[": level += 1
      case ")", "]":
        if level == 0 { break loop }
        level -= 1
      case "and", "or", "&&", "||", "not": break loop
      case "=", "==", "!=", "<", ">", "<=", ">=": if level == 0 { comparison = true }
      default: break
      }
      end += 1
    }
    guard comparison, level == 0 else { return nil }
    let text = FilterPhrases.relation(Array(words[index..<end]))
    index = end
    return .test(text)
  }
}

extension FilterTree {
  fileprivate func and(_ other: FilterTree) -> FilterTree {
    if case .all(let trees) = self { return .all(trees + [other]) }
    return .all([self, other])
  }

  fileprivate func or(_ other: FilterTree) -> FilterTree {
    if case .any(let trees) = self { return .any(trees + [other]) }
    return .any([self, other])
  }
}
