import PacketText
import PacketWire

/// Takes the values of one field of one packet. It makes a cell of a table of them, with a `|` between
/// the values; or keeps them for a filter; or counts them only.
struct FieldCell {
  /// What the values are for.
  enum Purpose { case table, values, count }

  /// How many values there are.
  private(set) var count = 0
  /// The values, where they are kept.
  private(set) var values: [FieldValue] = []
  private let purpose: Purpose

  init(_ purpose: Purpose = .table) { self.purpose = purpose }

  /// Begins a value; says where it is to go.
  @inline(__always)
  private mutating func begin(_ out: inout TextBuffer) -> Purpose {
    if case .table = purpose, count > 0 { out.append(octet: 0x7c) }
    count &+= 1
    return purpose
  }

  /// Appends a value in decimal.
  mutating func append<Number: FixedWidthInteger>(decimal value: Number, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(decimal: value)
    case .values: values.append(.number(Int(truncatingIfNeeded: value)))
    case .count: break
    }
  }

  /// Appends a value as `0x` and so many hex digits: 2, 4 or 8.
  mutating func append(hex value: UInt32, digits: Int, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table:
      out.append("0x")
      switch digits {
      case 2: out.append(hex: UInt8(truncatingIfNeeded: value))
      case 4: out.append(hex: UInt16(truncatingIfNeeded: value))
      default: out.append(hex: value)
      }
    case .values: values.append(.number(Int(value)))
    case .count: break
    }
  }

  /// Appends a value as `0x` and four hex digits.
  mutating func append(hex value: UInt16, _ out: inout TextBuffer) {
    append(hex: UInt32(value), digits: 4, &out)
  }

  /// Appends a time in seconds with nine decimals.
  mutating func append(seconds time: Nanoseconds, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(fixedPoint: time.count, places: 9)
    case .values: values.append(.time(time.count))
    case .count: break
    }
  }

  /// Appends a point in time, in UTC.
  mutating func append(date time: WallInstant, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table:
      out.append(dateAndTime: time, secondsEastOfUTC: 0)
      // Its zone stands behind the fraction.
      out.truncate(to: out.count &- 5)
      let second = (time.nanoseconds % 1_000_000_000 + 1_000_000_000) % 1_000_000_000
      out.append(".")
      let digits = String(1_000_000_000 + second).dropFirst()
      out.append(String(digits))
      out.append("Z")
    case .values: values.append(.time(time.nanoseconds))
    case .count: break
    }
  }

  mutating func append(_ address: MACAddress, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(address)
    case .values:
      values.append(
        .octets((0..<6).map { UInt8(truncatingIfNeeded: address.bits >> UInt64(40 - 8 * $0)) }))
    case .count: break
    }
  }

  mutating func append(_ address: IPv4Address, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(address)
    case .values: values.append(.ipv4(address, length: 32))
    case .count: break
    }
  }

  mutating func append(_ address: IPv6Address, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(address)
    case .values: values.append(.ipv6(address, length: 128))
    case .count: break
    }
  }

  /// Appends text that somebody else wrote.
  mutating func append(text: Span<UInt8>, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(untrusted: text)
    case .values: values.append(.octets([UInt8](copying: text)))
    case .count: break
    }
  }

  /// Appends text of our own.
  mutating func append(text: String, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(text)
    case .values: values.append(.octets(Array(text.utf8)))
    case .count: break
    }
  }

  /// Appends octets as hex digits.
  mutating func append(octets: Span<UInt8>, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: for index in octets.indices { out.append(hex: octets[index]) }
    case .values: values.append(.octets([UInt8](copying: octets)))
    case .count: break
    }
  }

  /// Appends a domain name of a message, see `TextBuffer.append(dnsName:at:)`.
  mutating func append(dnsName message: Span<UInt8>, at offset: Int, _ out: inout TextBuffer) {
    switch begin(&out) {
    case .table: out.append(dnsName: message, at: offset)
    case .values:
      var text = TextBuffer(capacity: 0)
      text.append(dnsName: message, at: offset)
      values.append(.octets(text.octets))
    case .count: break
    }
  }

  /// Takes a protocol's octets, of which `own` are its own: for filters, since tables have no such
  /// fields.
  mutating func append(protocol octets: Span<UInt8>, own: Int, _ out: inout TextBuffer) {
    if case .values = begin(&out) {
      values.append(.protocolOctets([UInt8](copying: octets), count: own))
    }
  }
}
