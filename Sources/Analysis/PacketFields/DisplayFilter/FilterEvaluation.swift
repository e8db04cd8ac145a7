import PacketText
import PacketWire

/// Asks one packet what a filter asks. Fields are read when they are needed, and once.
struct FilterEvaluation: ~Copyable {
  private let filter: DisplayFilter
  /// The values of the filter's fields, as far as they were read.
  private var cells: [FieldCell?]
  /// Functions of fields write here what they would write into a table: nothing.
  private var text = TextBuffer(capacity: 0)

  init(_ filter: DisplayFilter) {
    self.filter = filter
    cells = Array(repeating: nil, count: filter.fields.count)
  }

  /// The packet that was walked passes the filter.
  mutating func matches(_ walk: borrowing FieldWalk, _ packet: FieldPacket, _ octets: Span<UInt8>)
    -> Bool
  {
    for place in cells.indices { cells[place] = nil }
    return holds(filter.test, walk, packet, octets)
  }

  private mutating func holds(
    _ test: FilterTest, _ walk: borrowing FieldWalk, _ packet: FieldPacket, _ octets: Span<UInt8>
  ) -> Bool {
    switch test {
    case .exists(let place): return read(place, walk, packet, octets).count > 0
    case .not(let test): return !holds(test, walk, packet, octets)
    case .and(let tests):
      for test in tests where !holds(test, walk, packet, octets) { return false }
      return true
    case .or(let tests):
      for test in tests where holds(test, walk, packet, octets) { return true }
      return false
    case .xor(let tests):
      var isOdd = false
      for test in tests where holds(test, walk, packet, octets) { isOdd.toggle() }
      return isOdd
    case .compare(let left, let comparison, let right, let all):
      let (left, right) = (values(left, walk, packet, octets), values(right, walk, packet, octets))
      guard !left.isEmpty, !right.isEmpty else { return false }
      return Self.compare(left, right, all: all) { $0.order($1).map(comparison.holds) ?? false }
    case .contains(let left, let right, let all):
      let (left, right) = (values(left, walk, packet, octets), values(right, walk, packet, octets))
      guard !left.isEmpty, !right.isEmpty else { return false }
      return Self.compare(left, right, all: all) { value, wanted in
        guard let octets = value.octets, let wanted = wanted.octets else { return false }
        return octets.span.holds(wanted.span)
      }
    case .matches(let operand, let pattern, let all):
      let values = values(operand, walk, packet, octets)
      guard !values.isEmpty else { return false }
      func isFound(_ value: FieldValue) -> Bool {
        value.octets.map { pattern.isFound(in: $0.span) } ?? false
      }
      return all ? values.allSatisfy(isFound) : values.contains(where: isFound)
    case .isIn(let operand, let ranges, let all):
      return isIn(operand, ranges, all: all, walk, packet, octets)
    case .isThere(let operand, let isNumber):
      let values = values(operand, walk, packet, octets)
      return isNumber ? values.contains { !$0.isZero } : !values.isEmpty
    }
  }

  private static func compare(
    _ left: [FieldValue], _ right: [FieldValue], all: Bool,
    _ holds: (FieldValue, FieldValue) -> Bool
  ) -> Bool {
    for one in left {
      for two in right where holds(one, two) != all { return !all }
    }
    return all
  }

  private mutating func isIn(
    _ operand: FilterOperand, _ ranges: [FilterRange], all: Bool, _ walk: borrowing FieldWalk,
    _ packet: FieldPacket, _ octets: Span<UInt8>
  ) -> Bool {
    let values = values(operand, walk, packet, octets)
    guard !values.isEmpty else { return false }
    for value in values {
      var isFound = false
      for range in ranges where !isFound {
        let from = self.values(range.from, walk, packet, octets)
        let to = self.values(range.to, walk, packet, octets)
        isFound =
          from.contains { value.order($0).map { $0 >= 0 } ?? false }
          && to.contains { value.order($0).map { $0 <= 0 } ?? false }
      }
      if isFound != all { return !all }
    }
    return all
  }

  /// The values of an operand, in the order in which they stand in the packet.
  private mutating func values(
    _ operand: FilterOperand, _ walk: borrowing FieldWalk, _ packet: FieldPacket,
    _ octets: Span<UInt8>
  ) -> [FieldValue] {
    switch operand {
    case .constant(let value): return [value]
    case .field(let place): return read(place, walk, packet, octets).values
    case .slice(let inner, let slices):
      return values(inner, walk, packet, octets).compactMap { $0.slice(slices) }
    case .arithmetic(let left, let operation, let right):
      let (left, right) = (values(left, walk, packet, octets), values(right, walk, packet, octets))
      return left.flatMap { one in right.compactMap { operation.result(one, $0) } }
    case .function(.count, let arguments):
      guard case .field(let place)? = arguments.first else { return [] }
      let count = read(place, walk, packet, octets).count
      return count > 0 ? [.number(count)] : []
    case .function(let function, let arguments):
      var values: [FieldValue] = []
      for argument in arguments { values += self.values(argument, walk, packet, octets) }
      return function.results(values)
    }
  }

  private mutating func read(
    _ place: Int, _ walk: borrowing FieldWalk, _ packet: FieldPacket, _ octets: Span<UInt8>
  ) -> FieldCell {
    if let known = cells[place] { return known }
    let field = filter.fields[place]
    var cell = FieldCell(field.needsValues ? .values : .count)
    walk.read(field.field, in: field.layers, packet, octets, &cell, &text)
    cells[place] = cell
    return cell
  }
}

extension Span<UInt8> {
  /// These octets stand somewhere in it; nothing does not.
  fileprivate func holds(_ wanted: Span<UInt8>) -> Bool {
    guard wanted.count > 0, wanted.count <= count else { return false }
    for start in 0...(count &- wanted.count) where self[start] == wanted[0] {
      var length = 1
      while length < wanted.count, self[start &+ length] == wanted[length] { length &+= 1 }
      if length == wanted.count { return true }
    }
    return false
  }
}
