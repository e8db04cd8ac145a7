import PacketWire

extension Explainer {
  private static let section = "RFC 8200 §3"
  /// As many as the decoder of the other tools walks over.
  private static let chainLimit = 16

  /// An IPv6 packet.
  mutating func ipv6(isQuoted: Bool, originalLength: Int) throws(Stop) {
    begin("IPv6 header")
    let start = offset
    try field("Version", bits: 4, Self.section) {
      Said("\($0)", "the sixth version of the Internet Protocol")
    }
    try trafficClass()
    try field("Flow Label", bits: 20, "RFC 6437 §2") {
      $0 == 0
        ? Said("0x00000", "none: routers tell flows by ports and addresses")
        : Self.code($0, 5, "the same in all packets of a flow, so that they take the same way")
    }
    let here = end - start - IPv6Header.length
    let payload = Int(
      try field("Payload Length", bits: 16, Self.section) { value in
        if value == 0 { return Said("0", "nothing follows, or a jumbogram does (RFC 2675)") }
        let seen = Int(value) > here ? ", of which \(max(here, 0)) are here" : ""
        return Said(Self.count(value, "octet"), "of all that follows this header\(seen)")
      })
    let next = try next("Next Header", Self.section)
    try hopsLeft("Hop Limit", Self.section)
    try address("Source Address", .v6, Self.section, "who says that he sent it")
    try address("Destination Address", .v6, Self.section, "whom it is for")
    let isJumbo = payload == 0 && next == .hopByHop
    let length = isJumbo ? end - start : IPv6Header.length + payload
    decode(from: start, originalLength: max(originalLength, length))
    try carried(length: length, from: start, isQuoted: isQuoted) {
      (inner: inout Explainer) throws(Stop) in
      try inner.chain(from: next)
    }
  }

  /// The extension headers and what they lead to.
  private mutating func chain(from first: IPProtocol) throws(Stop) {
    var next = first
    var isLater = false
    for _ in 0..<Self.chainLimit {
      guard available > 0, !isLater else { break }
      if next == .fragment {
        (next, isLater) = try fragmentHeader()
      } else if IPv6ExtensionHeader.isExtension(next) {
        next = try extensionHeader(next)
      } else {
        break
      }
    }
    if next == .noNextHeader, available > 0 {
      begin("No next header")
      return rest("Data", "RFC 8200 §4.7", "a receiver ignores it")
    }
    if IPv6ExtensionHeader.isExtension(next) || next == .fragment, available > 0, !isLater {
      begin("IPv6 extension headers")
      throw stop("more than \(Self.chainLimit) extension headers")
    }
    try transport(next, .v6, isLater: isLater)
  }

  private mutating func fragmentHeader() throws(Stop) -> (next: IPProtocol, isLater: Bool) {
    let source = "RFC 8200 §4.5"
    begin("IPv6 fragment header")
    let next = try next("Next Header", source)
    try reserved(bits: 8, source)
    let place = try field("Fragment Offset", bits: 13, source) {
      $0 == 0
        ? Said("0", "the first fragment, or the whole packet")
        : Said("\($0 * 8) octets", "how far into the whole packet's data this fragment starts")
    }
    try reserved("Res", bits: 2, source)
    try flag(
      "M flag", source, set: "more fragments of the same packet follow",
      clear: "the last fragment")
    try field("Identification", bits: 32, source) {
      Self.code($0, 8, "the same in all fragments of one packet")
    }
    return (next, place > 0)
  }

  private mutating func extensionHeader(_ kind: IPProtocol) throws(Stop) -> IPProtocol {
    let (title, source) = Self.title(of: kind)
    begin(title)
    let start = offset
    let next = try next("Next Header", source)
    let isAuthentication = kind == .authentication
    let units = try field(isAuthentication ? "Payload Len" : "Hdr Ext Len", bits: 8, source) {
      let length = isAuthentication ? ($0 + 2) * 4 : ($0 + 1) * 8
      return Said("\($0)", "the header has \(length) octets")
    }
    let length = Int(isAuthentication ? (units + 2) * 4 : (units + 1) * 8)
    let isWhole = start + length <= end
    do throws(Stop) {
      try within(start + length - offset) { (inner: inout Explainer) throws(Stop) in
        switch kind {
        case .hopByHop, .destinationOptions: try inner.ipv6Options(source)
        case .routing: try inner.routing(source)
        default: inner.rest("Header Data", source, "the header's own data")
        }
      }
    } catch {
      // Where the next header begins is known all the same.
    }
    guard isWhole else { throw stop("cut short: the header has \(length) octets") }
    return next
  }

  private static func title(of kind: IPProtocol) -> (String, String) {
    switch kind {
    case .hopByHop: ("IPv6 hop-by-hop options header", "RFC 8200 §4.3")
    case .destinationOptions: ("IPv6 destination options header", "RFC 8200 §4.6")
    case .routing: ("IPv6 routing header", "RFC 8200 §4.4")
    case .authentication: ("Authentication header", "RFC 4302 §2")
    case .mobility: ("Mobility header", "RFC 6275 §6.1")
    case .hostIdentity: ("Host identity header", "RFC 7401 §5.1")
    default: ("Shim6 header", "RFC 5533 §5.1")
    }
  }

  /// Options in the form of RFC 8200 §4.2, up to `end`.
  private mutating func ipv6Options(_ source: String) throws(Stop) {
    while available > 0 {
      let kind = octets[offset]
      let section = "RFC 8200 §4.2"
      if kind == 0 {
        try field("Pad1", bits: 8, section) { Said("\($0)", "one octet of filling") }
        continue
      }
      try field("Option Type", bits: 8, section) {
        let unknown = [
          "skips it", "drops the packet", "drops the packet and says so",
          "drops the packet and says so, unless it was multicast",
        ][Int($0 >> 6)]
        let name = Self.name(ofIPv6Option: UInt8($0))
        return Said("\($0) (\(name))", "who does not know the option \(unknown)")
      }
      let room = available - 1
      let length = Int(
        try field("Opt Data Len", bits: 8, section) {
          Said(Self.count($0, "octet"), "of option data", Int($0) <= room ? .neutral : .wrong)
        })
      guard length <= room else { throw stop("an option's length of \(length) cannot be") }
      try field("Option Data", octets: length, Self.source(ofIPv6Option: kind)) { octets in
        Self.say(ipv6Option: kind, octets)
      }
    }
  }

  private static func say(ipv6Option kind: UInt8, _ octets: Span<UInt8>) -> Said {
    switch (kind, octets.count) {
    case (1, _): Said(count(octets.count, "octet"), "filling")
    case (5, 2): Said("\(octets.u16(at: 0))", "every router on the way looks at this packet")
    case (0xc2, 4): Said(count(octets.u32(at: 0), "octet"), "the length of a jumbogram's payload")
    case (0xc9, 16): Said("\(octets.ipv6Address(at: 0))", "the home address of a mobile node")
    default: Said(count(octets.count, "octet"), "the option's own data")
    }
  }

  private static func name(ofIPv6Option kind: UInt8) -> String {
    switch kind {
    case 1: "PadN"
    case 5: "Router Alert"
    case 0xc2: "Jumbo Payload"
    case 0xc9: "Home Address"
    default: "unknown"
    }
  }

  private static func source(ofIPv6Option kind: UInt8) -> String {
    switch kind {
    case 5: "RFC 2711 §2.1"
    case 0xc2: "RFC 2675 §2"
    case 0xc9: "RFC 6275 §6.3"
    default: "RFC 8200 §4.2"
    }
  }

  private mutating func routing(_ source: String) throws(Stop) {
    let type = try field("Routing Type", bits: 8, source) { value in
      switch value {
      case 0: Said("0", "source route; no longer allowed (RFC 5095)")
      case 2: Said("2", "to a mobile node's home address (RFC 6275 §6.4)")
      case 4: Said("4", "segment routing (RFC 8754)")
      default: Said("\(value)", "another kind of route")
      }
    }
    try field("Segments Left", bits: 8, source) {
      Said("\($0)", $0 == 0 ? "the route is done" : "stops that it has still to make")
    }
    try field("Type-specific Data", bits: 32, source) { Self.code($0, 8, "as the type has it") }
    // Type 4 has as many segments as its first word says, and may have options behind them.
    let hasAddresses = type == 0 || type == 2
    while hasAddresses, available >= 16 {
      try address("Address", .v6, source, "a stop of the route")
    }
    rest("Type-specific Data", source, "as the type has it")
  }
}
