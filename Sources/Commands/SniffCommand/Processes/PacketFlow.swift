import PacketWire

/// What packets of one conversation have in common, seen from their sender.
struct PacketFlow: Hashable {
  var protocolNumber: UInt8
  var source: IPAddress
  var destination: IPAddress
  /// Ports; the identifier of echoes stands in both.
  var sourcePort: UInt16
  var destinationPort: UInt16

  /// The same conversation seen from the receiver.
  var reversed: PacketFlow {
    PacketFlow(
      protocolNumber: protocolNumber, source: destination, destination: source,
      sourcePort: destinationPort, destinationPort: sourcePort)
  }

  /// The same for both directions.
  var conversation: PacketFlow {
    let isFirst =
      source == destination ? sourcePort <= destinationPort : source < destination
    return isFirst ? self : reversed
  }

  /// The flow of a frame. An ICMP error is of the flow that it quotes; nil without IP.
  init?(_ frame: Frame, _ octets: Span<UInt8>) {
    self.init(frame)
    if frame.isICMPError, let quoted = frame.quotedFrame(in: octets), let flow = PacketFlow(quoted)
    {
      // Whoever is told of the error sent the packet that is quoted.
      self = flow.reversed
    }
  }

  private init?(_ frame: Frame) {
    guard let addresses = frame.addresses, let number = frame.protocolNumber else { return nil }
    self.init(
      protocolNumber: number.rawValue, source: addresses.source,
      destination: addresses.destination, sourcePort: 0, destinationPort: 0)
    if let ports = frame.ports { (sourcePort, destinationPort) = ports }
    if let identifier = frame.echoIdentifier {
      (sourcePort, destinationPort) = (identifier, identifier)
    }
  }

  init(
    protocolNumber: UInt8, source: IPAddress, destination: IPAddress, sourcePort: UInt16,
    destinationPort: UInt16
  ) {
    self.protocolNumber = protocolNumber
    (self.source, self.destination) = (source, destination)
    (self.sourcePort, self.destinationPort) = (sourcePort, destinationPort)
  }
}

extension Frame {
  /// Types 3, 4, 5, 11 and 12 (RFC 792); 1 to 4 (RFC 4443 §2.1).
  fileprivate var isICMPError: Bool {
    switch transport {
    case .icmpv4(let header): [3, 4, 5, 11, 12].contains(header.type.rawValue)
    case .icmpv6(let header): (1...4).contains(header.type.rawValue)
    default: false
    }
  }

  /// Echo requests and replies (RFC 792, RFC 4443 §4).
  fileprivate var echoIdentifier: UInt16? {
    switch transport {
    case .icmpv4(let header): [0, 8].contains(header.type.rawValue) ? header.identifier : nil
    case .icmpv6(let header): [128, 129].contains(header.type.rawValue) ? header.identifier : nil
    default: nil
    }
  }

  /// The packet that an ICMP error quotes.
  fileprivate func quotedFrame(in octets: Span<UInt8>) -> Frame? {
    guard !payload.isEmpty, payload.upperBound <= octets.count else { return nil }
    return Frame(decoding: octets.extracting(payload), linkType: .raw)
  }

  /// What the kernel says to find its neighbours: ARP, and ICMPv6's types 133 to 137 (RFC 4861).
  var isNeighbourTalk: Bool {
    if case .arp = network { return true }
    guard case .icmpv6(let header) = transport else { return false }
    return (133...137).contains(header.type.rawValue)
  }
}
