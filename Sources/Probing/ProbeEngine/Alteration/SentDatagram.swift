public import PacketWire

/// A field of a datagram that can be compared with what an ICMP error quotes of it.
public enum DatagramField: UInt8, Hashable, Sendable, CaseIterable {
  case dscp, ecn, flowLabel, totalLength, identification, dontFragment, fragmentation
  case timeToLive, protocolNumber, headerChecksum, source, destination, options
  case icmpType, icmpCode, icmpChecksum, icmpIdentifier, icmpSequenceNumber
  case sourcePort, destinationPort, udpLength, udpChecksum
  case tcpSequenceNumber, tcpAcknowledgmentNumber, tcpFlags, tcpWindow, tcpChecksum, tcpOptions
  case payload
}

/// Some of the fields of a datagram.
public struct DatagramFields: OptionSet, Hashable, Sendable {
  /// A bit a field.
  public var rawValue: UInt32

  /// Any combination.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// One field.
  public init(_ field: DatagramField) { rawValue = 1 << UInt32(field.rawValue) }

  /// The field is among them.
  public func contains(_ field: DatagramField) -> Bool { contains(DatagramFields(field)) }
}

/// A datagram as it left this host, as far as a program knows.
public struct SentDatagram: Hashable, Sendable {
  /// From its IP header on.
  public var octets: [UInt8]
  /// Fields that the kernel filled in, so that `octets` does not have them.
  public var unknown: DatagramFields

  /// A datagram whose header the program built, or that was captured. Where the program left
  /// identification or checksum at zero the kernel has filled them in (raw(7)), and name them in
  /// `unknown`.
  public init(octets: [UInt8], unknown: DatagramFields = []) {
    (self.octets, self.unknown) = (octets, unknown)
  }

  /// A datagram for which the kernel built the IP header, as this program asked it to.
  ///
  /// - Parameters:
  ///   - message: what was handed to the socket, transport header included.
  ///   - source: the address that it goes out with.
  ///   - destination: whom it is for; of the same family.
  ///   - protocolNumber: what it carries.
  ///   - timeToLive: TTL or hop limit.
  ///   - trafficClass: ToS or traffic class.
  ///   - dontFragment: IPv4's DF bit, which Linux sets as path MTU discovery has it (ip(7),
  ///     `IP_MTU_DISCOVER`); nil if that is not known.
  /// - Throws: when the whole is longer than IP can say.
  public init(
    message: Span<UInt8>, from source: IPAddress, to destination: IPAddress,
    carrying protocolNumber: IPProtocol, timeToLive: UInt8, trafficClass: UInt8 = 0,
    dontFragment: Bool? = nil
  ) throws(PacketError) {
    let envelope = IPEnvelope(
      from: source, to: destination, carrying: protocolNumber, timeToLive: timeToLive,
      trafficClass: trafficClass, dontFragment: dontFragment ?? false)
    octets = try envelope.packet(message)
    unknown = [.init(.identification), .init(.headerChecksum), .init(.flowLabel)]
    if dontFragment == nil { unknown.insert(.init(.dontFragment)) }
  }
}

/// What a socket tells about a packet in place of its IP header, or is told to put there.
public struct IPEnvelope: Hashable, Sendable {
  /// Where it comes from.
  public var source: IPAddress
  /// Where it goes; of the same family.
  public var destination: IPAddress
  /// What it carries.
  public var protocolNumber: IPProtocol
  /// TTL or hop limit.
  public var timeToLive: UInt8
  /// ToS or traffic class.
  public var trafficClass: UInt8
  /// DF of an IPv4 packet.
  public var dontFragment: Bool

  /// An envelope from its fields.
  public init(
    from source: IPAddress, to destination: IPAddress, carrying protocolNumber: IPProtocol,
    timeToLive: UInt8, trafficClass: UInt8 = 0, dontFragment: Bool = false
  ) {
    (self.source, self.destination) = (source, destination)
    (self.protocolNumber, self.timeToLive) = (protocolNumber, timeToLive)
    (self.trafficClass, self.dontFragment) = (trafficClass, dontFragment)
  }

  /// The packet: a header with these fields, identification and flow label zero, a checksum that is
  /// right, and `payload`. Addresses of two families become an IPv4 packet from or to 0.0.0.0.
  public func packet(_ payload: Span<UInt8>) throws(PacketError) -> [UInt8] {
    var packet = ProbePacket(
      from: source, to: destination, carrying: protocolNumber, timeToLive: timeToLive)
    packet.typeOfService = trafficClass
    packet.flagsAndOffset = dontFragment ? 0x4000 : 0
    return try packet.octets(payload: payload)
  }
}
