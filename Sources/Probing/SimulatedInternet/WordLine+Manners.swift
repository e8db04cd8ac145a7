import LineFormat
import PacketWire

extension WordLine {
  /// What may be said of a router.
  enum MannersWord: String, CaseIterable {
    case silent, limit, quote, zerottl, source, mpls, interface, balance, oldext, probe, clock,
      mask, info, network
  }

  /// Reads what stands behind a word.
  mutating func take(
    _ word: MannersWord, of manners: inout RouterManners
  ) throws(LineError) {
    switch word {
    case .silent: manners.isSilent = true
    case .limit:
      let limit = try take("a limit such as 10/s or 1/s:6", TopologyValue.errorLimit)
      manners.errorLimit = limit
    case .quote:
      let length = try take("a number of octets from 0 to 1280") {
        LineValue.wholeNumber($0).flatMap { $0 <= 1280 ? Int($0) : nil }
      }
      manners.quotedLength = length
    case .oldext: manners.extendsOldStyle = true
    case .probe: manners.answersProbes = true
    case .clock:
      let offset = try take("how far its clock is ahead such as 5s or -20ms", TopologyValue.offset)
      manners.clockOffset = offset
    case .mask:
      let length = try take("a prefix length from 0 to 32") {
        LineValue.wholeNumber($0).flatMap { $0 <= 32 ? Int($0) : nil }
      }
      manners.maskLength = length
    case .info: manners.answersInformation = true
    case .network: manners.answersInformationRequests = true
    case .zerottl: manners.forwardsExhausted = true
    case .source: manners.errorSource = try takeSource()
    case .mpls:
      let labels = try take("labels such as 24001 or 24001,16", TopologyValue.labels)
      manners.labels = labels
    case .interface:
      let name = try take("an interface's name of at most 59 octets") {
        (1...59).contains($0.utf8.count) ? $0 : nil
      }
      manners.interfaceName = name
    case .balance:
      let balancing = try take(
        "flow, packet, destination or flap:TIME such as flap:10s", TopologyValue.balancing)
      manners.balancing = balancing
    }
  }

  private mutating func takeSource() throws(LineError) -> ErrorSource {
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

extension WordLine {
  /// What a router may change in packets.
  enum EditWord: String, CaseIterable {
    case dscp, bleach, mss
  }

  /// Reads what stands behind a word.
  mutating func take(_ word: EditWord, of edits: inout PacketEdits) throws(LineError) {
    switch word {
    case .dscp:
      let dscp = try take("a DSCP from 0 to 63") {
        LineValue.wholeNumber($0).flatMap { $0 <= 63 ? UInt8($0) : nil }
      }
      edits.dscp = dscp
    case .bleach: edits.bleachesECN = true
    case .mss:
      let size = try take("a segment size from 1 to 65535") {
        LineValue.wholeNumber($0).flatMap { $0 >= 1 ? UInt16(exactly: $0) : nil }
      }
      edits.maximumSegmentSize = size
    }
  }
}

extension WordLine {
  /// What a router may keep from passing.
  enum FirewallWord: String, CaseIterable {
    case drop, reject, prohibit

    var action: Firewall.Action {
      switch self {
      case .drop: .drop
      case .reject: .reject
      case .prohibit: .prohibit
      }
    }
  }

  /// Reads what stands behind a word.
  mutating func take(_ word: FirewallWord, of firewall: inout Firewall) throws(LineError) {
    let rules = try take("what to stop such as udp or tcp:25,icmp") {
      TopologyValue.directions($0, TopologyValue.matches)
    }
    for (matches, place) in [(rules.outward, \Firewall.outward), (rules.homeward, \.homeward)]
    where !matches.isEmpty {
      firewall[keyPath: place].append(Firewall.Rule(word.action, matches))
    }
  }
}
