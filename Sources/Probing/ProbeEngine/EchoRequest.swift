public import PacketWire

/// Builds echo requests and knows what their payload should look like when it comes back.
///
/// The payload starts with the probe's keyed cookie (eight octets, or as many as fit) and goes on
/// with its own offsets, so that a reply shows which probe it answers and which octets were
/// damaged. There is no time in it: nothing that the peer returns is used to measure
/// (CVE-2025-47268 shows what comes of that).
public struct EchoRequest: Sendable {
  /// How much of the payload the cookie takes, in octets.
  public static let cookieLength = 8

  /// Where requests go.
  public var target: IPAddress
  /// Where they come from; an ICMPv6 checksum covers it.
  public var source: IPAddress
  /// Names this session.
  public var identifier: UInt16
  /// In octets, behind the ICMP header.
  public var payloadLength: Int
  let cookies: KeyedCookie

  /// A builder; `payloadLength` is taken as zero when negative.
  public init(
    target: IPAddress, source: IPAddress, identifier: UInt16, payloadLength: Int,
    cookies: KeyedCookie
  ) {
    (self.target, self.source, self.identifier) = (target, source, identifier)
    (self.payloadLength, self.cookies) = (max(0, payloadLength), cookies)
  }

  /// Probe `number`'s ICMP message: header with a filled-in checksum, then the payload.
  public func message(number: UInt64) -> [UInt8] {
    let payload = payload(number: number)
    let sequence = UInt16(truncatingIfNeeded: number)
    return [UInt8](capacity: ICMPv4Header.length + payload.count) { out in
      switch (source, target) {
      case (.v6(let source), .v6(let target)):
        var header = ICMPv6Header(.echoRequest, identifier: identifier, sequenceNumber: sequence)
        header.fill(payload: payload.span, from: source, to: target)
        header.write(to: &out)
      default:
        var header = ICMPv4Header(.echoRequest, identifier: identifier, sequenceNumber: sequence)
        header.fill(payload: payload.span)
        header.write(to: &out)
      }
      out.append(copying: payload.span)
    }
  }

  func payload(number: UInt64) -> [UInt8] {
    let cookie = cookies.cookie(for: number)
    return [UInt8](capacity: payloadLength) { out in
      for index in 0..<payloadLength { out.append(Self.octet(at: index, cookie: cookie)) }
    }
  }

  /// The payload octet at `index` of a probe with this cookie.
  static func octet(at index: Int, cookie: UInt64) -> UInt8 {
    index < cookieLength
      ? UInt8(truncatingIfNeeded: cookie >> UInt64(56 - 8 * index))
      : UInt8(truncatingIfNeeded: index)
  }
}
