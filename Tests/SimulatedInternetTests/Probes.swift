import PacketWire
import SimulatedInternet
import Testing

/// Builds whole IP packets of either family for tests.
struct Probe {
  var source: IPAddress
  var destination: IPAddress
  var hopLimit: UInt8 = 64
  var typeOfService: UInt8 = 0
  var identification: UInt16 = 0x1234
  var flagsAndOffset: UInt16 = 0

  /// From the default topology's client.
  init(to destination: String, hopLimit: UInt8 = 64) throws {
    let address = try #require(IPAddress(destination))
    self.init(from: address.family == .v4 ? "198.18.0.2" : "2001:db8::2", address, hopLimit)
  }

  init(from source: String, to destination: String, hopLimit: UInt8 = 64) throws {
    self.init(from: source, try #require(IPAddress(destination)), hopLimit)
  }

  private init(from source: String, _ destination: IPAddress, _ hopLimit: UInt8) {
    self.source = IPAddress(source) ?? destination
    (self.destination, self.hopLimit) = (destination, hopLimit)
  }

  func packet(_ number: IPProtocol, _ body: [UInt8]) throws -> [UInt8] {
    switch (source, destination) {
    case (.v4(let source), .v4(let destination)):
      var header = IPv4Header(protocolNumber: number, from: source, to: destination)
      (header.timeToLive, header.typeOfService) = (hopLimit, typeOfService)
      (header.identification, header.flagsAndOffset) = (identification, flagsAndOffset)
      try header.fill(payloadLength: body.count)
      return [UInt8](capacity: header.length + body.count) {
        header.write(to: &$0)
        $0.append(copying: body.span)
      }
    case (.v6(let source), .v6(let destination)):
      var header = IPv6Header(nextHeader: number, from: source, to: destination)
      (header.hopLimit, header.trafficClass) = (hopLimit, typeOfService)
      try header.fill(payloadLength: body.count)
      return [UInt8](capacity: IPv6Header.length + body.count) {
        header.write(to: &$0)
        $0.append(copying: body.span)
      }
    default:
      Issue.record("families differ")
      return []
    }
  }

  func echoRequest(
    identifier: UInt16 = 0xabcd, sequenceNumber: UInt16 = 1, payload: [UInt8] = [1, 2, 3]
  ) throws -> [UInt8] {
    switch (source, destination) {
    case (.v6(let source), .v6(let destination)):
      var header = ICMPv6Header(
        .echoRequest, identifier: identifier, sequenceNumber: sequenceNumber)
      header.fill(payload: payload.span, from: source, to: destination)
      return try packet(.icmpv6, written(ICMPv6Header.length, header.write) + payload)
    default:
      var header = ICMPv4Header(
        .echoRequest, identifier: identifier, sequenceNumber: sequenceNumber)
      header.fill(payload: payload.span)
      return try packet(.icmp, written(ICMPv4Header.length, header.write) + payload)
    }
  }

  func udp(port: UInt16 = 33434, payload: [UInt8] = [7, 8]) throws -> [UInt8] {
    var header = UDPHeader(from: 40_000, to: port)
    try header.fill(payload: payload.span, from: source, to: destination)
    return try packet(.udp, written(UDPHeader.length, header.write) + payload)
  }

  func tcp(
    _ flags: TCPHeader.Flags, sequence: UInt32 = 1000, acknowledgment: UInt32 = 0,
    payload: [UInt8] = []
  ) throws -> [UInt8] {
    var header = TCPHeader(from: 50_000, to: 80, flags: flags)
    (header.sequenceNumber, header.acknowledgmentNumber) = (sequence, acknowledgment)
    header.fill(payload: payload.span, from: source, to: destination)
    return try packet(.tcp, written(header.length, header.write) + payload)
  }
}

func written(_ length: Int, _ write: (inout OutputSpan<UInt8>) -> Void) -> [UInt8] {
  [UInt8](capacity: length) { write(&$0) }
}

/// A packet that came out, decoded, with all its checksums verified.
struct Answer {
  let octets: [UInt8]
  let frame: Frame

  init(_ octets: [UInt8], _ location: SourceLocation = #_sourceLocation) {
    self.octets = octets
    frame = Frame(decoding: octets.span, linkType: .raw)
    #expect(frame.problem == nil, sourceLocation: location)
    #expect(frame.transportChecksum(over: octets.span) == .good, sourceLocation: location)
    switch frame.network {
    case .ipv4(let header):
      #expect(header.isChecksumValid, sourceLocation: location)
      #expect(Int(header.totalLength) == octets.count, sourceLocation: location)
    case .ipv6(let header):
      #expect(Int(header.payloadLength) + 40 == octets.count, sourceLocation: location)
    default: Issue.record("no IP packet", sourceLocation: location)
    }
  }

  var source: IPAddress? { frame.addresses?.source }
  var destination: IPAddress? { frame.addresses?.destination }
  var payload: [UInt8] { Array(octets[frame.payload]) }

  /// ICMP type and code of either family.
  var typeAndCode: [UInt8] {
    switch frame.transport {
    case .icmpv4(let header): [header.type.rawValue, header.code]
    case .icmpv6(let header): [header.type.rawValue, header.code]
    default: []
    }
  }

  var hopLimit: UInt8? {
    switch frame.network {
    case .ipv4(let header): header.timeToLive
    case .ipv6(let header): header.hopLimit
    default: nil
    }
  }
}

/// Everything that a network hands to the client after one packet, with the time that it took.
func answers(
  to packet: [UInt8], in network: inout VirtualNetwork
) -> [(octets: [UInt8], after: Nanoseconds)] {
  var answers: [(octets: [UInt8], after: Nanoseconds)] = []
  let start = network.now
  network.run { event, now in
    switch event {
    case .start: return [.send(packet)]
    case .received(let octets): answers.append((octets, now - start))
    case .timer: break
    }
    return []
  }
  return answers
}

/// The one packet that the default topology answers another with.
func answer(
  to packet: [UInt8], in topology: Topology = .default,
  _ location: SourceLocation = #_sourceLocation
) throws -> Answer {
  var network = VirtualNetwork(topology: topology)
  let all = answers(to: packet, in: &network)
  #expect(all.count == 1, sourceLocation: location)
  return Answer(try #require(all.first, sourceLocation: location).octets, location)
}

/// A path of routers 198.18.N.1 and the default topology's site, all links alike.
func path(_ count: Int, _ change: (inout LinkProperties) -> Void) -> Topology {
  var topology = Topology.default
  topology.replaceRouters(with: count, behind: Topology.Link())
  topology.changeLinks {
    $0 = LinkProperties()
    change(&$0)
  }
  return topology
}
