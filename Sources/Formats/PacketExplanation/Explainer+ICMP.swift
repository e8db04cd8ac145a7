import PacketText
import PacketWire

extension Explainer {
  /// An ICMP message, up to `end`.
  mutating func icmp() throws(Stop) {
    begin("ICMP header")
    let section = "RFC 792"
    let number = try field("Type", bits: 8, section) { value in
      let name = ICMPv4Header.MessageType(rawValue: UInt8(value)).name
      return Said(name.map { "\(value) (\($0))" } ?? "\(value)", "what kind of message this is")
    }
    let type = ICMPv4Header.MessageType(rawValue: UInt8(number))
    let code = try field("Code", bits: 8, section) { Self.say(code: $0, of: type) }
    try transportChecksum("Checksum", section, over: "the whole ICMP message")
    switch type {
    case .echoRequest, .echoReply: try echo(isRequest: type == .echoRequest, section)
    case .destinationUnreachable:
      try reserved("unused", bits: 8, section)
      try quotationLength(unit: 4)
      if code == 4 {
        try mtu(bits: 16, "RFC 1191 §4")
      } else {
        try reserved("unused", bits: 16, section)
      }
      quotation()
    case .timeExceeded:
      try reserved("unused", bits: 8, section)
      try quotationLength(unit: 4)
      try reserved("unused", bits: 16, section)
      quotation()
    case .parameterProblem:
      try pointer(bits: 8, section)
      try quotationLength(unit: 4)
      try reserved("unused", bits: 16, section)
      quotation()
    case .redirect:
      try address(
        "Gateway Internet Address", .v4, section, "the router that is the better first hop")
      quotation()
    case .sourceQuench:
      try reserved("unused", bits: 32, section)
      quotation()
    case .extendedEchoRequest, .extendedEchoReply:
      try extendedEcho(isRequest: type == .extendedEchoRequest)
    default: try other(type.rawValue, section)
    }
  }

  /// An ICMPv6 message, up to `end`.
  mutating func icmpv6() throws(Stop) {
    begin("ICMPv6 header")
    let section = "RFC 4443 §2.1"
    let number = try field("Type", bits: 8, section) { value in
      let name = ICMPv6Header.MessageType(rawValue: UInt8(value)).name
      return Said(name.map { "\(value) (\($0))" } ?? "\(value)", "what kind of message this is")
    }
    let type = ICMPv6Header.MessageType(rawValue: UInt8(number))
    try field("Code", bits: 8, section) { Self.say(code: $0, of: type) }
    try transportChecksum(
      "Checksum", "RFC 4443 §2.3", over: "the message and a pseudo header with both addresses")
    switch type {
    case .echoRequest: try echo(isRequest: true, "RFC 4443 §4.1")
    case .echoReply: try echo(isRequest: false, "RFC 4443 §4.2")
    case .destinationUnreachable, .timeExceeded:
      try quotationLength(unit: 8)
      try reserved(
        "Unused", bits: 24, type == .timeExceeded ? "RFC 4443 §3.3" : "RFC 4443 §3.1")
      quotation()
    case .packetTooBig:
      try mtu(bits: 32, "RFC 4443 §3.2")
      quotation()
    case .parameterProblem:
      try pointer(bits: 32, "RFC 4443 §3.4")
      quotation()
    case .extendedEchoRequest, .extendedEchoReply:
      try extendedEcho(isRequest: type == .extendedEchoRequest)
    default: rest("Message Body", section, "a kind of message that is not explained here")
    }
  }

  private mutating func echo(isRequest: Bool, _ section: String) throws(Stop) {
    try field("Identifier", bits: 16, section) {
      Self.code($0, 4, "names the program that asks, so that it knows its own answers")
    }
    try field("Sequence Number", bits: 16, section) {
      Said("\($0)", "counts the requests of that program")
    }
    let meaning =
      isRequest ? "comes back in the answer unchanged" : "what the request had, unchanged"
    rest("Data", section, meaning)
  }

  /// Time stamps, address masks and what else RFC 792 and later ones have in this form.
  private mutating func other(_ type: UInt8, _ section: String) throws(Stop) {
    guard (13...18).contains(type) else {
      return rest("Message Body", section, "a kind of message that is not explained here")
    }
    try field("Identifier", bits: 16, section) {
      Self.code($0, 4, "names the program that asks, so that it knows its own answers")
    }
    try field("Sequence Number", bits: 16, section) {
      Said("\($0)", "counts the requests of that program")
    }
    if type == 13 || type == 14 {
      for (name, meaning) in [
        ("Originate Timestamp", "when the asker sent it"),
        ("Receive Timestamp", "when the other host received it"),
        ("Transmit Timestamp", "when the other host sent the answer"),
      ] {
        try field(name, bits: 32, section) { value in
          value & 0x8000_0000 == 0
            ? Said("\(value) ms", "since midnight UT: \(meaning)")
            : Said(Self.hexadecimal(value, digits: 8), "\(meaning), in a unit of its own")
        }
      }
    } else if type == 17 || type == 18 {
      try address("Address Mask", .v4, "RFC 950 appendix I", "the bits that name the subnet")
    }
    rest("Data", section, "behind the message's own fields")
  }

  private mutating func extendedEcho(isRequest: Bool) throws(Stop) {
    let section = isRequest ? "RFC 8335 §2" : "RFC 8335 §3"
    try field("Identifier", bits: 16, section) {
      Self.code($0, 4, "names the program that asks, so that it knows its own answers")
    }
    try field("Sequence Number", bits: 8, section) {
      Said("\($0)", "counts the requests of that program")
    }
    guard isRequest else {
      let states = ["reserved", "incomplete", "reachable", "stale", "delay", "probe", "failed"]
      try field("State", bits: 3, section) { value in
        Said(
          value < 7 ? "\(value) (\(states[Int(value)]))" : "\(value)",
          "what the other host knows of a neighbor that was asked about")
      }
      try reserved("Res", bits: 2, section)
      try flag("A", section, set: "the interface is active", clear: "the interface is not active")
      try flag("4", section, set: "IPv4 runs on it", clear: "IPv4 does not run on it")
      try flag("6", section, set: "IPv6 runs on it", clear: "IPv6 does not run on it")
      return rest("Data", section, "behind the message's own fields")
    }
    try reserved(bits: 7, section)
    try flag(
      "L", section, set: "asks about an interface of the host that is asked",
      clear: "asks about an interface of a neighbor of that host")
    extensions(at: offset)
    rest("Data", section, "behind the message's own fields")
  }

  // MARK: Fields of errors

  private mutating func quotationLength(unit: UInt64) throws(Stop) {
    try field("Length", bits: 8, "RFC 4884 §4") { value in
      value == 0
        ? Said("0", "does not say how long the quoted datagram is: no extensions, or old ones")
        : Said("\(value)", "the quoted datagram has \(value * unit) octets; extensions follow it")
    }
  }

  private mutating func mtu(bits: Int, _ source: String) throws(Stop) {
    try field(bits == 16 ? "Next-Hop MTU" : "MTU", bits: bits, source) {
      $0 == 0
        ? Said("0", "a router that does not say what would pass")
        : Said(Self.count($0, "octet"), "the longest packet that the next link takes")
    }
  }

  private mutating func pointer(bits: Int, _ source: String) throws(Stop) {
    try field("Pointer", bits: bits, source) {
      Said("\($0)", "the octet of the quoted packet, from 0, where the problem is")
    }
  }

  /// The datagram that an error is about, and the extensions behind it.
  private mutating func quotation() {
    let structure = frame.icmpExtensions(
      in: octets.span.extracting(frameStart..<octets.count))
    let place = structure.map { $0.lowerBound + frameStart } ?? end
    let outer = end
    if available > 0 {
      end = max(offset, min(place, outer))
      if depth < PacketExplanation.maximumDepth {
        depth += 1
        datagram(originalLength: available, isQuoted: true)
        depth -= 1
      } else {
        begin("Quoted datagram")
        rest("Data", "", "too deep to be explained")
      }
      end = outer
    } else {
      parts[parts.count - 1].problem = "the datagram that the error is about is missing"
    }
    if available > 0 { extensions(at: offset) }
  }

  // MARK: Checksums and codes

  /// The checksum of what IP carries, which the decoder of the other tools has looked at.
  mutating func transportChecksum(
    _ name: String, _ source: String, over what: String
  ) throws(Stop) {
    let verdict = frame.transportChecksum(
      over: octets.span.extracting(frameStart..<octets.count))
    let partial = stage == .leavingThisHost ? partialSum : nil
    try field(name, bits: 16, source) { value in
      let seen = Self.hexadecimal(value, digits: 4)
      switch verdict {
      case .good: return Said("\(seen), right", "over \(what)", .right)
      case .absent: return Said("0x0000, none", "the sender computed none", .unknown)
      case .unverifiable:
        return Said(
          seen, "over \(what), which is not all here: it cannot be checked", .unknown)
      case .bad(_, let expected):
        if let partial, value == UInt64(partial) {
          return Said(
            seen, "only the pseudo header is summed: the rest is left to the network card", .unknown
          )
        }
        let right = Self.hexadecimal(UInt64(expected), digits: 4)
        return Said("\(seen), wrong", "the octets ask for \(right): something was damaged", .wrong)
      }
    }
  }

  /// What the kernel leaves in the checksum of a packet that the network card is to complete: the sum
  /// over the pseudo header (Linux: CHECKSUM_PARTIAL).
  private var partialSum: UInt16? {
    guard let addresses = frame.addresses, let number = frame.protocolNumber else { return nil }
    var sum = InternetChecksum()
    sum.addPseudoHeader(
      from: addresses.source, to: addresses.destination, protocolNumber: number,
      length: frameStart + frame.payload.upperBound - offset + checksumOffset(number))
    return sum.folded
  }

  /// How far into its header a protocol's checksum stands.
  private func checksumOffset(_ number: IPProtocol) -> Int {
    switch number {
    case .tcp: 16
    case .udp: 6
    default: 2
    }
  }

  private static func say(code: UInt64, of type: ICMPv4Header.MessageType) -> Said {
    let name: String? =
      switch (type, code) {
      case (.destinationUnreachable, _): ICMPv4UnreachableCode(rawValue: UInt8(code)).name
      case (.timeExceeded, 0): "time to live exceeded in transit"
      case (.timeExceeded, 1): "fragment reassembly time exceeded"
      case (.redirect, 0): "for the network"
      case (.redirect, 1): "for the host"
      case (.redirect, 2): "for the type of service and network"
      case (.redirect, 3): "for the type of service and host"
      case (.parameterProblem, 0): "the pointer says where"
      case (.parameterProblem, 1): "a required option is missing"
      case (.parameterProblem, 2): "bad length"
      default: nil
      }
    return say(code: code, named: name)
  }

  private static func say(code: UInt64, of type: ICMPv6Header.MessageType) -> Said {
    let name: String? =
      switch (type, code) {
      case (.destinationUnreachable, 0): "no route to destination"
      case (.destinationUnreachable, 1): "communication administratively prohibited"
      case (.destinationUnreachable, 2): "beyond scope of source address"
      case (.destinationUnreachable, 3): "address unreachable"
      case (.destinationUnreachable, 4): "port unreachable"
      case (.destinationUnreachable, 5): "source address failed ingress/egress policy"
      case (.destinationUnreachable, 6): "reject route to destination"
      case (.timeExceeded, 0): "hop limit exceeded in transit"
      case (.timeExceeded, 1): "fragment reassembly time exceeded"
      case (.parameterProblem, 0): "erroneous header field encountered"
      case (.parameterProblem, 1): "unrecognized Next Header type"
      case (.parameterProblem, 2): "unrecognized IPv6 option"
      default: nil
      }
    return say(code: code, named: name)
  }

  private static func say(code: UInt64, named name: String?) -> Said {
    guard let name else {
      return Said(
        "\(code)",
        code == 0 ? "there is only this one for the type" : "none that the type has a meaning for")
    }
    return Said("\(code) (\(name))", "says more exactly what it is about")
  }
}
