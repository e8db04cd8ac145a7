import PacketText
import PacketWire

extension Explainer {
  /// A UDP datagram, up to `end`.
  mutating func udp() throws(Stop) {
    begin("UDP header")
    let section = "RFC 768"
    let ports =
      available >= 4
      ? (UInt16(number(at: position, bits: 16)), UInt16(number(at: position + 16, bits: 16)))
      : (0, 0)
    try port("Source Port", .udp, section, "the sender's port: which program there")
    try port("Destination Port", .udp, section, "the receiver's port: which program there")
    let room = available + 4
    let length = try field("Length", bits: 16, section) { value in
      if value == 0 { return Said("0", "a jumbogram, whose length IP says (RFC 2675 §4)") }
      if value < 8 { return Said("\(value)", "less than the header has", .wrong) }
      return Said(
        Self.count(value, "octet"),
        Int(value) > room
          ? "header and data together, of which \(room) are here" : "header and data together")
    }
    try transportChecksum(
      "Checksum", section, over: "a pseudo header with the addresses, and all of it")
    let data = length == 0 ? available : min(available, max(0, Int(length) - 8))
    if isDNS(ports, octets: data) {
      do throws(Stop) {
        try within(data) { (inner: inout Explainer) throws(Stop) in try inner.dns() }
      } catch {
        // The part that stopped says why.
      }
      return rest("Surplus", section, "behind what the length counts")
    }
    try field("Data", octets: data, section) {
      Said(Self.count($0.count, "octet"), "what the program sends")
    }
    rest("Surplus", section, "behind what the length counts")
  }

  /// A port, with the name of the service that is usually there.
  mutating func port(
    _ name: String, _ number: IPProtocol, _ source: String, _ meaning: String
  ) throws(Stop) {
    try field(name, bits: 16, source) { value in
      let service = ServiceNames.name(ofPort: UInt16(value), number)
      return Said(service.map { "\(value) (\($0))" } ?? "\(value)", meaning)
    }
  }

  /// A TCP segment, up to `end`.
  mutating func tcp() throws(Stop) {
    begin("TCP header")
    let section = "RFC 9293 §3.1"
    let start = offset
    try port("Source Port", .tcp, section, "the sender's port")
    try port("Destination Port", .tcp, section, "the receiver's port")
    try field("Sequence Number", bits: 32, section) {
      Said("\($0)", "of the first octet of data here, or of the SYN")
    }
    // The flag decides whether the number counts.
    let acknowledges = offset + 6 <= end && octets[offset + 5] & 0x10 != 0
    try field("Acknowledgment Number", bits: 32, section) {
      Said("\($0)", acknowledges ? "the next octet that the sender waits for" : "does not count")
    }
    let words = try field("Data Offset", bits: 4, section) { value in
      value >= 5
        ? Said("\(value)", "the header has \(value) words of 4 octets: \(value * 4)")
        : Said("\(value)", "less than any header has", .wrong)
    }
    try flags(section)
    try field("Window", bits: 16, section) {
      Said(Self.count($0, "octet"), "what the sender of this has room for, before scaling")
    }
    try transportChecksum(
      "Checksum", section, over: "a pseudo header with the addresses, and all of it")
    try field("Urgent Pointer", bits: 16, section) {
      Said("\($0)", "how far urgent data goes, where URG is set")
    }
    guard words >= 5 else { throw stop("a header of \(words * 4) octets cannot be") }
    do throws(Stop) {
      try within(start + Int(words) * 4 - offset) { (inner: inout Explainer) throws(Stop) in
        try inner.tcpOptions()
      }
    } catch {
      // Where the data begins is known all the same.
    }
    guard offset == start + Int(words) * 4 else {
      throw stop("cut short: the header says that it has \(words * 4) octets")
    }
    try segmentData(section)
  }

  private mutating func flags(_ section: String) throws(Stop) {
    try reserved("Rsrvd", bits: 3, section)
    try flag(
      "AE", "RFC 9768 §3.1", set: "accurate congestion feedback: asks for it, or counts marks",
      clear: "no accurate congestion feedback, or a count of marks")
    for (name, set, clear) in [
      ("CWR", "the sender has slowed down", "nothing about slowing down"),
      ("ECE", "the sender has seen congestion marks", "no congestion marks to tell of"),
      ("URG", "the urgent pointer counts", "the urgent pointer does not count"),
      ("ACK", "the acknowledgment number counts", "the acknowledgment number does not count"),
      ("PSH", "the receiver is to hand the data on at once", "the data may wait for more"),
      ("RST", "the connection is over at once", "no reset"),
      ("SYN", "opens a connection: here its numbers begin", "not the opening"),
      ("FIN", "the sender has no more data", "more data may come"),
    ] {
      try flag(
        name, name == "CWR" || name == "ECE" ? "RFC 3168 §6.1" : section, set: set, clear: clear)
    }
  }

  private mutating func tcpOptions() throws(Stop) {
    while available > 0 {
      let kind = octets[offset]
      let (name, source) = Self.option(kind)
      if kind == 0 {
        try field("End of Option List", octets: available, source) {
          Said("0", "no option follows; \(Self.count($0.count, "octet")) fill the header up")
        }
        return
      }
      if kind == 1 {
        try field("No-Operation", bits: 8, source) {
          Said("\($0)", "does nothing: puts the next option on a boundary")
        }
        continue
      }
      try field("Option Kind", bits: 8, source) { value in
        Said(name.map { "\(value) (\($0))" } ?? "\(value)", "which option this is")
      }
      let length = Int(try optionLength(source))
      try within(length - 2) { (inner: inout Explainer) throws(Stop) in
        try inner.tcpOption(kind, source)
        inner.rest("Option Data", source, "the option's own data")
      }
    }
  }

  private mutating func tcpOption(_ kind: UInt8, _ source: String) throws(Stop) {
    switch (kind, available) {
    case (2, 2):
      try field("Maximum Segment Size", bits: 16, source) {
        Said(Self.count($0, "octet"), "the most data in a segment that the sender of this takes")
      }
    case (3, 1):
      try field("shift.cnt", bits: 8, source) {
        Said("\($0)", "every later window counts \(UInt64(1) << min($0, 14)) times as much")
      }
    case (5, 8), (5, 16), (5, 24), (5, 32):
      while available >= 8 {
        try field("Left Edge of Block", bits: 32, source) {
          Said("\($0)", "the first octet of a block that has arrived out of order")
        }
        try field("Right Edge of Block", bits: 32, source) {
          Said("\($0)", "just behind that block")
        }
      }
    case (8, 8):
      try field("TS Value (TSval)", bits: 32, source) {
        Said("\($0)", "the sender's clock, in a unit of its own")
      }
      try field("TS Echo Reply (TSecr)", bits: 32, source) {
        Said("\($0)", "the clock that the other side last sent: a round trip can be measured by it")
      }
    default: break
    }
  }

  private static func option(_ kind: UInt8) -> (name: String?, source: String) {
    switch kind {
    case 0, 1: (nil, "RFC 9293 §3.2")
    case 2: ("Maximum Segment Size", "RFC 9293 §3.2")
    case 3: ("Window Scale", "RFC 7323 §2.2")
    case 4: ("SACK-Permitted", "RFC 2018 §2")
    case 5: ("SACK", "RFC 2018 §3")
    case 8: ("Timestamps", "RFC 7323 §3.2")
    case 19: ("MD5 Signature", "RFC 2385 §3")
    case 28: ("User Timeout", "RFC 5482 §3")
    case 29: ("TCP-AO", "RFC 5925 §2.2")
    case 30: ("Multipath TCP", "RFC 8684 §3")
    case 34: ("TCP Fast Open Cookie", "RFC 7413 §4.1.1")
    default: (nil, "RFC 9293 §3.2")
    }
  }
}
