import PacketWire

extension Explainer {
  private static let section = "RFC 791 §3.1"

  /// The options of an IPv4 header, up to `end`.
  mutating func ipv4Options() throws(Stop) {
    while available > 0 {
      let kind = octets[offset]
      let source = Self.source(ofIPv4Option: kind)
      if kind == IPv4Option.endOfList {
        try field("End of Option List", octets: available, source) { octets in
          Said("0", "no option follows; \(Self.count(octets.count, "octet")) fill the header up")
        }
        return
      }
      if kind == IPv4Option.noOperation {
        try field("No Operation", bits: 8, source) {
          Said("\($0)", "does nothing: puts the next option on a boundary")
        }
        continue
      }
      try optionStart(kind, Self.name(ofIPv4Option: kind), source)
      let length = Int(try optionLength(source))
      try within(length - 2) { (inner: inout Explainer) throws(Stop) in
        try inner.ipv4Option(kind, source)
      }
    }
  }

  private mutating func optionStart(
    _ kind: UInt8, _ name: String, _ source: String
  ) throws(Stop) {
    try field("Option Type", bits: 8, source) {
      let copied = $0 & 0x80 != 0 ? "in every fragment" : "in the first fragment only"
      return Said("\($0) (\(name))", "which option this is; it stands \(copied)")
    }
  }

  /// The length octet of an option; throws where it cannot be.
  mutating func optionLength(_ source: String) throws(Stop) -> UInt64 {
    let room = available
    let length = try field("Option Length", bits: 8, source) { value in
      value >= 2 && Int(value) - 1 <= room
        ? Said(Self.count(value, "octet"), "of the option, type and length included")
        : Said("\(value)", "cannot be: an option has 2 octets at least, and must fit", .wrong)
    }
    guard length >= 2, Int(length) - 1 <= room else {
      throw stop("an option's length of \(length) cannot be")
    }
    return length
  }

  /// What an option holds behind its length, up to `end`.
  private mutating func ipv4Option(_ kind: UInt8, _ source: String) throws(Stop) {
    switch kind {
    case IPv4Option.recordRoute, IPv4Option.looseSourceRoute, IPv4Option.strictSourceRoute:
      try route(source, isRecord: kind == IPv4Option.recordRoute)
    case IPv4Option.timestamp: try timestamps(source)
    case IPv4Option.routerAlert where available == 2:
      try field("Value", bits: 16, source) {
        Said("\($0)", $0 == 0 ? "every router on the way looks at this packet" : "reserved")
      }
    default: rest("Option Data", source, "the option's own data")
    }
  }

  private mutating func route(_ source: String, isRecord: Bool) throws(Stop) {
    guard available > 0 else { return }
    let pointer = Int(
      try field("Pointer", bits: 8, source) {
        Said("\($0)", "where in the option, from 1, the next address is read or written")
      })
    // The first address has place 4; places count from the option's own first octet.
    var place = 4
    while available >= 4 {
      let isPast = place < pointer
      let meaning =
        switch (isRecord, isPast) {
        case (true, true): "a router that passed it on wrote its address here"
        case (true, false): "room for a router's address"
        case (false, true): "a stop that it has made"
        case (false, false): "a stop that it has still to make"
        }
      try address("Route Data", .v4, source, meaning)
      place += 4
    }
    rest("Route Data", source, "too short for an address")
  }

  private mutating func timestamps(_ source: String) throws(Stop) {
    guard available >= 2 else { return rest("Option Data", source, "too short to be read") }
    try field("Pointer", bits: 8, source) {
      Said("\($0)", "where in the option, from 1, the next time stamp is written")
    }
    try field("Overflow", bits: 4, source) {
      Said("\($0)", "how many hops had no room left for their time stamp")
    }
    let flag = try field("Flag", bits: 4, source) { value in
      switch value {
      case 0: Said("0", "time stamps only")
      case 1: Said("1", "each time stamp stands behind the address of who wrote it")
      case 3: Said("3", "the sender has named those who are to write")
      default: Said("\(value)", "a kind that RFC 791 does not know", .wrong)
      }
    }
    while available >= 4, flag == 0 || available >= 8 {
      if flag != 0 { try address("Internet Address", .v4, source, "whose time stamp follows") }
      try field("Timestamp", bits: 32, source) { value in
        value & 0x8000_0000 == 0
          ? Said("\(value) ms", "since midnight UT, by the clock of who wrote it")
          : Said(Self.hexadecimal(value, digits: 8), "in a unit of its own: the first bit is set")
      }
    }
    rest("Timestamp", source, "too short for another one")
  }

  private static func name(ofIPv4Option kind: UInt8) -> String {
    switch kind {
    case IPv4Option.recordRoute: "Record Route"
    case IPv4Option.timestamp: "Internet Timestamp"
    case 130: "Security"
    case IPv4Option.looseSourceRoute: "Loose Source and Record Route"
    case IPv4Option.strictSourceRoute: "Strict Source and Record Route"
    case 134: "Commercial Security"
    case 136: "Stream Identifier"
    case IPv4Option.routerAlert: "Router Alert"
    default: "unknown"
    }
  }

  private static func source(ofIPv4Option kind: UInt8) -> String {
    switch kind {
    case IPv4Option.routerAlert: "RFC 2113 §2.1"
    case 130: "RFC 1108 §2"
    default: section
    }
  }
}
