import PacketWire

extension PacketPrinter {
  /// How the options begin that nearly every segment has: padding, kind and length of time stamps (RFC
  /// 7323 appendix A).
  static var paddedTimestamps: UInt32 { 0x0101_080a }

  /// Writes such options, 51 octets at the most. Returns where they end.
  @inline(__always)
  func putTimestamps(_ list: Span<UInt8>, at index: Int, into out: inout TextBuffer) -> Int {
    var end = out.put(", options [nop,nop,TS val ", at: index)
    end = out.put(decimal: list.u32(at: 4), at: end)
    end = out.put(" ecr ", at: end)
    end = out.put(decimal: list.u32(at: 8), at: end)
    return out.put(octet: 0x5d, at: end)
  }

  /// Appends the options of a TCP header, `missing` octets of which were not captured; false when
  /// they could not be read to their end. The edges of SACK blocks count from `selectiveBase`.
  mutating func appendOptions(
    _ octets: Span<UInt8>, missing: Int, selectiveBase: UInt32, into out: inout TextBuffer
  ) -> Bool {
    out.append(", options [")
    let whole = octets.count &+ missing
    var index = 0
    while index < whole {
      if index > 0 { out.append(octet: 0x2c) }
      guard index < octets.count else { return endCut(isClosed: false, into: &out) }
      let kind = octets[index]
      if kind < 2 {
        out.append(kind == 0 ? "eol" : "nop")
        if kind == 0 {
          // Nobody misses what was not captured behind the end.
          isMarked = missing > 0
          break
        }
        index &+= 1
        continue
      }
      guard index &+ 1 < whole else { return endBad(isFirst: index == 0, into: &out) }
      guard index &+ 1 < octets.count else { return endCut(isClosed: false, into: &out) }
      let length = Int(octets[index &+ 1])
      guard length >= 2, index &+ length <= whole else {
        return endBad(isFirst: index == 0, into: &out)
      }
      out.append(optionName: kind)
      let value = octets.extracting(
        min(index &+ 2, octets.count)..<min(index &+ length, octets.count))
      guard value.count == length &- 2 else {
        if kind == 5, (length &- 2) & 7 == 0 {
          appendSelective(value, count: (length &- 2) / 8, base: selectiveBase, into: &out)
        }
        return endCut(isClosed: index > 0, into: &out)
      }
      if let nominal = Self.nominalLength(ofOption: kind), nominal != length {
        // A kind with a length of its own is read as if it had it, and what follows too.
        guard index &+ nominal <= whole else {
          return endBad(isFirst: index == 0, into: &out)
        }
        guard index &+ nominal <= octets.count else {
          return endCut(isClosed: index > 0, into: &out)
        }
        append(
          optionValue: octets.extracting(index &+ 2..<index &+ nominal), kind: kind,
          selectiveBase: selectiveBase, into: &out)
        out.append("[len ")
        out.append(decimal: length)
        out.append(octet: 0x5d)
        index &+= nominal
        continue
      }
      append(optionValue: value, kind: kind, selectiveBase: selectiveBase, into: &out)
      index &+= length
    }
    out.append(octet: 0x5d)
    return true
  }

  /// Ends the list at what was not captured. tcpdump closes it in its own way where it is an option's
  /// value that was cut, unless that is the first one's.
  private mutating func endCut(isClosed: Bool, into out: inout TextBuffer) -> Bool {
    appendCut("tcp", into: &out)
    if isClosed { out.append(octet: 0x3e) }
    return false
  }

  private mutating func endBad(isFirst: Bool, into out: inout TextBuffer) -> Bool {
    out.append("[bad opt]")
    if !isFirst { out.append(octet: 0x5d) }
    isMarked = true
    return false
  }

  private mutating func append(
    optionValue value: Span<UInt8>, kind: UInt8, selectiveBase: UInt32,
    into out: inout TextBuffer
  ) {
    switch (kind, value.count) {
    case (2, 2):
      out.append(octet: 0x20)
      out.append(decimal: value.u16(at: 0))
    case (3, 1):
      out.append(octet: 0x20)
      out.append(decimal: value[0])
    case (4, 0): break
    case (5, _):
      guard value.count & 7 == 0 else { return out.append(" invalid sack") }
      appendSelective(value, count: value.count / 8, base: selectiveBase, into: &out)
    case (6, 4), (7, 4), (11, 4), (12, 4), (13, 4):
      out.append(octet: 0x20)
      out.append(decimal: value.u32(at: 0))
    case (8, 8):
      out.append(" val ")
      out.append(decimal: value.u32(at: 0))
      out.append(" ecr ")
      out.append(decimal: value.u32(at: 4))
    case (28, 2):
      out.append(" 0x")
      out.append(hex: value.u16(at: 0), digits: 1)
      // RFC 5482 §3: the first bit makes it minutes. tcpdump takes the last one for it.
      out.append(octet: 0x20)
      out.append(decimal: UInt32(value.u16(at: 0) & 0x7fff) &* (value[0] & 0x80 != 0 ? 60 : 1))
    case (29, _): appendAuthentication(value, into: &out)
    case (30, _): appendMultipath(value, into: &out)
    case (19, 16):
      // RFC 2385 §2; nobody has told the key.
      out.append(" shared secret not supplied with -M, can't check - ")
      for index in value.indices { out.append(hex: value[index]) }
    case (34, _):
      out.append(octet: 0x20)
      appendFastOpen(value, into: &out)
    case (254, 2...): appendExperiment(value, into: &out)
    default: appendHex(value, into: &out)
    }
  }

  /// The length that an option of this kind always has; nil for those with any.
  private static func nominalLength(ofOption kind: UInt8) -> Int? {
    switch kind {
    case 2: 4
    case 3: 3
    case 4: 2
    case 6, 7, 11...13: 6
    case 8: 10
    case 19: 18
    case 28: 4
    default: nil
    }
  }

  private func appendHex(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard !value.isEmpty else { return }
    out.append(" 0x")
    for index in value.indices { out.append(hex: value[index]) }
  }

  /// As many blocks of `count` as were captured (RFC 2018 §3).
  private func appendSelective(
    _ value: Span<UInt8>, count: Int, base: UInt32, into out: inout TextBuffer
  ) {
    out.append(octet: 0x20)
    out.append(decimal: count)
    out.append(octet: 0x20)
    var offset = 0
    while offset &+ 8 <= value.count {
      out.append(octet: 0x7b)
      out.append(decimal: value.u32(at: offset) &- base)
      out.append(octet: 0x3a)
      out.append(decimal: value.u32(at: offset &+ 4) &- base)
      out.append(octet: 0x7d)
      offset &+= 8
    }
  }

  /// RFC 5925 §2.2: at least the two key identifiers.
  private mutating func appendAuthentication(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard value.count >= 2 else { return appendInvalid(into: &out) }
    out.append(" keyid ")
    out.append(decimal: value[0])
    out.append(" rnextkeyid ")
    out.append(decimal: value[1])
    guard value.count > 2 else { return }
    out.append(" mac")
    appendHex(value.extracting(droppingFirst: 2), into: &out)
  }

  /// RFC 7413 §4.1.1: no cookie asks for one; a cookie has 4 to 16 octets, an even number of them.
  private mutating func appendFastOpen(_ value: Span<UInt8>, into out: inout TextBuffer) {
    if value.isEmpty { return out.append(" cookiereq") }
    guard value.count & 1 == 0, (4...16).contains(value.count) else {
      return appendInvalid(into: &out)
    }
    out.append(" cookie ")
    for index in value.indices { out.append(hex: value[index]) }
  }

  /// RFC 6994 §3: the first two octets say which experiment.
  private mutating func appendExperiment(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(octet: 0x2d)
    guard value.u16(at: 0) != 0xf989 else {
      out.append("tfo")
      return appendFastOpen(value.extracting(droppingFirst: 2), into: &out)
    }
    out.append(hex: value.u16(at: 0))
  }
}

extension TextBuffer {
  /// Appends the short name of a TCP option (IANA "TCP Option Kind Numbers").
  fileprivate mutating func append(optionName kind: UInt8) {
    switch kind {
    case 2: append("mss")
    case 3: append("wscale")
    case 4: append("sackOK")
    case 5: append("sack")
    case 6: append("echo")
    case 7: append("echoreply")
    case 8: append("TS")
    case 11: append("cc")
    case 12: append("ccnew")
    case 13: append("ccecho")
    case 19: append("md5")
    case 28: append("uto")
    case 29: append("tcp-ao")
    case 30: append("mptcp")
    case 34: append("tfo")
    case 254: append("exp")
    default:
      append("unknown-")
      append(decimal: kind)
    }
  }
}
