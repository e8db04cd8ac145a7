extension DNSName {
  /// The name that an address has in in-addr.arpa (RFC 1035 §3.5) or ip6.arpa (RFC 3596 §2.5).
  public init(reverse address: IPAddress) {
    let tree = address.family == .v4 ? "in-addr" : "ip6"
    let labels = Self.reversedLabels(of: address) + [tree, "arpa"]
    self = DNSName(labels: labels.map { Array($0.utf8) }) ?? .root  // 74 octets at most
  }

  /// The name of an address in a zone that is built as those two are: its octets, or of IPv6 its hex
  /// digits, the last one first. `nil` if that would be too long for a name.
  public init?(reversing address: IPAddress, below zone: DNSName) {
    let labels = Self.reversedLabels(of: address).map { Array($0.utf8) }
    self.init(labels: labels + zone.labels.map { Array($0) })
  }

  /// The name of `label` in a zone. `nil` if that would be too long, or the label is none.
  public init?(_ label: String, below zone: DNSName) {
    self.init(labels: [Array(label.utf8)] + zone.labels.map { Array($0) })
  }

  private static func reversedLabels(of address: IPAddress) -> [String] {
    switch address {
    case .v4(let address):
      stride(from: 0, to: 32, by: 8).map { String(address.bits >> $0 & 0xff) }
    case .v6(let address):
      stride(from: 0, to: 128, by: 4).map {
        String(UInt8(truncatingIfNeeded: address.bits >> $0) & 0xf, radix: 16)
      }
    }
  }

  /// The name is `zone` or ends with it (RFC 1034 §3.1: a domain is a subtree).
  public func isInside(_ zone: DNSName) -> Bool {
    let surplus = labels.count - zone.labels.count
    guard surplus >= 0 else { return false }
    return DNSName(labels: labels.dropFirst(surplus).map { Array($0) })?.isSame(as: zone) ?? false
  }
}
