public import PacketWire
public import ProbeEngine

/// A packet of a session with its IP header, the one that it had or one that was made for it.
public struct EvidencePacket: Hashable, Sendable {
  /// Where its IP header is from.
  public enum Header: Hashable, Sendable {
    /// It is the packet's own.
    case whole
    /// It was made from what a socket tells or was told. Identification and flow label are zero, and
    /// its checksum is right whatever the packet's was. Without a hop limit, that is 0.
    case rebuilt(knowsHopLimit: Bool)
  }

  /// From the IP header on.
  public var octets: [UInt8]
  /// Where its IP header is from.
  public var header: Header

  /// A packet with its own header.
  public init(whole octets: [UInt8]) { (self.octets, header) = (octets, .whole) }

  /// A message that came from, or went to, a socket without an IP header.
  ///
  /// - Parameters:
  ///   - message: from the transport header on.
  ///   - envelope: what the socket tells beside it, or was told.
  ///   - knowsHopLimit: the socket told the hop limit; if not, it becomes 0.
  /// - Throws: when the whole is longer than IP can say.
  public init(
    message: Span<UInt8>, in envelope: IPEnvelope, knowsHopLimit: Bool = true
  ) throws(PacketError) {
    var envelope = envelope
    if !knowsHopLimit { envelope.timeToLive = 0 }
    octets = try envelope.packet(message)
    header = .rebuilt(knowsHopLimit: knowsHopLimit)
  }

  /// An ICMP error that a socket's error queue told of (ip(7), `IP_RECVERR`), as it must have looked
  /// like: with the whole probe quoted, since how much of it was is not told.
  ///
  /// - Parameters:
  ///   - type: of ICMP, or ICMPv6 if the probe is an IPv6 packet.
  ///   - code: the kind within the type.
  ///   - rest: the header's second word.
  ///   - probe: what it is about.
  ///   - source: who sent the error.
  ///   - destination: who got it.
  /// - Throws: when the whole is longer than IP can say.
  public init(
    errorOfType type: UInt8, code: UInt8, rest: UInt32, about probe: SentDatagram,
    from source: IPAddress, to destination: IPAddress
  ) throws(PacketError) {
    // As much as a router would send at the most (RFC 1812 §4.3.2.3, RFC 4443 §2.4 (c)).
    let limit = destination.family == .v4 ? 576 - 28 : 1_280 - 48
    let quoted = Array(probe.octets.prefix(limit))
    let message = [UInt8](capacity: 8 + quoted.count) { out in
      if case (.v6(let source), .v6(let destination)) = (source, destination) {
        var header = ICMPv6Header(.init(rawValue: type), code: code, rest: rest)
        header.fill(payload: quoted.span, from: source, to: destination)
        header.write(to: &out)
      } else {
        var header = ICMPv4Header(.init(rawValue: type), code: code, rest: rest)
        header.fill(payload: quoted.span)
        header.write(to: &out)
      }
      out.append(copying: quoted.span)
    }
    try self.init(
      message: message.span,
      in: IPEnvelope(
        from: source, to: destination, carrying: destination.family == .v4 ? .icmp : .icmpv6,
        timeToLive: 0), knowsHopLimit: false)
  }

  /// A packet as a socket without IP headers hands it out: what a decoder is given in a replay.
  public struct Reception: Hashable, Sendable {
    /// From the transport header on.
    public var message: [UInt8]
    /// Who sent it.
    public var source: IPAddress
    /// Whom it was for.
    public var destination: IPAddress
    /// TTL or hop limit; nil where the socket told none.
    public var hopLimit: UInt8?
    /// ToS or traffic class.
    public var trafficClass: UInt8
  }

  /// The packet as a socket hands it out; nil where it has no transport header that can be read.
  public var reception: Reception? {
    let frame = Frame(decoding: octets.span, linkType: .raw)
    let hopLimit: UInt8
    let trafficClass: UInt8
    switch frame.network {
    case .ipv4(let header): (hopLimit, trafficClass) = (header.timeToLive, header.typeOfService)
    case .ipv6(let header): (hopLimit, trafficClass) = (header.hopLimit, header.trafficClass)
    case .arp, .none: return nil
    }
    guard let addresses = frame.addresses, frame.problem == nil,
      frame.transportOffset > 0, frame.transportOffset <= frame.payload.upperBound
    else { return nil }
    return Reception(
      message: Array(octets[frame.transportOffset..<frame.payload.upperBound]),
      source: addresses.source, destination: addresses.destination,
      hopLimit: header == .rebuilt(knowsHopLimit: false) ? nil : hopLimit,
      trafficClass: trafficClass)
  }

  /// Which probe, of which target.
  public struct Probe: Hashable, Sendable {
    /// Counted from one.
    public var number: UInt64
    /// Index among the session's targets.
    public var target: Int
    /// Which of the flows that the probes can be of.
    public var flow: Int

    /// A probe.
    public init(_ number: UInt64, target: Int = 0, flow: Int = 0) {
      (self.number, self.target, self.flow) = (number, target, flow)
    }
  }
}
