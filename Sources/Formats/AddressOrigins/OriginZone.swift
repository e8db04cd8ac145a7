public import PacketWire

/// A zone of the DNS that knows who runs addresses, built as Team Cymru's: an address has its TXT
/// records at `1.2.0.192.origin.` before the zone's name, or behind its hex digits at `origin6.`, and
/// an autonomous system at `AS64500.`.
public struct OriginZone: Hashable, Sendable {
  /// The zone's own name.
  public var name: DNSName

  /// A zone of any name.
  public init(_ name: DNSName) { self.name = name }

  /// Team Cymru's, which anybody may ask.
  public static let cymru = OriginZone(DNSName("asn.cymru.com") ?? .root)

  /// Where an address has its records; `nil` if the zone's name leaves no room for that.
  public func name(of address: IPAddress) -> DNSName? {
    DNSName(address.family == .v4 ? "origin" : "origin6", below: name)
      .flatMap { DNSName(reversing: address, below: $0) }
  }

  /// Where an autonomous system has its records; `nil` if the zone's name leaves no room for that.
  public func name(ofSystem number: UInt32) -> DNSName? { DNSName("AS\(number)", below: name) }
}
