public import PacketWire

/// How a trace probes.
public enum TraceMethod: Hashable, Sendable {
  /// UDP datagrams of one flow: all have these ports, so that a router which balances by flow sends
  /// all of them the same way (Augustin et al., "Avoiding traceroute anomalies with Paris
  /// traceroute", 2006).
  case udp(sourcePort: UInt16, destinationPort: UInt16)
  /// UDP datagrams whose destination port rises by one a probe, from this one on: what works
  /// without a raw socket, since the kernel's error queue gives back that port and little else.
  case udpRisingPort(first: UInt16)
  /// Echo requests with a constant checksum, so that they too are one flow.
  case icmp(identifier: UInt16)
}

/// Builds a trace's probes and finds the probe that an answer belongs to.
public struct TraceProbe: Sendable {
  /// Octets at the start of every payload: the cookie (8), the probe's number (2), and two that keep
  /// the ICMP checksum the same for all probes.
  static let markLength = 12

  /// Where probes go.
  public let target: IPAddress
  /// Where they come from; checksums cover it.
  public let source: IPAddress
  /// How.
  public let method: TraceMethod
  /// Of the whole IP packet, in octets: at least what the headers and the mark need.
  public let packetLength: Int
  let cookies: KeyedCookie

  /// A builder of probes.
  public init(
    target: IPAddress, source: IPAddress, method: TraceMethod, packetLength: Int,
    cookies: KeyedCookie
  ) {
    (self.target, self.source, self.method, self.cookies) = (target, source, method, cookies)
    let headers = Self.headerLength(target.family)
    self.packetLength = max(packetLength, headers + Self.markLength)
  }

  /// Of the IP header and of the UDP or ICMP header behind it, in octets.
  public static func headerLength(_ family: IPFamily) -> Int {
    (family == .v4 ? IPv4Header.minimumLength : IPv6Header.length) + UDPHeader.length
  }

  /// What the IP header names.
  public var protocolNumber: IPProtocol {
    switch method {
    case .udp, .udpRisingPort: .udp
    case .icmp: target.family == .v4 ? .icmp : .icmpv6
    }
  }

  /// Behind the UDP or ICMP header, in octets; never shorter than the mark, without which probes of
  /// one flow could not be told apart.
  public var payloadLength: Int { packetLength - Self.headerLength(target.family) }

  /// The destination port of probe `number`, zero for ICMP.
  public func destinationPort(of number: Int) -> UInt16 {
    switch method {
    case .udp(_, let port): port
    case .udpRisingPort(let first): first &+ UInt16(truncatingIfNeeded: number)
    case .icmp: 0
    }
  }

  /// Probe `number`'s payload: mark first, then each octet's own offset.
  public func payload(of number: Int) -> [UInt8] {
    [UInt8](capacity: payloadLength) { out in
      out.append(bigEndian: cookies.cookie(for: UInt64(number)))
      out.append(bigEndian: UInt16(truncatingIfNeeded: number))
      out.append(bigEndian: UInt16(0))
      for index in Self.markLength..<payloadLength {
        out.append(UInt8(truncatingIfNeeded: index))
      }
    }
  }

  /// Probe `number` from its UDP or ICMP header on, checksum filled in.
  public func message(of number: Int) throws(PacketError) -> [UInt8] {
    var payload = payload(of: number)
    switch method {
    case .udp(let sourcePort, _):
      return try datagram(from: sourcePort, number, payload)
    case .udpRisingPort:
      return try datagram(from: 0, number, payload)
    case .icmp(let identifier):
      compensate(&payload, for: number)
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
  }

  private func datagram(
    from port: UInt16, _ number: Int, _ payload: [UInt8]
  ) throws(PacketError) -> [UInt8] {
    var header = UDPHeader(from: port, to: destinationPort(of: number))
    try header.fill(payload: payload.span, from: source, to: target)
    return [UInt8](capacity: UDPHeader.length + payload.count) { out in
      header.write(to: &out)
      out.append(copying: payload.span)
    }
  }

  /// Balancers hash an echo request's checksum as if it were ports. The sequence number and the mark
  /// change from probe to probe; the last word of the mark takes up their sum, so that the sum over
  /// the message stays zero and the checksum with it (RFC 1624: words may be traded in the sum).
  private func compensate(_ payload: inout [UInt8], for number: Int) {
    var sum = InternetChecksum()
    sum.add(UInt16(truncatingIfNeeded: number))
    sum.add(payload.span.extracting(first: 10))
    payload[10] = UInt8(sum.value >> 8)
    payload[11] = UInt8(truncatingIfNeeded: sum.value)
  }
}
