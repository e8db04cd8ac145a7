/// Which content coding a client would like best (RFC 9110 §12.5.3).
enum HTTPCoding {
  case identity
  case gzip

  /// Of the two that there are here, by an Accept-Encoding field.
  init(accepted field: String?) {
    guard let field else {
      self = .identity
      return
    }
    var weights: [String: Int] = [:]
    for element in field.lowercased().split(separator: ",") {
      let parts = element.split(separator: ";").map { $0.withoutBlanks }
      guard let name = parts.first, !name.isEmpty else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }
      weights[name == "x-gzip" ? "gzip" : name] =
        weight.map { Self.weight($0.dropFirst(2)) } ?? 1000
    }
    let gzip = weights["gzip"] ?? weights["*"] ?? 0
    // What is not named is acceptable, though not wished for.
    let identity = weights["identity"] ?? weights["*"] ?? 1
    self = gzip > 0 && gzip >= identity ? .gzip : .identity
  }

  /// Of `0`, `1` and up to three digits behind a point, in thousandths; nothing else counts at all.
  static func weight(_ text: Substring) -> Int {
    let digits = Array(text.utf8)
    guard let first = digits.first, first == 0x30 || first == 0x31, digits.count <= 5,
      digits.count == 1 || digits[1] == 0x2e,
      digits.dropFirst(2).allSatisfy({ (0x30...0x39).contains($0) })
    else { return 0 }
    var weight = Int(first - 0x30) * 1000
    for (place, digit) in zip([100, 10, 1], digits.dropFirst(2)) {
      weight += place * Int(digit - 0x30)
    }
    return weight <= 1000 ? weight : 0
  }
}
