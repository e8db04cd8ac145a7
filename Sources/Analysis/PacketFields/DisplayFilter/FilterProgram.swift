/// What is asked of a packet.
indirect enum FilterTest: Sendable {
  /// The field at that place of the filter's is there.
  case exists(Int)
  case not(FilterTest)
  case and([FilterTest])
  case or([FilterTest])
  /// An odd number of them holds.
  case xor([FilterTest])
  /// A pair of their values, or every one of them, stands so to each other.
  case compare(FilterOperand, FilterComparison, FilterOperand, all: Bool)
  case contains(FilterOperand, FilterOperand, all: Bool)
  case matches(FilterOperand, any TextPattern, all: Bool)
  /// A value, or every one, is in one of these ranges.
  case isIn(FilterOperand, [FilterRange], all: Bool)
  /// There is a value, and one that is not all zeros if `isNumber`.
  case isThere(FilterOperand, isNumber: Bool)
}

/// How two values stand to each other.
enum FilterComparison: Sendable {
  case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual

  func holds(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .greater: order > 0
    case .less: order < 0
    case .greaterOrEqual: order >= 0
    case .lessOrEqual: order <= 0
    }
  }
}

/// From one value to another, which may be the same.
struct FilterRange: Sendable {
  var from: FilterOperand
  var to: FilterOperand
}

/// What has values.
indirect enum FilterOperand: Sendable {
  case constant(FieldValue)
  /// The field at that place of the filter's.
  case field(Int)
  case slice(FilterOperand, [FilterSlice])
  case function(FilterFunction, [FilterOperand])
  case arithmetic(FilterOperand, FilterArithmetic, FilterOperand)
}

/// A part of a value's octets. Places below 0 count from the end.
struct FilterSlice: Hashable, Sendable {
  enum End: Hashable, Sendable {
    /// So many octets.
    case length(Int)
    /// The last octet.
    case through(Int)
    case end
  }

  var start: Int
  var end: End

  /// The octets of that many, if all that is asked for is there.
  func range(of count: Int) -> Range<Int>? {
    let first = start < 0 ? start + count : start
    let last: Int
    switch end {
    case .length(let length): last = first + length
    case .through(let place): last = (place < 0 ? place + count : place) + 1
    case .end: last = count
    }
    return first >= 0 && first < last && last <= count ? first..<last : nil
  }
}

extension FilterSlice {
  /// The layer of that number, from 1, is one of those meant when there are `count` of them.
  func includes(layer number: Int, of count: Int) -> Bool {
    let first = start < 0 ? start + count + 1 : start
    switch end {
    case .length(let length): return number >= first && number < first + length
    case .through(let last):
      return number >= first && number <= (last < 0 ? last + count + 1 : last)
    case .end: return number >= first
    }
  }
}

enum FilterArithmetic: String, Sendable {
  case add = "+", subtract = "-", multiply = "*", divide = "/", modulo = "%", bitwiseAnd = "&"
}

enum FilterFunction: String, Sendable, CaseIterable {
  case len, count, lower, upper, string, max, min, abs
}

/// A field that a filter asks for.
struct FilterField: Sendable {
  var field: PacketField
  /// The layers of its protocol that count, from 1; empty for all.
  var layers: [FilterSlice]
  /// The values are needed, and not only whether there are any.
  var needsValues: Bool
}

/// A regular expression, ready for use. This module calls no library; who makes a filter hands one in.
public protocol TextPattern: Sendable {
  /// It is found in the octets.
  func isFound(in octets: Span<UInt8>) -> Bool
  /// How many searches were given up, since they would have taken too long.
  var gaveUpCount: Int { get }
}
