import PacketWire

/// An IP packet that passed the checks that every receiver makes before it looks at the rest.
struct ReceivedPacket: Sendable {
  /// The network header, as it arrived.
  enum Header: Sendable {
    case ipv4(IPv4Header)
    case ipv6(IPv6Header)

    var isIPv4: Bool {
      if case .ipv4 = self { true } else { false }
    }
  }

  /// Why a packet is dropped without a word.
  enum Refusal: Error {
    case malformed
    case badChecksum
    case unroutable
  }

  /// The network header.
  let header: Header
  /// The whole packet, without what the link may have padded.
  private(set) var octets: [UInt8]

  /// Checks what RFC 1812 §5.2.2 and RFC 8200 §3 ask for: version, lengths, the IPv4 checksum.
  init(checking octets: [UInt8]) throws(Refusal) {
    guard let header = Header(octets) else { throw .malformed }
    guard (header.length...octets.count).contains(header.packetLength) else { throw .malformed }
    if case .ipv4 = header {
      var sum = InternetChecksum()
      sum.add(octets.span.extracting(first: header.length))
      guard sum.folded == 0xffff else { throw .badChecksum }
    }
    (self.header, self.octets) = (header, octets)
    guard source.isRoutable, destination.isRoutable else { throw .unroutable }
    self.octets.removeLast(octets.count - header.packetLength)
  }

  /// Who says that he sent it.
  var source: IPAddress {
    switch header {
    case .ipv4(let header): .v4(header.source)
    case .ipv6(let header): .v6(header.source)
    }
  }

  /// Whom it is for.
  var destination: IPAddress {
    switch header {
    case .ipv4(let header): .v4(header.destination)
    case .ipv6(let header): .v6(header.destination)
    }
  }

  /// Time to live or hop limit, as it arrived.
  var hopsLeft: UInt8 {
    switch header {
    case .ipv4(let header): header.timeToLive
    case .ipv6(let header): header.hopLimit
    }
  }

  /// The packet with one hop less, as a router sends it on; `hopsLeft` must not be 0. The IPv4
  /// checksum is updated and not computed anew, so that damage to the header on the way stays
  /// visible (RFC 1624 §3, equation 3; RFC 1812 §5.3.1).
  consuming func withOneHopLess() -> [UInt8] {
    guard case .ipv4(let header) = header else {
      octets[7] &-= 1
      return octets
    }
    let before = octets.span.u16(at: 8)
    octets[8] &-= 1
    octets.setWord(
      at: 10, header.checksum.updatedChecksum(from: before, to: octets.span.u16(at: 8)))
    return octets
  }
}

extension IPAddress {
  /// A router here forwards from and to it. Not so: this network, loopback, multicast, the limited
  /// broadcast and what is reserved beside it (RFC 1812 §5.3.7, RFC 1112 §4); unspecified, loopback,
  /// link-local and multicast of IPv6 (RFC 4291 §2.5, §2.7).
  var isRoutable: Bool {
    switch self {
    case .v4(let address):
      address.bits >> 24 != 0 && !address.isLoopback && address.bits < 0xe000_0000
    case .v6(let address): address.bits > 1 && !address.isLinkLocal && !address.isMulticast
    }
  }
}

extension ReceivedPacket.Header {
  /// The header that `octets` begin with, if they do.
  fileprivate init?(_ octets: [UInt8]) {
    var reader = PacketReader(octets.span)
    do throws(PacketError) {
      self =
        octets.first.map { $0 >> 4 } == IPFamily.v6.rawValue
        ? .ipv6(try IPv6Header(parsing: &reader)) : .ipv4(try IPv4Header(parsing: &reader))
    } catch {
      return nil
    }
  }

  /// Of the header, in octets, without extension headers.
  var length: Int {
    switch self {
    case .ipv4(let header): header.length
    case .ipv6: IPv6Header.length
    }
  }

  /// Of the whole packet, as the header says, in octets.
  fileprivate var packetLength: Int {
    switch self {
    case .ipv4(let header): Int(header.totalLength)
    case .ipv6(let header): IPv6Header.length + Int(header.payloadLength)
    }
  }
}
