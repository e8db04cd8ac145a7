import PacketWire

extension PacketPrinter {
  /// Appends the options of an IPv4 header, with commas between.
  func appendOptions(_ options: OptionOctets, into out: inout TextBuffer) {
    let octets = options.span
    var index = 0
    while index < octets.count {
      if index > 0 { out.append(octet: 0x2c) }
      let kind = octets[index]
      append(optionKind: kind, into: &out)
      if kind == IPv4Option.endOfList { return }
      if kind == IPv4Option.noOperation {
        index &+= 1
        continue
      }
      let length = index &+ 1 < octets.count ? Int(octets[index &+ 1]) : 0
      guard length >= 2, index &+ length <= octets.count else {
        out.append(" [bad length ")
        out.append(decimal: length)
        out.append(octet: 0x5d)
        return
      }
      append(
        optionValue: octets.extracting(index..<index &+ length), kind: kind, into: &out)
      index &+= length
    }
  }

  private func append(optionKind kind: UInt8, into out: inout TextBuffer) {
    switch kind {
    case IPv4Option.endOfList: out.append("EOL")
    case IPv4Option.noOperation: out.append("NOP")
    case IPv4Option.recordRoute: out.append("RR")
    case IPv4Option.timestamp: out.append("timestamp")
    case 130: out.append("security")
    case IPv4Option.looseSourceRoute: out.append("LSRR")
    case IPv4Option.strictSourceRoute: out.append("SSRR")
    case IPv4Option.routerAlert: out.append("RA")
    default:
      out.append("unknown ")
      out.append(decimal: kind)
    }
  }

  /// `option` is the whole option, kind and length included.
  private func append(
    optionValue option: Span<UInt8>, kind: UInt8, into out: inout TextBuffer
  ) {
    switch kind {
    case IPv4Option.timestamp: appendTimestamps(option, into: &out)
    case IPv4Option.recordRoute, IPv4Option.looseSourceRoute, IPv4Option.strictSourceRoute:
      appendRoute(option, into: &out)
    case IPv4Option.routerAlert where option.count == 4 && option.u16(at: 2) != 0:
      out.append(" value ")
      out.append(decimal: option.u16(at: 2))
    default: break
    }
  }

  /// The addresses of a route (RFC 791 §3.1), with a comma where the pointer is past them.
  private func appendRoute(_ option: Span<UInt8>, into out: inout TextBuffer) {
    guard option.count >= 3 else {
      out.append(" [bad length ")
      out.append(decimal: option.count)
      return out.append(octet: 0x5d)
    }
    if (option.count &+ 1) & 3 != 0 {
      out.append(" [bad length ")
      out.append(decimal: option.count)
      out.append(octet: 0x5d)
    }
    let pointer = Int(option[2]) &- 1
    if pointer < 3 || (pointer &+ 1) & 3 != 0 {
      out.append(" [bad ptr ")
      out.append(decimal: option[2])
      out.append(octet: 0x5d)
    }
    var offset = 3
    while offset &+ 4 <= option.count {
      out.append(octet: 0x20)
      append(.v4(option.ipv4Address(at: offset)), into: &out)
      if pointer > offset { out.append(octet: 0x2c) }
      offset &+= 4
    }
  }

  /// The time stamps of an Internet timestamp option (RFC 791 §3.1): `^` stands at the pointer.
  private func appendTimestamps(_ option: Span<UInt8>, into out: inout TextBuffer) {
    guard option.count >= 4 else {
      out.append("[bad length ")
      out.append(decimal: option.count)
      return out.append(octet: 0x5d)
    }
    out.append(" TS{")
    let flag = option[3] & 0x0f
    switch flag {
    case 0: out.append("TSONLY")
    case 1: out.append("TS+ADDR")
    case 3: out.append("PRESPEC")
    default:
      out.append("[bad ts type ")
      out.append(decimal: flag)
      return out.append("]}")
    }
    let hasAddress = flag != 0
    let step = hasAddress ? 8 : 4
    let pointer = Int(option[2]) &- 1
    var offset = 4
    var mark = ""
    while offset &+ step <= option.count {
      if offset == pointer { mark = " ^ " }
      out.append(mark.isEmpty ? " " : mark)
      mark = ""
      out.append(decimal: option.u32(at: offset &+ (hasAddress ? 4 : 0)))
      out.append(octet: 0x40)
      if hasAddress { append(.v4(option.ipv4Address(at: offset)), into: &out) }
      offset &+= step
    }
    if offset == pointer { out.append(" ^ ") }
    if option[3] >> 4 != 0 {
      out.append(" [")
      out.append(decimal: option[3] >> 4)
      out.append(" hops not recorded]} ")
    } else {
      out.append(octet: 0x7d)
    }
  }
}
