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
    var offset = 0
    while offset < octets.count {
      guard offset &+ 2 <= octets.count else { return false }
      let length = Int(octets[offset &+ 1]) &* 8
      guard length > 0, offset &+ length <= octets.count else { return false }
      let option = octets.extracting(offset..<offset &+ length)
      out.append("\n\t  ")
      out.append(neighborOption: option[0])
      out.append(" option (")
      out.append(decimal: option[0])
      out.append("), length ")
      out.append(decimal: length)
      out.append(" (")
      out.append(decimal: option[1])
      out.append("): ")
      let isKnown = append(neighborOption: option, into: &out)
      if !isKnown || options.verbosity > 1 {
        let indent = options.verbosity > 1 ? "\n\t    " : "\n\t  "
        out.append(hexDump: option.extracting(droppingFirst: 2), indented: indent)
      }
      offset &+= length
    }
    return true
  }

  /// False for an option that has no form, or whose length is not its own.
  private func append(
    neighborOption option: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch (option[0], option.count) {
    case (1, 8), (2, 8): out.append(MACAddress(bits: option.u48(at: 2)))
    case (3, 32): appendPrefix(option, into: &out)
    case (4, _): out.append(hexDump: option, indented: "\n\t    ")
    case (5, 8):
      out.append(octet: 0x20)
      out.append(decimal: option.u32(at: 4))
    case (7, 8):
      out.append(octet: 0x20)
      out.append(decimal: option.u32(at: 4))
      out.append("ms")
    case (8, 8):
      out.append(" preference ")
      out.append(decimal: option.u16(at: 4))
      out.append(", lifetime ")
      out.append(decimal: option.u16(at: 6))
    case (14, _):
      for index in 2..<option.count {
        if index > 2 { out.append(octet: 0x20) }
        out.append(hex: option[index])
      }
    case (24, 8...24): appendRoute(option, into: &out)
    case (25, 24...): appendServers(option, into: &out)
    case (31, 16...): appendSearchList(option, into: &out)
    case (38, 16): appendTranslationPrefix(option, into: &out)
    default: return false
    }
    return true
  }

  /// RFC 4861 §4.6.2; the router flag: RFC 6275 §7.2.
  private func appendPrefix(_ option: Span<UInt8>, into out: inout TextBuffer) {
    append(.v6(option.ipv6Address(at: 16)), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: option[2])
    out.append(", Flags [")
    out.append(
      flags: UInt32(option[3]), [(0x80, "onlink"), (0x40, "auto"), (0x20, "router")])
    out.append("], valid time ")
    out.append(lifetime: option.u32(at: 4))
    out.append(", pref. time ")
    out.append(lifetime: option.u32(at: 8))
  }

  /// RFC 4191 §2.3: of the prefix as much as the length leaves room for.
  private func appendRoute(_ option: Span<UInt8>, into out: inout TextBuffer) {
    let high = option.count >= 16 ? option.u64(at: 8) : 0
    let low = option.count >= 24 ? option.u64(at: 16) : 0
    out.append(octet: 0x20)
    append(.v6(IPv6Address(bits: UInt128(high) << 64 | UInt128(low))), into: &out)
    out.append(octet: 0x2f)
    out.append(decimal: option[2])
    out.append(", pref=")
    out.append(routePreference: option[3])
    out.append(", lifetime=")
    out.append(lifetime: option.u32(at: 4))
  }

  /// RFC 8106 §5.1.
  private func appendServers(_ option: Span<UInt8>, into out: inout TextBuffer) {
    out.append(" lifetime ")
    out.append(decimal: option.u32(at: 4))
    out.append("s,")
    var offset = 8
    while offset &+ 16 <= option.count {
      out.append(" addr: ")
      append(.v6(option.ipv6Address(at: offset)), into: &out)
      offset &+= 16
    }
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
  private func appendTranslationPrefix(_ option: Span<UInt8>, into out: inout TextBuffer) {
    let bits = UInt128(option.u64(at: 4)) << 64 | UInt128(option.u32(at: 12)) << 32
    append(.v6(IPv6Address(bits: bits)), into: &out)
    out.append(octet: 0x2f)
    let code = option[3] & 7
    let lengths = [96, 64, 56, 48, 40, 32]
    if Int(code) < lengths.count {
      out.append(decimal: lengths[Int(code)])
    } else {
      out.append("??")
    }
    out.append(" (plc ")
    out.append(decimal: code)
    out.append("), lifetime ")
    out.append(decimal: option.u16(at: 2) & 0xfff8)
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
