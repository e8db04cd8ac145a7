public import PacketWire

/// Builds a trace's probes, each a whole IP packet.
///
/// A probe is told by what its error quotes of it. The number on the wire (`TraceLedger.wireNumber`) stands
/// in the IPv4 identification, in what the method has for a sequence number, and with a keyed cookie at the
/// start of the payload. Nothing rests on checksums, which the sending host's card may fill in late.
public struct TraceProbe: Sendable {
  /// Octets at the start of a payload: the cookie (8), the number (2), and two that keep the ICMP checksum
  /// what the flow has.
  static let markLength = 12

  /// Where probes go.
  public let target: IPAddress
  /// Where they come from; checksums cover it.
  public let source: IPAddress
  /// How.
  public let method: TraceMethod
  /// Of the whole IP packet, in octets: at least what the headers and the mark need.
  public let packetLength: Int
  /// What the headers and the mark need, in octets.
  private let shortest: Int
  /// What the IP headers are to say.
  public let headers: Headers
  let cookies: KeyedCookie

  /// What of the IP header can be chosen.
  public struct Headers: Hashable, Sendable {
    /// ToS or traffic class.
    public var typeOfService: UInt8 = 0
    /// IPv4's DF bit.
    public var dontFragment = false
    /// The IPv6 flow label of all probes; nil for one a flow (RFC 6437 §2: a flow keeps its label).
    public var flowLabel: UInt32?
    /// What is longer goes out in fragments of this many octets at the most; nil for nothing that does.
    public var fragmentLength: Int?
    /// IPv4 routers to go by, in order: a loose source route (RFC 791 §3.1). At most eight.
    public var gateways: [IPv4Address] = []

    /// Nothing unusual.
    public init() {}

    /// As many as the header has room for, with the target itself.
    public static let gatewayLimit = 8
  }

  /// A builder of probes.
  public init(
    target: IPAddress, source: IPAddress, method: TraceMethod, packetLength: Int,
    cookies: KeyedCookie, headers: Headers = Headers()
  ) {
    (self.target, self.source, self.method, self.cookies) = (target, source, method, cookies)
    self.headers = headers
    let shortest =
      Self.networkLength(target.family, headers) + method.headerLength
      + Self.shortestPayload(method)
    (self.packetLength, self.shortest) = (max(packetLength, shortest), shortest)
  }

  /// Of the IP header, in octets.
  static func networkLength(_ family: IPFamily, _ headers: Headers) -> Int {
    guard family == .v4 else { return IPv6Header.length }
    return IPv4Header.minimumLength
      + (headers.gateways.isEmpty ? 0 : 4 + 4 * headers.gateways.count)
  }

  /// What tells probes of one flow apart, where no header does. TCP, DCCP and SCTP headers do.
  private static func shortestPayload(_ method: TraceMethod) -> Int {
    switch method {
    case .tcp, .dccp, .sctp: 0
    case .dns: DNSProbe.length
    case .quic: QUICProbe.length
    default: markLength
    }
  }

  /// What the IP header names.
  public var protocolNumber: IPProtocol { method.protocolNumber(target.family) }

  /// Behind the transport header, in octets. What has a form of its own is never longer.
  private func payloadLength(_ request: TraceRequest) -> Int {
    switch method {
    case .tcp, .dccp, .sctp: 0
    case .dns: DNSProbe.length
    default:
      max(request.length ?? packetLength, shortest)
        - Self.networkLength(target.family, headers) - method.headerLength
    }
  }

  /// The whole packet, be it too long for a link.
  public func packet(of request: TraceRequest) throws(PacketError) -> [UInt8] {
    let message = try message(of: request)
    return try ipPacket(of: request).octets(payload: message.span)
  }

  /// What is to be sent: the packet, or its fragments in order.
  public func packets(of request: TraceRequest) throws(PacketError) -> [[UInt8]] {
    guard let length = headers.fragmentLength, !headers.dontFragment else {
      return [try packet(of: request)]
    }
    let message = try message(of: request)
    return try ipPacket(of: request).octets(payload: message.span, fragmentedAt: length)
  }

  /// As much of a probe as a socket wants to be given, in as many pieces as have to be sent: packets where the
  /// socket takes IP headers of ours, else what stands behind the header that it writes itself.
  public func pieces(of request: TraceRequest, isRaw: Bool) throws(PacketError) -> [[UInt8]] {
    if isRaw { return try packets(of: request) }
    if case .icmp = method { return [try message(of: request)] }
    return [payload(of: request)]
  }

  private func ipPacket(of request: TraceRequest) -> ProbePacket {
    var packet = ProbePacket(
      from: source, to: firstStop, carrying: protocolNumber, timeToLive: request.timeToLive,
      identification: TraceLedger.wireNumber(request.number))
    packet.typeOfService = headers.typeOfService
    packet.flagsAndOffset = headers.dontFragment ? 0x4000 : 0
    packet.flowLabel = flowLabel(of: request.flow)
    packet.options = sourceRoute
    return packet
  }

  /// A probe as it is to be compared with what is quoted of it: a router quotes the first fragment, the
  /// target, and whoever puts packets together on the way, the whole.
  ///
  /// - Parameters:
  ///   - request: the probe.
  ///   - quoted: what is quoted of it; nil for the whole.
  /// - Returns: the octets that were sent of it.
  /// - Throws: when the probe is longer than IP can say.
  public func sent(
    _ request: TraceRequest, quotedAs quoted: QuotedDatagram? = nil
  ) throws(PacketError) -> SentDatagram {
    let isFragment =
      switch quoted?.network {
      case .ipv4(let header): header.moreFragments
      case .ipv6(let header): header.nextHeader == .fragment
      case nil: false
      }
    if isFragment, let first = try packets(of: request).first { return SentDatagram(octets: first) }
    return SentDatagram(octets: try packet(of: request))
  }

  private func flowLabel(of flow: Int) -> UInt32 {
    if let label = headers.flowLabel { return label & 0xf_ffff }
    // Any but zero, which says that there is none.
    let label = UInt32(truncatingIfNeeded: cookies.cookie(for: ~UInt64(truncatingIfNeeded: flow)))
    return max(label & 0xf_ffff, 1)
  }

  /// Whom the IP header names: the first router of a source route has the next one put there.
  public var firstStop: IPAddress { headers.gateways.first.map { .v4($0) } ?? target }

  /// Loose source route: type 131, length, pointer, then where to go from each stop (RFC 791 §3.1).
  private var sourceRoute: OptionOctets {
    guard case .v4(let target) = target, !headers.gateways.isEmpty else { return OptionOctets() }
    let stops = headers.gateways.dropFirst() + [target]
    var octets: [UInt8] = [IPv4Option.looseSourceRoute, UInt8(3 + 4 * stops.count), 4]
    for stop in stops {
      for shift in [24, 16, 8, 0] as [UInt32] {
        octets.append(UInt8(truncatingIfNeeded: stop.bits >> shift))
      }
    }
    return OptionOctets(padding: octets) ?? OptionOctets()
  }

  // MARK: What the packet carries

  /// A probe from its transport header on, checksum filled in.
  public func message(of request: TraceRequest) throws(PacketError) -> [UInt8] {
    let payload = payload(of: request)
    let ports = method.ports(of: request) ?? (0, 0)
    switch method {
    case .udp, .udpRisingPort, .dns, .quic:
      var header = UDPHeader(from: ports.source, to: ports.destination)
      try header.fill(payload: payload.span, from: source, to: target)
      return [UInt8](capacity: UDPHeader.length + payload.count) { out in
        header.write(to: &out)
        out.append(copying: payload.span)
      }
    case .icmp(let identifier): return echo(identifier, request, payload)
    case .tcp(_, _, let form): return segment(form, ports, request)
    case .udpLite(_, _, let coverage): return lightDatagram(coverage, ports, payload)
    case .dccp(_, _, let service): return connectionRequest(service, ports, request)
    case .sctp: return association(ports, request)
    case .other: return payload
    }
  }

  /// What is behind the transport header: mark first, then each octet's own offset.
  public func payload(of request: TraceRequest) -> [UInt8] {
    let number = TraceLedger.wireNumber(request.number)
    switch method {
    case .tcp, .dccp, .sctp: return []
    case .dns: return DNSProbe.query(identifier: number, cookie: cookie(of: request.number))
    case .quic:
      return QUICProbe.packet(
        number: number, cookie: cookie(of: request.number), length: payloadLength(request))
    default: break
    }
    let length = payloadLength(request)
    var payload = [UInt8](capacity: length) { out in
      out.append(bigEndian: cookie(of: request.number))
      out.append(bigEndian: number)
      out.append(bigEndian: UInt16(0))
      for index in Self.markLength..<length {
        out.append(UInt8(truncatingIfNeeded: index))
      }
    }
    if case .icmp = method { balance(&payload, for: number, flow: request.flow) }
    return payload
  }

  func cookie(of number: Int) -> UInt64 { cookies.cookie(for: UInt64(number)) }

  /// As many bits of the cookie as a header has room for.
  func shortCookie(of number: Int) -> UInt32 { UInt32(truncatingIfNeeded: cookie(of: number)) }

  /// Balancers hash an echo request's checksum as if it were ports. The sequence number and the mark
  /// change from probe to probe; the last word of the mark takes up their sum, so that the sum over them
  /// is the flow's number and the checksum the flow's own (RFC 1624: words may be traded in the sum).
  private func balance(_ payload: inout [UInt8], for number: UInt16, flow: Int) {
    var sum = InternetChecksum()
    sum.add(number)
    sum.add(payload.span.extracting(first: 10))
    sum.add(~UInt16(truncatingIfNeeded: flow))
    payload[10] = UInt8(sum.value >> 8)
    payload[11] = UInt8(truncatingIfNeeded: sum.value)
  }

  private func echo(
    _ identifier: UInt16, _ request: TraceRequest, _ payload: [UInt8]
  ) -> [UInt8] {
    let sequence = TraceLedger.wireNumber(request.number)
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
