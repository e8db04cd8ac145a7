public import PacketWire

/// Everything that an ICMP error says beyond its type and code.
public struct ICMPErrorDetail: Hashable, Sendable {
  /// An interface, as an extension object tells of it (RFC 5837 §4).
  public struct Interface: Hashable, Sendable {
    /// Its part, number, address and MTU. The place of its name is not that in any octets at hand.
    public var information: ICMPInterfaceInformation
    /// Its name as it came: hostile octets.
    public var name: [UInt8]?
  }

  /// What stands in an extension structure (RFC 4884 §7).
  public struct Extensions: Hashable, Sendable {
    /// The checksum over it is right; nil where the sender computed none.
    public var isChecksumRight: Bool?
    /// The MPLS labels with which the packet arrived, the top one first (RFC 4950).
    public var labels: [MPLSLabel] = []
    /// Interfaces (RFC 5837).
    public var interfaces: [Interface] = []
    /// Objects of other classes, or that could not be read.
    public var otherCount = 0
    /// Where and why the structure could not be read further.
    public var problem: PacketError?
  }

  /// How many labels and interfaces are kept; there are no more in an honest message.
  public static let objectLimit = 32

  /// Which protocol's types and codes these are.
  public var family: IPFamily
  /// The ICMP or ICMPv6 type.
  public var type: UInt8
  /// The kind within the type.
  public var code: UInt8
  /// What would pass, in octets; 0 from old routers, nil in other errors (RFC 1191 §4, RFC 4443 §3.2).
  public var nextHopMTU: UInt32?
  /// The octet of our packet where the problem is (RFC 792, RFC 4443 §3.4).
  public var pointer: UInt32?
  /// The better first hop of a redirect (RFC 792).
  public var gateway: IPv4Address?
  /// The ICMP checksum is right; nil where it cannot be computed, because the socket keeps the IPv6
  /// addresses that it covers to itself: there the kernel has checked it.
  public var isChecksumRight: Bool?
  /// How many octets of our packet were quoted, padding left out.
  public var quotedCount = 0
  /// How long our packet was when the router saw it, by its quoted header; nil if that cannot be read.
  public var originalCount: Int?
  /// Where the quoted datagram stands in the octets that this was read from.
  public var quotation = 0..<0
  /// What is behind the quotation.
  public var extensions: Extensions?

  /// Hops were used up.
  public var isTimeExceeded: Bool {
    switch family {
    case .v4: ICMPv4Header.MessageType(rawValue: type) == .timeExceeded && code == 0
    case .v6: ICMPv6Header.MessageType(rawValue: type) == .timeExceeded && code == 0
    }
  }

  /// Reads an error; `nil` when it is none.
  ///
  /// - Parameters:
  ///   - octets: as a socket handed it out.
  ///   - framing: with its IP header, or without.
  ///   - family: of the socket.
  public init?(_ octets: Span<UInt8>, framing: ArrivalFraming, family: IPFamily) {
    var frame = Frame(decoding: octets, linkType: .raw)
    if framing == .message {
      var reader = PacketReader(octets)
      frame = Frame(decoding: octets.extracting(first: 0), linkType: .raw)
      if family == .v4 {
        guard let header = try? ICMPv4Header(parsing: &reader) else { return nil }
        frame.transport = .icmpv4(header)
      } else {
        guard let header = try? ICMPv6Header(parsing: &reader) else { return nil }
        frame.transport = .icmpv6(header)
      }
      frame.payload = reader.offset..<octets.count
    }
    switch frame.transport {
    case .icmpv4(let header) where header.type.isError:
      (self.family, type, code) = (.v4, header.type.rawValue, header.code)
      let isTooLong = header.type == .destinationUnreachable && header.code == 4
      nextHopMTU = isTooLong ? UInt32(header.nextHopMTU) : nil
      pointer = header.type == .parameterProblem ? UInt32(header.pointer) : nil
      gateway = header.type == .redirect ? header.gateway : nil
    case .icmpv6(let header) where header.type.isError:
      (self.family, type, code) = (.v6, header.type.rawValue, header.code)
      nextHopMTU = header.type == .packetTooBig ? header.nextHopMTU : nil
      pointer = header.type == .parameterProblem ? header.pointer : nil
    default: return nil
    }
    if family == .v4 {
      var sum = InternetChecksum()
      sum.add(octets.extracting(max(frame.payload.lowerBound - 8, 0)..<frame.payload.upperBound))
      isChecksumRight = sum.folded == 0xffff
    }
    readQuotation(frame, octets)
  }

  private mutating func readQuotation(_ frame: Frame, _ octets: Span<UInt8>) {
    let structure = frame.icmpExtensions(in: octets)
    let end = min(structure?.lowerBound ?? frame.payload.upperBound, octets.count)
    quotation = frame.payload.lowerBound..<max(frame.payload.lowerBound, end)
    quotedCount = quotation.count
    var reader = PacketReader(octets.extracting(quotation))
    if let quoted = try? QuotedDatagram(parsing: &reader) {
      let length =
        switch quoted.network {
        case .ipv4(let header): Int(header.totalLength)
        case .ipv6(let header): IPv6Header.length + Int(header.payloadLength)
        }
      originalCount = length
      quotedCount = min(quotedCount, length)
      quotation = quotation.lowerBound..<quotation.lowerBound + quotedCount
    }
    if let structure { extensions = Extensions(octets.extracting(structure)) }
  }
}

extension ICMPErrorDetail.Extensions {
  /// Reads a whole structure, as far as it can be read.
  init(_ structure: Span<UInt8>) {
    var reader = PacketReader(structure)
    do throws(PacketError) {
      let header = try ICMPExtensionHeader(parsing: &reader)
      var sum = InternetChecksum()
      sum.add(structure)
      isChecksumRight = header.checksum == 0 ? nil : sum.folded == 0xffff
      guard header.version == 2 else {
        throw PacketError(.icmpExtension, at: 0, .unexpectedVersion(header.version))
      }
      var objects: [ICMPExtensionObject] = []
      defer { for object in objects { take(object, structure) } }
      try ICMPExtensionObject.forEach(in: structure) { objects.append($0) }
    } catch {
      problem = error
    }
  }

  private mutating func take(_ object: ICMPExtensionObject, _ structure: Span<UInt8>) {
    let value = structure.extracting(object.value)
    var reader = PacketReader(value)
    switch object.classNumber {
    case ICMPExtensionObject.labelStack:
      while labels.count < ICMPErrorDetail.objectLimit,
        let label = try? MPLSLabel(parsing: &reader)
      {
        labels.append(label)
      }
    case ICMPExtensionObject.interfaceInformation
    where interfaces.count < ICMPErrorDetail.objectLimit:
      guard
        let information = try? ICMPInterfaceInformation(
          classType: object.classType, parsing: &reader)
      else { return otherCount += 1 }
      let name = information.name.map { Array(copying: value.extracting($0)) }
      interfaces.append(.init(information: information, name: name))
    default: otherCount += 1
    }
  }
}
