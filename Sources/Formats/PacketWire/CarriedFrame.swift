/// A packet or frame that stands inside another one: what a tunnel carries, or what an ICMP error
/// quotes. It is decoded as a frame of its own, from its own octets.
public struct CarriedFrame: Hashable, Sendable {
  /// Why it stands there.
  public enum Role: Hashable, Sendable {
    /// An ICMP error brings it back to its sender, perhaps cut (RFC 792, RFC 4443 §2.4).
    case quoted
    /// It is on its way through a tunnel.
    case tunnelled
  }

  /// Why it stands there.
  public var role: Role
  /// How it begins.
  public var linkType: LinkType
  /// Where it stands in the octets of the frame around it.
  public var octets: Range<Int>
  /// How long it was on the wire, by the headers around it; in octets.
  public var originalLength: Int

  /// A frame at that place.
  public init(role: Role, linkType: LinkType, octets: Range<Int>, originalLength: Int) {
    (self.role, self.linkType) = (role, linkType)
    (self.octets, self.originalLength) = (octets, originalLength)
  }
}

extension Frame {
  /// How many frames within frames are walked; more is no network but an attack on decoders.
  public static let maximumDepth = 8

  /// It has a header that can stand before a packet in a tunnel. Most have none, and need not be asked
  /// further.
  public var mayBeTunnel: Bool {
    switch transport {
    case .udp, .gre, .other: true
    default: false
    }
  }

  /// What this frame carries or quotes, if that is a packet or frame of its own.
  ///
  /// A frame can carry another one in each of its layers, so whoever walks inwards stops at
  /// `maximumDepth`.
  ///
  /// - Parameter octets: the octets this frame was decoded from.
  /// - Returns: where it stands; nil where there is none, or where this frame could not be read.
  public func carried(in octets: Span<UInt8>) -> CarriedFrame? {
    guard problem == nil, payload.upperBound <= octets.count, !payload.isEmpty else { return nil }
    switch transport {
    case .other(.pim): return registered(in: octets)
    case .icmpv4(let header) where header.type.isError:
      let words = header.type.hasQuotationLength ? Int(octets[transportOffset + 5]) : 0
      return quotation(length: words * 4, .ipv4)
    case .icmpv6(let header) where header.type.isError:
      let words = header.type.hasQuotationLength ? Int(octets[transportOffset + 4]) : 0
      return quotation(length: words * 8, .ipv6)
    case .other(.ipv4): return tunnelled(.ipv4)
    case .other(.ipv6): return tunnelled(.ipv6)
    case .other(.ethernet): return tunnelled(.ethernet)
    case .gre(let header):
      guard let linkType = header.carriedLinkType else { return nil }
      return tunnelled(linkType)
    case .udp(let header):
      return header.isTo(VXLANHeader.port) || header.isTo(GeneveHeader.port)
        ? overlay(header, in: octets) : nil
    default: return nil
    }
  }

  /// What a VXLAN or a Geneve header stands before.
  private func overlay(_ header: UDPHeader, in octets: Span<UInt8>) -> CarriedFrame? {
    var reader = PacketReader(octets.extracting(payload))
    var linkType: LinkType? = .ethernet
    if header.isTo(VXLANHeader.port) {
      guard let vxlan = try? VXLANHeader(parsing: &reader), vxlan.hasIdentifier else { return nil }
    } else {
      guard let geneve = try? GeneveHeader(parsing: &reader), geneve.version == 0,
        (try? reader.take(geneve.optionsLength, for: .geneve)) != nil
      else { return nil }
      linkType = geneve.protocolType.carriedLinkType
    }
    guard let linkType, reader.available > 0 else { return nil }
    return CarriedFrame(
      role: .tunnelled, linkType: linkType,
      octets: payload.lowerBound + reader.offset..<payload.upperBound,
      originalLength: payloadLength - reader.offset)
  }

  /// What a router sends on to the rendezvous point of a multicast group in a Register message: the
  /// packet of a source, of either family, or the header of one (RFC 7761 §4.9.3).
  private func registered(in octets: Span<UInt8>) -> CarriedFrame? {
    let headerLength = 8
    // Version 2, type 1.
    guard payload.count > headerLength, octets[payload.lowerBound] == 0x21 else { return nil }
    return CarriedFrame(
      role: .tunnelled, linkType: .raw,
      octets: payload.lowerBound + headerLength..<payload.upperBound,
      originalLength: payloadLength - headerLength)
  }

  /// The quoted datagram ends where a length attribute puts it (RFC 4884 §3), or else with the message.
  private func quotation(length: Int, _ linkType: LinkType) -> CarriedFrame {
    let length = length == 0 ? payload.count : min(length, payload.count)
    return CarriedFrame(
      role: .quoted, linkType: linkType, octets: payload.lowerBound..<payload.lowerBound + length,
      originalLength: length)
  }

  private func tunnelled(_ linkType: LinkType) -> CarriedFrame {
    CarriedFrame(
      role: .tunnelled, linkType: linkType, octets: payload, originalLength: payloadLength)
  }
}

extension UDPHeader {
  /// One of its ports; an overlay's datagrams come from any other one.
  fileprivate func isTo(_ port: UInt16) -> Bool { destinationPort == port || sourcePort == port }
}

extension EtherType {
  /// How a frame begins that a tunnel announces by this type.
  var carriedLinkType: LinkType? {
    switch self {
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    case .transparentBridging: .ethernet
    // What Aruba's access points send to their controller, a number for each of their tunnels.
    case _ where (0x8200...0x8370).contains(rawValue) && rawValue & 0xf == 0: .ieee80211
    default: nil
    }
  }
}

extension GREHeader {
  /// How the frame begins that follows.
  var carriedLinkType: LinkType? {
    switch version {
    case 0: hasRouting ? nil : protocolType.carriedLinkType
    case 1: protocolType == .ppp && hasSequenceNumber ? .ppp : nil
    default: nil
    }
  }
}
