import PacketWire

/// One value of a field, as a filter compares it.
enum FieldValue: Hashable, Sendable {
  /// A number, a frame's number, or a boolean as 1 or 0.
  case number(Int)
  /// A time in nanoseconds: since 1970, or a length of it.
  case time(Int64)
  /// An address, or those that have the first `length` bits of it.
  case ipv4(IPv4Address, length: Int)
  case ipv6(IPv6Address, length: Int)
  /// Octets of any kind; of text its own.
  case octets([UInt8])
  /// The octets from a protocol's header on, of which `count` are its own.
  case protocolOctets([UInt8], count: Int)

  /// What it is made of, where slices and searches can be made in it; `nil` for numbers and times.
  var octets: [UInt8]? {
    switch self {
    case .number, .time: nil
    case .ipv4(let address, _):
      (0..<4).map { UInt8(truncatingIfNeeded: address.bits >> (24 - 8 * $0)) }
    case .ipv6(let address, _):
      (0..<16).map { UInt8(truncatingIfNeeded: address.bits >> UInt128(120 - 8 * $0)) }
    case .octets(let octets): octets
    case .protocolOctets(let octets, _): octets
    }
  }

  /// How many octets it has of its own; what `len()` says.
  var length: Int {
    switch self {
    case .number, .time: 8
    case .ipv4: 4
    case .ipv6: 16
    case .octets(let octets): octets.count
    case .protocolOctets(_, let count): count
    }
  }

  /// Its own octets: of a protocol those of the header only.
  private var own: ArraySlice<UInt8>? { octets.map { $0.prefix(length) } }

  /// -1, 0 or 1 as it is less than, equal to or greater than another value of its kind. Of addresses
  /// only the bits count that both have.
  func order(_ other: FieldValue) -> Int? {
    switch (self, other) {
    case (.number(let one), .number(let two)): return Self.sign(one, two)
    case (.time(let one), .time(let two)): return Self.sign(one, two)
    case (.ipv4(let one, let length), .ipv4(let two, let otherLength)):
      let mask: UInt32 = ~(UInt32.max >> UInt32(min(length, otherLength)))
      return Self.sign(one.bits & mask, two.bits & mask)
    case (.ipv6(let one, let length), .ipv6(let two, let otherLength)):
      let mask: UInt128 = ~(UInt128.max >> UInt128(min(length, otherLength)))
      return Self.sign(one.bits & mask, two.bits & mask)
    default:
      guard let one = own, let two = other.own else { return nil }
      for (first, second) in zip(one, two) where first != second { return first < second ? -1 : 1 }
      return Self.sign(one.count, two.count)
    }
  }

  private static func sign<Value: Comparable>(_ one: Value, _ two: Value) -> Int {
    one < two ? -1 : one == two ? 0 : 1
  }
}
