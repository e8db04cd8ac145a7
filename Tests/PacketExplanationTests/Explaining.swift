import PacketExplanation
import PacketTestSupport
import PacketWire
import Testing

extension PacketExplanation {
  /// The first field of that name.
  func field(_ name: String) -> ExplainedField? { fields.first { $0.name == name } }

  /// All fields of that name.
  func fields(_ name: String) -> [ExplainedField] { fields.filter { $0.name == name } }

  /// The titles of its parts.
  var titles: [String] { parts.map(\.title) }

  /// What is missing or wrong, part by part.
  var problems: [String] { parts.compactMap(\.problem) }

  /// Each bit of the packet stands in exactly one field, and the fields in the order of the wire.
  var accountsForAll: Bool {
    var next = 0
    for field in fields {
      guard field.bits.lowerBound == next, !field.bits.isEmpty else { return false }
      next = field.bits.upperBound
    }
    return next == count * 8
  }
}

/// Packets that the tests share.
enum Sample {
  static let client = IPv4Address(198, 18, 0, 2)
  static let server = IPv4Address(203, 0, 113, 80)
  static let client6 = IPv6Address(bits: 0x2001_0db8 << 96 | 2)
  static let server6 = IPv6Address(bits: 0x2001_0db8 << 96 | 0x80)

  static func ipv4(
    _ number: IPProtocol, _ payload: [UInt8], options: [UInt8] = [],
    _ change: (inout IPv4Header) -> Void = { _ in }
  ) throws -> [UInt8] {
    var header = IPv4Header(protocolNumber: number, from: client, to: server)
    header.identification = 0xbeef
    header.options = try #require(OptionOctets(padding: options))
    change(&header)
    try header.fill(payloadLength: payload.count)
    return [UInt8](capacity: header.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  static func ipv6(_ next: IPProtocol, _ payload: [UInt8]) throws -> [UInt8] {
    var header = IPv6Header(nextHeader: next, from: client6, to: server6)
    try header.fill(payloadLength: payload.count)
    return [UInt8](capacity: IPv6Header.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  static func echo(_ data: [UInt8] = Array(0..<16)) -> [UInt8] {
    var header = ICMPv4Header(.echoRequest, identifier: 0x1dea, sequenceNumber: 7)
    header.fill(payload: data.span)
    return [UInt8](capacity: 8 + data.count) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  static func udp(_ data: [UInt8] = [1, 2, 3]) throws -> [UInt8] {
    var header = UDPHeader(from: 40_000, to: 53)
    try header.fill(payload: data.span, from: .v4(client), to: .v4(server))
    return [UInt8](capacity: 8 + data.count) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  static func tcp(options: [UInt8], data: [UInt8] = []) throws -> [UInt8] {
    var header = TCPHeader(from: 40_000, to: 443, flags: [.syn, .ece])
    header.options = try #require(OptionOctets(padding: options))
    header.fill(payload: data.span, from: .v4(client), to: .v4(server))
    return [UInt8](capacity: header.length + data.count) { out in
      header.write(to: &out)
      out.append(copying: data.span)
    }
  }

  /// "Time exceeded" about `packet`, with an extension structure of these objects.
  static func timeExceeded(about packet: [UInt8], objects: [UInt8] = []) throws -> [UInt8] {
    var body = packet
    var rest: UInt32 = 0
    if !objects.isEmpty {
      body += [UInt8](repeating: 0, count: max(0, 128 - packet.count))
      rest = UInt32(body.count / 4) << 16
      var structure: [UInt8] = [0x20, 0, 0, 0] + objects
      var sum = InternetChecksum()
      sum.add(structure.span)
      structure[2] = UInt8(sum.value >> 8)
      structure[3] = UInt8(truncatingIfNeeded: sum.value)
      body += structure
    }
    var header = ICMPv4Header(.timeExceeded, rest: rest)
    header.fill(payload: body.span)
    return try ipv4(
      .icmp,
      [UInt8](capacity: 8 + body.count) { out in
        header.write(to: &out)
        out.append(copying: body.span)
      })
  }
}
