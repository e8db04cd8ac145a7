/// What kind of value a field has: what it can be compared with, and how such a value is written.
public enum FieldType: Hashable, Sendable {
  /// Yes or no, as 1 or 0.
  case boolean
  /// A number without a sign, of so many bits.
  case unsigned(Int)
  /// The number of a packet.
  case frameNumber
  case ipv4, ipv6
  /// A link-layer address of six octets.
  case ether
  /// A point in time.
  case absoluteTime
  /// A length of time, in seconds.
  case relativeTime
  case string
  /// Any octets.
  case bytes
  /// It is there or it is not, and has no value.
  case label
  /// A protocol: all octets from its header on.
  case `protocol`
}

extension FieldType {
  /// A short name, for lists.
  public var keyword: String {
    switch self {
    case .boolean: "boolean"
    case .unsigned(let bits): "uint\(bits)"
    case .frameNumber: "frame"
    case .ipv4: "ipv4"
    case .ipv6: "ipv6"
    case .ether: "ether"
    case .absoluteTime: "time"
    case .relativeTime: "seconds"
    case .string: "text"
    case .bytes: "octets"
    case .label: "label"
    case .protocol: "protocol"
    }
  }
}

extension FieldType: CustomStringConvertible {
  /// The name that tshark gives it.
  public var description: String {
    switch self {
    case .boolean: "Boolean"
    case .unsigned(let bits):
      bits == 8 ? "Unsigned integer (1 byte)" : "Unsigned integer (\(bits / 8) bytes)"
    case .frameNumber: "Frame number"
    case .ipv4: "IPv4 address"
    case .ipv6: "IPv6 address"
    case .ether: "Ethernet or other MAC address"
    case .absoluteTime: "Date and time"
    case .relativeTime: "Time offset"
    case .string: "Character string"
    case .bytes: "Byte sequence"
    case .label: "Label"
    case .protocol: "Protocol"
    }
  }
}
