import PacketWire

extension DNSPartReader {
  /// Tells of a record's data up to `end`; false, or less than all of it, if it is not what the type
  /// asks for.
  mutating func takeData(_ type: DNSType, _ kind: DNSPart.Kind, before end: Int) -> Bool {
    switch type {
    case .a:
      return take(4, before: end, kind) { "address \(IPv4Address(bits: $0.u32(at: $1)))" }
    case .aaaa:
      return take(16, before: end, kind) {
        "address \(IPv6Address(bits: $0.message[$1..<$1 + 16].reduce(0) { $0 << 8 | UInt128($1) }))"
      }
    case .cname, .dname: return takeName("canonical name", kind, before: end)
    case .ns: return takeName("name server", kind, before: end)
    case .ptr: return takeName("name pointed to", kind, before: end)
    case .mx:
      return takeNumber("preference", kind, before: end)
        && takeName("mail exchange", kind, before: end)
    case .txt: return takeTexts(kind, before: end)
    case .soa: return takeStartOfAuthority(kind, before: end)
    case .srv:
      return takeNumber("priority", kind, before: end)
        && takeNumber("weight", kind, before: end) && takeNumber("port", kind, before: end)
        && takeName("host", kind, before: end)
    case .caa: return takeCertificateIssuer(kind, before: end)
    case .opt: return takeOptions(kind, before: end)
    default: return false
    }
  }

  private mutating func takeNumber(
    _ what: String, _ kind: DNSPart.Kind, before end: Int
  ) -> Bool {
    take(2, before: end, kind) { "\(what) \($0.u16(at: $1))" }
  }

  private mutating func takeTexts(_ kind: DNSPart.Kind, before end: Int) -> Bool {
    while position < end {
      guard takeText("text", kind, before: end) else { return false }
    }
    return true
  }

  /// A string with its length before it (RFC 1035 §3.3).
  private mutating func takeText(
    _ what: String, _ kind: DNSPart.Kind, before end: Int
  ) -> Bool {
    guard position < end else { return false }
    let count = Int(octets.u8(at: position))
    guard position + 1 + count <= end else { return false }
    _ = take(1, kind) { _, _ in "\(count) octet\(count == 1 ? "" : "s") of \(what)" }
    return take(count, before: end, kind) { "\(what) \"\($0.text(at: $1, count))\"" }
  }

  private mutating func takeStartOfAuthority(_ kind: DNSPart.Kind, before end: Int) -> Bool {
    guard takeName("primary server", kind, before: end),
      takeName("mailbox", kind, before: end)
    else { return false }
    for (what, unit) in [
      ("serial", ""), ("refresh", " s"), ("retry", " s"), ("expire", " s"), ("minimum", " s"),
    ] {
      guard take(4, before: end, kind, { "\(what) \($0.u32(at: $1))\(unit)" }) else { return false }
    }
    return true
  }

  private mutating func takeCertificateIssuer(_ kind: DNSPart.Kind, before end: Int) -> Bool {
    guard take(1, before: end, kind, { $0.u8(at: $1) & 0x80 == 0 ? "not critical" : "critical" }),
      takeText("property", kind, before: end)
    else { return false }
    let count = end - position
    return take(count, before: end, kind) { "value \"\($0.text(at: $1, count))\"" }
  }

  /// EDNS options (RFC 6891 §6.1.2).
  private mutating func takeOptions(_ kind: DNSPart.Kind, before end: Int) -> Bool {
    while position < end {
      guard position + 4 <= end else { return false }
      let count = Int(octets.u16(at: position + 2))
      guard position + 4 + count <= end else { return false }
      _ = take(2, kind) {
        let code = EDNSOptionCode(rawValue: $0.u16(at: $1))
        return "EDNS option \(code.shortName ?? "\(code.rawValue)")"
      }
      _ = take(2, kind) { _, _ in "\(count) octet\(count == 1 ? "" : "s") of it" }
      _ = take(count, kind) { _, _ in "its content" }
    }
    return true
  }
}
