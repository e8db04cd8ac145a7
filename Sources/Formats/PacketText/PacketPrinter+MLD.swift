import PacketWire

extension PacketPrinter {
  /// Appends a query, report or done message of multicast listener discovery (RFC 2710 §3, RFC 9777
  /// §5.1); false when it is not all there.
  func appendListener(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 16 else { return false }
    let address = IPAddress.v6(body.ipv6Address(at: 0))
    // RFC 9777 §8.1: a query of 24 octets is version 1's, one of at least 28 is version 2's.
    if header.type.rawValue == 130, body.count >= 20 {
      appendSourceQuery(header, address, body, into: &out)
      return true
    }
    out.append("max resp delay: ")
    out.append(decimal: header.identifier)
    out.append(" addr: ")
    append(address, into: &out)
    return true
  }

  private func appendSourceQuery(
    _ header: ICMPv6Header, _ address: IPAddress, _ body: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    out.append(" v2")
    if options.isVerbose {
      out.append(" [max resp delay=")
      out.append(decimal: ListenerQuery.responseDelay(code: header.identifier))
      out.append(octet: 0x5d)
    }
    out.append(" [gaddr ")
    append(address, into: &out)
    if options.isVerbose {
      if body[16] & 8 != 0 { out.append(" sflag") }
      if body[16] & 7 != 0 {
        out.append(" robustness=")
        out.append(decimal: body[16] & 7)
      }
      out.append(" qqi=")
      out.append(decimal: ListenerQuery.interval(code: body[17]))
    }
    let count = Int(body.u16(at: 18))
    if count > 0 {
      if 20 &+ 16 &* count > body.count {
        out.append(invalidSourceCount: count)
      } else {
        appendSources(body, .v6, from: 20, count: count, into: &out)
      }
    }
    out.append(octet: 0x5d)
  }

  /// Appends a report of version 2 (RFC 9777 §5.2).
  func appendListenerReport(
    _ header: ICMPv6Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) {
    let count = Int(header.sequenceNumber)
    out.append(", ")
    out.append(decimal: count)
    out.append(" group record(s)")
    guard options.isVerbose else { return }
    var offset = 0
    for _ in 0..<count {
      guard offset &+ 20 <= body.count else {
        return out.append(" [invalid number of groups]")
      }
      out.append(" [gaddr ")
      append(.v6(body.ipv6Address(at: offset &+ 4)), into: &out)
      out.append(octet: 0x20)
      out.append(recordType: body[offset], version: 2)
      let sources = Int(body.u16(at: offset &+ 2))
      guard offset &+ 20 &+ 16 &* sources <= body.count else {
        return out.append(invalidSourceCount: sources)
      }
      appendSources(body, .v6, from: offset &+ 20, count: sources, into: &out)
      out.append(octet: 0x5d)
      offset &+= 20 &+ 16 &* sources
    }
  }
}
