extension DNSName {
  /// The name that an address has in in-addr.arpa (RFC 1035 §3.5) or ip6.arpa (RFC 3596 §2.5).
  public init(reverse address: IPAddress) {
    let labels: [String]
    switch address {
    case .v4(let address):
      labels =
        stride(from: 0, to: 32, by: 8).map { String(address.bits >> $0 & 0xff) }
        + ["in-addr", "arpa"]
    case .v6(let address):
      labels =
        stride(from: 0, to: 128, by: 4).map {
          String(UInt8(truncatingIfNeeded: address.bits >> $0) & 0xf, radix: 16)
        } + ["ip6", "arpa"]
    }
    self = DNSName(labels: labels.map { Array($0.utf8) }) ?? .root  // 74 octets at most
  }

  /// The name is `zone` or ends with it (RFC 1034 §3.1: a domain is a subtree).
  public func isInside(_ zone: DNSName) -> Bool {
    let surplus = labels.count - zone.labels.count
    guard surplus >= 0 else { return false }
    return DNSName(labels: labels.dropFirst(surplus).map { Array($0) })?.isSame(as: zone) ?? false
  }
}
