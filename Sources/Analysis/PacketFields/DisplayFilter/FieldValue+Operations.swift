import PacketText
import PacketWire

extension FieldValue {
  /// It has no bit that is one.
  var isZero: Bool {
    switch self {
    case .number(let number): number == 0
    case .time(let time): time == 0
    default: octets?.allSatisfy { $0 == 0 } ?? false
    }
  }

  /// Parts of its own octets behind each other, if all of them are there.
  func slice(_ slices: [FilterSlice]) -> FieldValue? {
    guard let octets else { return nil }
    let own = min(length, octets.count)
    var taken: [UInt8] = []
    for slice in slices {
      guard let range = slice.range(of: own) else { return nil }
      taken += octets[range]
    }
    return .octets(taken)
  }
}

extension FilterArithmetic {
  /// The result; none where it is no number, or too large for one.
  func result(_ left: FieldValue, _ right: FieldValue) -> FieldValue? {
    switch (left, right) {
    case (.number(let one), .number(let two)): result(one, two).map { .number($0) }
    case (.time(let one), .time(let two)): result(Int(one), Int(two)).map { .time(Int64($0)) }
    default: self == .bitwiseAnd ? masked(left, right) : nil
    }
  }

  private func result(_ one: Int, _ two: Int) -> Int? {
    let (result, isTooLarge) =
      switch self {
      case .add: one.addingReportingOverflow(two)
      case .subtract: one.subtractingReportingOverflow(two)
      case .multiply: one.multipliedReportingOverflow(by: two)
      case .divide: one.dividedReportingOverflow(by: two)
      case .modulo: one.remainderReportingOverflow(dividingBy: two)
      case .bitwiseAnd: (one & two, false)
      }
    return isTooLarge ? nil : result
  }

  private func masked(_ left: FieldValue, _ right: FieldValue) -> FieldValue? {
    switch (left, right) {
    case (.ipv4(let one, _), .ipv4(let two, _)):
      return .ipv4(IPv4Address(bits: one.bits & two.bits), length: 32)
    case (.ipv6(let one, _), .ipv6(let two, _)):
      return .ipv6(IPv6Address(bits: one.bits & two.bits), length: 128)
    default:
      guard let one = left.octets, let two = right.octets, one.count == two.count else {
        return nil
      }
      return .octets(zip(one, two).map { $0 & $1 })
    }
  }
}

extension FilterFunction {
  /// The results for the values of all arguments.
  func results(_ values: [FieldValue]) -> [FieldValue] {
    switch self {
    case .count: []
    case .len: values.map { .number($0.length) }
    case .lower: values.map { $0.mapped { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 } }
    case .upper: values.map { $0.mapped { 0x61...0x7a ~= $0 ? $0 & 0xdf : $0 } }
    case .string: values.map { .octets($0.text) }
    case .max: values.first.map { [values.reduce($0) { ($1.order($0) ?? 0) > 0 ? $1 : $0 }] } ?? []
    case .min: values.first.map { [values.reduce($0) { ($1.order($0) ?? 0) < 0 ? $1 : $0 }] } ?? []
    case .abs: values.map(\.magnitude)
    }
  }
}

extension FieldValue {
  fileprivate func mapped(_ body: (UInt8) -> UInt8) -> FieldValue {
    .octets((octets ?? []).map(body))
  }

  fileprivate var magnitude: FieldValue {
    switch self {
    case .number(let number): .number(number == .min ? .max : abs(number))
    case .time(let time): .time(time == .min ? .max : abs(time))
    default: self
    }
  }

  /// Numbers in decimal, addresses as they are written.
  fileprivate var text: [UInt8] {
    var out = TextBuffer(capacity: 0)
    switch self {
    case .number(let number): out.append(decimal: number)
    case .time(let time): out.append(fixedPoint: time, places: 9)
    case .ipv4(let address, _): out.append(address)
    case .ipv6(let address, _): out.append(address)
    case .octets(let octets), .protocolOctets(let octets, _):
      guard octets.count == 6 else { return octets }
      out.append(MACAddress(bits: octets.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
    }
    return out.octets
  }
}
