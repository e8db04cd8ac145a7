import PacketWire

/// Texts, each kept once, by the number that it got when it first came.
struct OctetPool: Sendable {
  /// All texts, one behind the other.
  private var octets: [UInt8] = []
  /// Where each text begins, and at last where the next one will.
  private var starts: [UInt32] = [0]
  /// A hash table with open places: numbers of texts, or `none`.
  private var places = [UInt32](repeating: Self.none, count: 1 << 10)

  private static let none = UInt32.max
  /// So many places are looked at. Whoever makes texts that all hash alike gets some of them twice, and
  /// no table that takes for ever.
  private static let maximumSteps = 32

  /// How many octets all texts have together.
  var octetCount: Int { octets.count }
  /// How many texts there are.
  var count: Int { starts.count - 1 }

  subscript(number: UInt32) -> ArraySlice<UInt8> {
    octets[Int(starts[Int(number)])..<Int(starts[Int(number) + 1])]
  }

  /// The number of a text, which is kept if it is new. All together may have 4 GiB.
  mutating func number(of text: Span<UInt8>) -> UInt32 {
    if count >= places.count / 2 { grow() }
    var place = Int(truncatingIfNeeded: Self.hash(text)) & (places.count - 1)
    for _ in 0..<Self.maximumSteps {
      guard places[place] != Self.none else { break }
      if isSame(places[place], text) { return places[place] }
      place = (place + 1) & (places.count - 1)
    }
    let number = UInt32(count)
    if places[place] == Self.none { places[place] = number }
    for index in text.indices { octets.append(text[index]) }
    starts.append(UInt32(octets.count))
    return number
  }

  /// Lets go of what only `number(of:)` needs.
  mutating func finish() { places = [] }

  private func isSame(_ number: UInt32, _ text: Span<UInt8>) -> Bool {
    let start = Int(starts[Int(number)])
    guard Int(starts[Int(number) + 1]) - start == text.count else { return false }
    for index in text.indices where octets[start + index] != text[index] { return false }
    return true
  }

  private mutating func grow() {
    var places = [UInt32](repeating: Self.none, count: places.count * 2)
    for number in 0..<UInt32(count) {
      let text = octets.span.extracting(
        Int(starts[Int(number)])..<Int(starts[Int(number) + 1]))
      var place = Int(truncatingIfNeeded: Self.hash(text)) & (places.count - 1)
      for _ in 0..<Self.maximumSteps {
        guard places[place] != Self.none else { break }
        place = (place + 1) & (places.count - 1)
      }
      if places[place] == Self.none { places[place] = number }
    }
    self.places = places
  }

  /// Fowler, Noll and Vo's hash, variant 1a (draft-eastlake-fnv), its upper half folded in.
  private static func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in text.indices { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
    return hash ^ hash >> 32
  }
}
