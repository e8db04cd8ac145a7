import PacketWire

extension PacketPrinter {
  /// Appends the value of a multipath TCP option (RFC 8684 §3; version 0: RFC 6824), in hex when its
  /// length is not its subtype's.
  func appendMultipath(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(octet: 0x20)
    out.append(decimal: value.count &+ 2)
    let start = out.count
    guard let first = value.first else { return }
    out.append(octet: 0x20)
    let isKnown =
      switch first >> 4 {
      case 0: appendCapable(value, into: &out)
      case 1: appendJoin(value, into: &out)
      case 2: appendSequenceSignal(value, into: &out)
      case 3: appendAddAddress(value, into: &out)
      case 4: appendRemoveAddress(value, into: &out)
      case 5: appendPriority(value, into: &out)
      case 6: append("fail seq ", decimalAt: 2, in: value, count: 10, into: &out)
      case 7: appendFastClose(value, into: &out)
      default: false
      }
    guard !isKnown else { return }
    out.truncate(to: start)
    out.append(" 0x")
    for index in value.indices { out.append(hex: value[index]) }
  }

  private func append(
    _ name: String, decimalAt offset: Int, in value: Span<UInt8>, count: Int,
    into out: inout TextBuffer
  ) -> Bool {
    guard value.count == count else { return false }
    out.append(name)
    out.append(decimal: value.u64(at: offset))
    return true
  }

  /// RFC 8684 §3.1.
  private func appendCapable(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    guard [2, 10, 18, 20, 22].contains(value.count) else { return false }
    out.append("capable v")
    out.append(decimal: value[0] & 15)
    out.append(" flags [")
    let flags = value[1]
    if flags & 0x80 != 0 { out.append(octet: 0x41) }
    if flags & 0x40 != 0 { out.append(octet: 0x42) }
    if flags & 0x20 != 0 { out.append(octet: 0x43) }
    if flags & 0x01 != 0 { out.append(octet: 0x48) }
    if flags & 0xe1 == 0 { out.append("none") }
    out.append(octet: 0x5d)
    if flags & 0x80 != 0 { out.append(" csum") }
    guard value.count > 2 else { return true }
    out.append(" {0x")
    out.append(hex: value.u64(at: 2))
    if value.count >= 18 {
      out.append(",0x")
      out.append(hex: value.u64(at: 10))
    }
    if value.count >= 20 {
      out.append(",data_len=")
      out.append(decimal: value.u16(at: 18))
    }
    if value.count == 22 {
      out.append(",csum=0x")
      out.append(hex: value.u16(at: 20), digits: 1)
    }
    out.append(octet: 0x7d)
    return true
  }

  /// RFC 8684 §3.2: three forms, one for each segment of the handshake.
  private func appendJoin(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    guard [10, 14, 22].contains(value.count) else { return false }
    out.append("join")
    if value.count < 22 {
      if value[0] & 1 != 0 { out.append(" backup") }
      out.append(" id ")
      out.append(decimal: value[1])
    }
    switch value.count {
    case 10:
      out.append(" token 0x")
      out.append(hex: value.u32(at: 2), digits: 1)
      out.append(" nonce 0x")
      out.append(hex: value.u32(at: 6), digits: 1)
    case 14:
      out.append(" hmac 0x")
      out.append(hex: value.u64(at: 2), digits: 1)
      out.append(" nonce 0x")
      out.append(hex: value.u32(at: 10), digits: 1)
    default:
      out.append(" hmac 0x")
      for index in 2..<22 { out.append(hex: value[index]) }
    }
    return true
  }

  /// RFC 8684 §3.3.
  private func appendSequenceSignal(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard value.count >= 2 else { return false }
    let flags = value[1]
    let ackLength = flags & 1 == 0 ? 0 : flags & 2 == 0 ? 4 : 8
    let sequenceLength = flags & 4 == 0 ? 0 : flags & 8 == 0 ? 4 : 8
    let mapping = sequenceLength == 0 ? 0 : sequenceLength &+ 6
    let extra = value.count &- 2 &- ackLength &- mapping
    guard extra == 0 || (extra == 2 && mapping > 0) else { return false }
    out.append("dss")
    if flags & 0x10 != 0 { out.append(" fin") }
    var offset = 2
    if ackLength > 0 {
      out.append(" ack ")
      append(wide: ackLength == 8, value, at: offset, into: &out)
      offset &+= ackLength
    }
    guard mapping > 0 else { return true }
    out.append(" seq ")
    append(wide: sequenceLength == 8, value, at: offset, into: &out)
    offset &+= sequenceLength
    out.append(" subseq ")
    out.append(decimal: value.u32(at: offset))
    out.append(" len ")
    out.append(decimal: value.u16(at: offset &+ 4))
    guard extra == 2 else { return true }
    out.append(" csum 0x")
    out.append(hex: value.u16(at: offset &+ 6), digits: 1)
    return true
  }

  private func append(
    wide: Bool, _ value: Span<UInt8>, at offset: Int, into out: inout TextBuffer
  ) {
    if wide {
      out.append(decimal: value.u64(at: offset))
    } else {
      out.append(decimal: value.u32(at: offset))
    }
  }

  /// RFC 8684 §3.4.1; of version 0 the low bits are the family (RFC 6824 §3.4.1).
  private func appendAddAddress(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    guard value.count >= 6 else { return false }
    let kind = value[0] & 15
    let isOld = kind == 4 || kind == 6
    let hasCode = !isOld && kind & 1 == 0
    let rest = value.count &- 2 &- (hasCode ? 8 : 0)
    guard [4, 6, 16, 18].contains(rest), !isOld || (rest < 16) == (kind == 4) else { return false }
    out.append("add-addr v")
    out.append(decimal: isOld ? 0 : 1)
    if isOld {
      out.append("-ip")
      out.append(decimal: kind)
    } else if !hasCode {
      out.append("-echo")
    }
    out.append(" id ")
    out.append(decimal: value[1])
    out.append(octet: 0x20)
    append(
      rest < 16 ? .v4(value.ipv4Address(at: 2)) : .v6(value.ipv6Address(at: 2)), into: &out)
    let end = rest < 16 ? 6 : 18
    if rest & 3 == 2 {
      out.append(octet: 0x3a)
      out.append(decimal: value.u16(at: end))
    }
    guard hasCode else { return true }
    out.append(" hmac 0x")
    out.append(hex: value.u64(at: value.count &- 8), digits: 1)
    return true
  }

  /// RFC 8684 §3.4.2.
  private func appendRemoveAddress(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard value.count >= 2 else { return false }
    out.append("rem-addr id")
    for index in 1..<value.count {
      out.append(octet: 0x20)
      out.append(decimal: value[index])
    }
    return true
  }

  /// RFC 8684 §3.3.8.
  private func appendPriority(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    guard value.count <= 2 else { return false }
    out.append("prio")
    if value[0] & 1 != 0 { out.append(" backup") }
    guard value.count == 2 else { return true }
    out.append(" id ")
    out.append(decimal: value[1])
    return true
  }

  /// RFC 8684 §3.5.
  private func appendFastClose(_ value: Span<UInt8>, into out: inout TextBuffer) -> Bool {
    guard value.count == 10 else { return false }
    out.append("fast-close key 0x")
    out.append(hex: value.u64(at: 2), digits: 1)
    return true
  }
}
