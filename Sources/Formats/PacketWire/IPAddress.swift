/// An address of either family.
public enum IPAddress: Hashable, Sendable, Comparable {
  case v4(IPv4Address)
  case v6(IPv6Address)

  /// Which header carries it.
  public var family: IPFamily {
    switch self {
    case .v4: .v4
    case .v6: .v6
    }
  }

  /// Feeds the address to `hasher`; which family it is of, its length tells.
  @inlinable
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .v4(let address): hasher.combine(address.bits)
    case .v6(let address): hasher.combine(address.bits)
    }
  }

  /// A group address of its family.
  public var isMulticast: Bool {
    switch self {
    case .v4(let address): address.isMulticast
    case .v6(let address): address.isMulticast
    }
  }
}

extension IPAddress: LosslessStringConvertible {
  /// Dotted decimal, or the text of RFC 5952.
  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }

  /// Reads an address of either family; names and scope ids are refused.
  public init?(_ text: String) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }
}

/// The two versions of the Internet Protocol; the raw value is the version number on the wire.
public enum IPFamily: UInt8, Hashable, Sendable, CaseIterable {
  case v4 = 4
  case v6 = 6
}
