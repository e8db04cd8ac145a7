import PacketWire

extension TopologyLine {
  /// What may be said of a router.
  enum MannersWord: String, CaseIterable {
    case silent, limit, quote, zerottl, source
  }

  /// Reads what stands behind a word.
  mutating func take(
    _ word: MannersWord, of manners: inout RouterManners
  ) throws(TopologyError) {
    switch word {
    case .silent: manners.isSilent = true
    case .limit:
      let limit = try take("a limit such as 10/s or 1/s:6", TopologyValue.errorLimit)
      manners.errorLimit = limit
    case .quote:
      let length = try take("a number of octets from 0 to 1280") {
        TopologyValue.wholeNumber($0).flatMap { $0 <= 1280 ? Int($0) : nil }
      }
      manners.quotedLength = length
    case .zerottl: manners.forwardsExhausted = true
    case .source: manners.errorSource = try takeSource()
    }
  }

  private mutating func takeSource() throws(TopologyError) -> ErrorSource {
    if skip("far") { return .farInterface }
    var addresses = NodeAddresses(nil, nil)
    repeat {
      switch try take("far, or an IPv4 or IPv6 address", { IPAddress($0) }) {
      case .v4(let address) where addresses.ipv4 == nil: addresses.ipv4 = address
      case .v6(let address) where addresses.ipv6 == nil: addresses.ipv6 = address
      default: throw error("at most one address of each family", back: 1)
      }
    } while nextWord.map { IPAddress($0.text) != nil } ?? false
    return .address(addresses)
  }
}
