/// The last so many values of something that has no end, and how many there were.
///
/// Memory grows with the values up to the limit and is used again from then on.
public struct RecentValues<Value: Hashable & Sendable>: Hashable, Sendable {
  /// How many are kept.
  public let limit: Int
  /// How many there ever were.
  public private(set) var total = 0

  private var values: [Value] = []
  /// Where the oldest one stands once all room is taken.
  private var start = 0

  /// None yet, with room for `limit`, at least one.
  public init(limit: Int) {
    precondition(limit > 0, "there must be room for a value")
    self.limit = limit
  }

  /// How many there are.
  public var count: Int { values.count }
  /// How many were dropped to make room.
  public var dropped: Int { total - values.count }

  /// The value at `place`, 0 for the oldest that is kept.
  public subscript(place: Int) -> Value {
    get { values[index(place)] }
    set { values[index(place)] = newValue }
  }

  /// The newest one.
  public var last: Value? { values.isEmpty ? nil : self[count - 1] }

  /// Adds one, and drops the oldest when there is no room left.
  public mutating func append(_ value: Value) {
    total += 1
    guard values.count == limit else { return values.append(value) }
    values[start] = value
    start = start + 1 == limit ? 0 : start + 1
  }

  /// Those that are kept of what came after the first `count` of all, oldest first.
  public func values(after count: Int = 0) -> [Value] {
    let first = max(count - dropped, 0)
    return first < values.count ? (first..<values.count).map { self[$0] } : []
  }

  private func index(_ place: Int) -> Int {
    precondition(place >= 0 && place < values.count, "there is no value at \(place)")
    let index = start + place
    return index < values.count ? index : index - values.count
  }
}
