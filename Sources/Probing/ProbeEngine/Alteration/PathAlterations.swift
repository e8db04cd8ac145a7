/// What a path did to the probes of a trace: each field that somebody changed, where, and whether it was
/// the path or only a router that quotes wrongly.
public struct PathAlterations: Hashable, Sendable {
  /// What was found, from this host on; at one place in the order of the wire.
  public let all: [PathAlteration]
  /// The hops that it was found by, in the order of their distance.
  public let hops: [QuotingHop]

  /// What the path did, or may have done.
  public var ofPath: [PathAlteration] { all.filter { $0.cause != .quotation } }
  /// What routers quote wrongly.
  public var ofQuotations: [PathAlteration] { all.filter { $0.cause == .quotation } }

  /// Compares what the hops of a trace quote. Of hops at the same distance all count; those between that
  /// are not there did not answer.
  public init(hops: [QuotingHop]) {
    var byDistance: [Int: QuotingHop] = [:]
    for hop in hops where (1...255).contains(hop.distance) {
      var known = byDistance[hop.distance] ?? QuotingHop(distance: hop.distance, alterations: [])
      known.alterations += hop.alterations
      known.hasAnswered = known.hasAnswered || hop.hasAnswered
      byDistance[hop.distance] = known
    }
    let last = byDistance.keys.max() ?? 0
    let hops = (0..<last).map {
      byDistance[$0 + 1] ?? QuotingHop(distance: $0 + 1, alterations: [])
    }
    self.hops = hops
    all = DatagramField.allCases.flatMap { FieldHistory(of: $0, in: hops).alterations }
      .sorted {
        ($0.place.before, $0.field.rawValue) < ($1.place.before, $1.field.rawValue)
      }
  }

  /// Something between was translated: an address, a port or an identifier; or a transport checksum was
  /// changed by itself, which is what stays to be seen of a translator that puts back all else in what is
  /// quoted (RFC 3022 §4.3).
  public var showsTranslation: Bool { ofPath.contains { $0.isTranslation } }
}

extension PathAlteration {
  /// It is the work of a translator of addresses (RFC 3022): the change to the checksum alone included.
  public var isTranslation: Bool {
    switch (change, field) {
    case (.translated, _): true
    case (.checksumRewritten, .udpChecksum), (.checksumRewritten, .tcpChecksum),
      (.checksumRewritten, .icmpChecksum):
      true
    default: false
    }
  }
}
