import PacketText
import PacketWire

extension Explainer {
  /// An IP packet and all that is in it, up to `end`.
  ///
  /// - Parameters:
  ///   - originalLength: how many octets of it there were before anybody cut it.
  ///   - isQuoted: it stands in an ICMP error, where it is rightly shorter than it says.
  mutating func datagram(originalLength: Int, isQuoted: Bool) {
    let start = offset
    let outer = (frame, frameStart)
    defer { (frame, frameStart) = outer }
    guard available > 0 else {
      begin("IP header")
      parts[parts.count - 1].problem = "nothing of the packet is here"
      return
    }
    do throws(Stop) {
      switch octets[start] >> 4 {
      case 4: try ipv4(isQuoted: isQuoted, originalLength: originalLength)
      case 6: try ipv6(isQuoted: isQuoted, originalLength: originalLength)
      case let version:
        begin("IP header")
        throw stop("version \(version) is neither IPv4 nor IPv6")
      }
    } catch {
      // The part that stopped says why.
    }
    behind(isQuoted: isQuoted)
  }

  /// What stands behind a packet that has ended by its own length field.
  private mutating func behind(isQuoted: Bool) {
    guard available > 0 else { return }
    begin(isQuoted ? "Padding of the quotation" : "Behind the packet")
    rest(
      "Padding", isQuoted ? "RFC 4884 §4" : "",
      isQuoted
        ? "fills the quoted datagram up to the length that extensions need before them"
        : "belongs to no packet: links fill short frames up, or add a check sequence")
  }

  /// Reads what a packet carries, to where its length field ends it.
  ///
  /// - Parameters:
  ///   - length: what its headers and its payload have together by that field.
  ///   - start: where it starts.
  ///   - isQuoted: see `datagram`.
  ///   - body: reads it.
  /// - Throws: what `body` throws.
  mutating func carried(
    length: Int, from start: Int, isQuoted: Bool, _ body: (inout Explainer) throws(Stop) -> Void
  ) throws(Stop) {
    let lack = start + length - end
    let part = parts.count - 1
    if lack > 0, !isQuoted {
      parts[part].problem =
        "the packet says that it has \(Self.count(length, "octet")), but the last \(lack) are missing"
    }
    try within(start + length - offset, body)
  }

  /// What follows an IP header and its extension headers.
  mutating func transport(_ number: IPProtocol, _ family: IPFamily, isLater: Bool) throws(Stop) {
    guard available > 0 else { return }
    guard !isLater else {
      begin("Fragment")
      return rest(
        "Data", family == .v4 ? "RFC 791 §3.2" : "RFC 8200 §4.5",
        "a later part of a larger packet, whose headers are in its first fragment")
    }
    switch (number, family) {
    case (.icmp, .v4): try icmp()
    case (.icmpv6, .v6): try icmpv6()
    case (.udp, _): try udp()
    case (.tcp, _): try tcp()
    case (.ipv4, _), (.ipv6, _): tunnel()
    default:
      begin("\(number.name ?? "Protocol \(number.rawValue)") within IP")
      rest("Data", "", "a protocol that is not explained here")
    }
  }

  /// A packet within a packet (RFC 2003, RFC 4213 §3).
  private mutating func tunnel() {
    guard depth < PacketExplanation.maximumDepth else {
      begin("Packet within a packet")
      return rest("Data", "", "too deep to be explained")
    }
    depth += 1
    datagram(originalLength: available, isQuoted: false)
    depth -= 1
  }

  /// Takes over what the other tools' decoder says of the datagram at `start`.
  mutating func decode(from start: Int, originalLength: Int) {
    frame = Frame(
      decoding: octets.span.extracting(start..<end), linkType: .raw,
      originalLength: originalLength)
    frameStart = start
  }
}

// MARK: - Fields that both versions have

extension Explainer {
  /// The two parts of the traffic class, which was the type of service.
  mutating func trafficClass() throws(Stop) {
    try field("DSCP", bits: 6, "RFC 2474 §3") { value in
      let name = DSCP(rawValue: UInt8(value)).name.map { "\(value) (\($0))" } ?? "\(value)"
      return Said(name, Self.meaning(ofDSCP: UInt8(value)))
    }
    try field("ECN", bits: 2, "RFC 3168 §5") { value in
      switch value {
      case 0: Said("0 (Not-ECT)", "the ends do not take part in congestion notification")
      case 1:
        Said("1 (ECT(1))", "the ends understand congestion marks; of a low-delay flow (RFC 9331)")
      case 2: Said("2 (ECT(0))", "the ends understand congestion marks")
      default: Said("3 (CE)", "a router on the way marks congestion instead of dropping")
      }
    }
  }

  private static func meaning(ofDSCP value: UInt8) -> String {
    switch value {
    case 0: "the default: best effort, no treatment of its own"
    case 1: "lower effort: whatever nobody else wants to use (RFC 8622)"
    case 46: "expedited forwarding: low delay, low loss (RFC 3246)"
    case 44: "expedited forwarding for admitted voice (RFC 5865)"
    case _ where value & 7 == 0: "class selector \(value / 8): the old precedence \(value / 8)"
    case 10...38 where value & 1 == 0 && value & 6 != 0:
      "assured forwarding: class \(value >> 3), drop precedence \(value >> 1 & 3) (RFC 2597)"
    default: "a treatment that the network's own rules define"
    }
  }

  /// Hops left.
  mutating func hopsLeft(_ name: String, _ source: String) throws(Stop) {
    try field(name, bits: 8, source) { value in
      switch value {
      case 0: Said("0", "used up: no router may forward it")
      case 1: Said("1", "the next router must drop it and send \"time exceeded\"")
      default:
        Said(
          "\(value)",
          "\(value) hops left: each router takes one, and where none is left the packet ends")
      }
    }
  }

  /// What comes next.
  mutating func next(_ name: String, _ source: String) throws(Stop) -> IPProtocol {
    let number = try field(name, bits: 8, source) { value in
      let number = IPProtocol(rawValue: UInt8(value))
      guard let known = number.name ?? number.keyword else {
        return Said("\(value)", "what follows is of a protocol without a name here")
      }
      return Said("\(value) (\(known))", "what follows this header is \(known)")
    }
    return IPProtocol(rawValue: UInt8(number))
  }
}
