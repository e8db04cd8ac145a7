/// What can be asked of values of a type; as tshark has it.
extension FieldType {
  /// It can be added to.
  var isNumeric: Bool {
    switch self {
    case .unsigned, .frameNumber, .relativeTime: true
    default: false
    }
  }

  /// `&` can be done with it.
  var hasBits: Bool {
    switch self {
    case .unsigned, .frameNumber, .ipv4, .ipv6, .ether, .bytes: true
    default: false
    }
  }

  /// It can be searched in.
  var hasOctets: Bool {
    switch self {
    case .string, .bytes, .ether, .protocol: true
    default: false
    }
  }

  /// Parts can be taken of it.
  var hasSlices: Bool { hasOctets || self == .ipv4 || self == .ipv6 }

  /// `string()` makes text of it.
  var becomesText: Bool {
    switch self {
    case .unsigned, .frameNumber, .ipv4, .ipv6, .ether: true
    default: false
    }
  }

  /// Values of both types can be compared with each other.
  func isComparable(to other: FieldType) -> Bool { kind == other.kind }

  private enum Kind { case number, time, date, ipv4, ipv6, octets, text, label }

  private var kind: Kind {
    switch self {
    case .boolean, .unsigned, .frameNumber: .number
    case .relativeTime: .time
    case .absoluteTime: .date
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    case .ether, .bytes, .protocol: .octets
    case .string: .text
    case .label: .label
    }
  }
}
