import PacketWire

extension PacketPrinter {
  /// Appends the fields of a router advertisement (RFC 4861 §4.2, RFC 4191 §2.2) and its options;
  /// false when they are not all there.
  mutating func appendRouterAdvertisement(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard options.isVerbose else { return true }
    guard body.count >= 8 else { return false }
    let flags = UInt8(truncatingIfNeeded: header.rest >> 16)
    out.append("\n\thop limit ")
    out.append(decimal: header.rest >> 24)
    out.append(", Flags [")
    out.append(
      flags: UInt32(flags),
      [(0x80, "managed"), (0x40, "other stateful"), (0x20, "home agent"), (0x04, "ND proxy")])
    out.append("], pref ")
    out.append(routePreference: flags)
    out.append(", router lifetime ")
    out.append(decimal: header.sequenceNumber)
    out.append("s, reachable time ")
    out.append(decimal: body.u32(at: 0))
    out.append("ms, retrans timer ")
    out.append(decimal: body.u32(at: 4))
    out.append("ms")
    return appendNeighborOptions(body.extracting(droppingFirst: 8), into: &out)
  }

  /// Appends the flags of a neighbor advertisement (RFC 4861 §4.4).
  func appendAdvertisementFlags(_ header: ICMPv6Header, into out: inout TextBuffer) {
    out.append(", Flags [")
    out.append(
      flags: header.rest,
      [(0x8000_0000, "router"), (0x4000_0000, "solicited"), (0x2000_0000, "override")])
    out.append(octet: 0x5d)
  }

  /// Appends the options behind a neighbor discovery message (RFC 4861 §4.6), a line each; false when
  /// they end too early.
  mutating func appendNeighborOptions(
    _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard options.isVerbose else { return true }
    var reader = PacketReader(octets)
    while reader.available > 0 {
      let start = reader.offset
      guard let option = try? NeighborOption(parsing: &reader) else { return false }
      out.append("\n\t  ")
      out.append(neighborOption: option.kind)
      out.append(" option (")
      out.append(decimal: option.kind)
      out.append("), length ")
      out.append(decimal: option.length)
      out.append(" (")
      out.append(decimal: option.length / 8)
      out.append("): ")
      let isKnown = append(option, octets.extracting(start..<reader.offset), into: &out)
      if !isKnown || options.verbosity > 1 {
        let indent = options.verbosity > 1 ? "\n\t    " : "\n\t  "
        out.append(hexDump: option.value.span, indented: indent)
      }
    }
    return true
  }

  /// False for an option that has no form, or whose length is not its own.
  private func append(
    _ option: NeighborOption, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch option.content {
    case .sourceLinkAddress(let address)?, .targetLinkAddress(let address)?: out.append(address)
    case .prefix(let prefix)?: append(prefix, into: &out)
    case .redirected?: out.append(hexDump: octets, indented: "\n\t    ")
    case .mtu(let octets)?:
      out.append(octet: 0x20)
      out.append(decimal: octets)
    case .advertisementInterval(let milliseconds)?:
      out.append(octet: 0x20)
      out.append(decimal: milliseconds)
      out.append("ms")
    case .homeAgent(let preference, let lifetime)?:
      out.append(" preference ")
      out.append(decimal: preference)
      out.append(", lifetime ")
      out.append(decimal: lifetime)
    case .nonce(let value)?:
      for index in value.indices {
        if index > 0 { out.append(octet: 0x20) }
        out.append(hex: value[index])
      }
    case .route(let prefix, let length, let flags, let lifetime)?:
      out.append(octet: 0x20)
      append(prefix, length: length, into: &out)
      out.append(", pref=")
      out.append(routePreference: flags)
      out.append(", lifetime=")
      out.append(lifetime: lifetime)
    case .nameServers(let addresses, let lifetime)?:
      out.append(" lifetime ")
      out.append(decimal: lifetime)
      out.append("s,")
      for address in addresses {
        out.append(" addr: ")
        append(.v6(address), into: &out)
      }
    case .translation(let prefix, let code, let lifetime)?:
      appendTranslation(prefix, lengthCode: code, lifetime: lifetime, into: &out)
    case nil:
      guard option.kind == 31, option.length >= 16 else { return false }
      appendSearchList(octets, into: &out)
    }
    return true
  }

  private func append(_ prefix: IPv6Address, length: UInt8, into out: inout TextBuffer) {
    append(.v6(prefix), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: length)
  }

  private func append(_ prefix: NeighborOption.Prefix, into out: inout TextBuffer) {
    append(prefix.address, length: prefix.length, into: &out)
    out.append(", Flags [")
    out.append(
      flags: UInt32(prefix.flags), [(0x80, "onlink"), (0x40, "auto"), (0x20, "router")])
    out.append("], valid time ")
    out.append(lifetime: prefix.validLifetime)
    out.append(", pref. time ")
    out.append(lifetime: prefix.preferredLifetime)
  }

  /// RFC 8106 §5.2: names without compression, one behind the other, and zeros.
  private func appendSearchList(_ option: Span<UInt8>, into out: inout TextBuffer) {
    out.append(" lifetime ")
    out.append(decimal: option.u32(at: 4))
    out.append("s, domain(s):")
    var offset = 8
    var isInName = false
    while offset < option.count {
      let count = Int(option[offset])
      guard count < 64, offset &+ 1 &+ count <= option.count else { return }
      if count == 0 {
        guard isInName else { return }
        isInName = false
      } else {
        if !isInName { out.append(octet: 0x20) }
        isInName = true
        out.append(
          untrusted: option.extracting(offset &+ 1..<offset &+ 1 &+ count), atMost: 256)
        out.append(octet: 0x2e)
      }
      offset &+= 1 &+ count
    }
  }

  /// RFC 8781 §4.
  private func appendTranslation(
    _ prefix: IPv6Address, lengthCode code: UInt8, lifetime: UInt16, into out: inout TextBuffer
  ) {
    append(.v6(prefix), into: &out)
    out.append(octet: 0x2f)
    let lengths = [96, 64, 56, 48, 40, 32]
    if Int(code) < lengths.count {
      out.append(decimal: lengths[Int(code)])
    } else {
      out.append("??")
    }
    out.append(" (plc ")
    out.append(decimal: code)
    out.append("), lifetime ")
    out.append(decimal: lifetime)
    out.append(octet: 0x73)
  }
}

extension TextBuffer {
  /// Appends the names of the flags that are set, with commas between, or `none`.
  mutating func append(flags: UInt32, _ names: [(UInt32, String)]) {
    let start = count
    for (bit, name) in names where flags & bit != 0 {
      if count > start { append(", ") }
      append(name)
    }
    if count == start { append("none") }
  }

  /// RFC 4191 §2.1.
  fileprivate mutating func append(routePreference flags: UInt8) {
    switch flags >> 3 & 3 {
    case 0: append("medium")
    case 1: append("high")
    case 2: append("rsv")
    default: append("low")
    }
  }

  /// Seconds; all ones stand for infinity (RFC 4861 §4.6.2).
  fileprivate mutating func append(lifetime seconds: UInt32) {
    guard seconds != .max else { return append("infinity") }
    append(decimal: seconds)
    append(octet: 0x73)
  }

  /// An option's name (IANA "IPv6 Neighbor Discovery Option Formats").
  fileprivate mutating func append(neighborOption kind: UInt8) {
    switch kind {
    case 1: append("source link-address")
    case 2: append("destination link-address")
    case 3: append("prefix info")
    case 4: append("redirected header")
    case 5: append("mtu")
    case 7: append("advertisement interval")
    case 8: append("homeagent information")
    case 14: append("nonce")
    case 24: append("route info")
    case 25: append("rdnss")
    case 31: append("dnssl")
    case 38: append("pref64")
    default: append("unknown")
    }
  }
}
