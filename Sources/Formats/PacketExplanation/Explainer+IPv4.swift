import PacketWire

extension Explainer {
  private static let section = "RFC 791 §3.1"

  /// An IPv4 packet.
  mutating func ipv4(isQuoted: Bool, originalLength: Int) throws(Stop) {
    begin("IPv4 header")
    let start = offset
    var reader = PacketReader(octets.span.extracting(start..<end))
    let header = try? IPv4Header(parsing: &reader)
    try field("Version", bits: 4, Self.section) {
      Said("\($0)", "the fourth version of the Internet Protocol")
    }
    let words = try field("IHL", bits: 4, Self.section) { value in
      guard value >= 5 else { return Said("\(value)", "less than any header has", .wrong) }
      let rest = value == 5 ? "no options" : Self.count((value - 5) * 4, "octet") + " of options"
      return Said("\(value)", "the header has \(value) words of 4 octets: \(value * 4), \(rest)")
    }
    guard words >= 5 else { throw stop("a header of \(words * 4) octets cannot be") }
    try trafficClass()
    let total = try totalLength(from: start)
    try fragmentation()
    let offsetInPacket = try fragmentOffset()
    try hopsLeft("Time to Live", Self.section)
    let next = try next("Protocol", Self.section)
    try headerChecksum(header)
    try address("Source Address", .v4, Self.section, "who says that he sent it")
    try address("Destination Address", .v4, Self.section, "whom it is for")
    do throws(Stop) {
      try within(start + Int(words) * 4 - offset) { (inner: inout Explainer) throws(Stop) in
        try inner.ipv4Options()
      }
    } catch {
      // Where the data begins is known all the same.
    }
    guard offset == start + Int(words) * 4 else {
      throw stop("cut short: the header says that it has \(words * 4) octets")
    }
    // 0 stands in packets that the network card has yet to cut into segments.
    let length = total < Int(words) * 4 ? end - start : total
    decode(from: start, originalLength: max(originalLength, length))
    try carried(length: length, from: start, isQuoted: isQuoted) {
      (inner: inout Explainer) throws(Stop) in
      try inner.transport(next, .v4, isLater: offsetInPacket > 0)
    }
  }

  private mutating func totalLength(from start: Int) throws(Stop) -> Int {
    let here = end - start
    return Int(
      try field("Total Length", bits: 16, Self.section) { value in
        guard value >= 20 else {
          return Said("\(value)", "less than the header has; a network card may fill it in", .wrong)
        }
        let seen =
          Int(value) > here ? ", of which \(here) are here" : ""
        return Said(Self.count(value, "octet"), "header and data together\(seen)")
      })
  }

  private mutating func fragmentation() throws(Stop) {
    let stage = stage
    try field("Identification", bits: 16, Self.section) { value in
      guard value == 0, stage == .leavingThisHost else {
        return Self.code(value, 4, "the same in all fragments of one packet")
      }
      return Said("0x0000", "zero: the kernel may still put in a number", .unknown)
    }
    try field("Flags: Reserved", bits: 1, Self.section) {
      $0 == 0
        ? Said("0", "must be zero")
        : Said("1", "must be zero, and is not (RFC 3514 calls it the evil bit, in jest)", .wrong)
    }
    try flag(
      "Flags: DF", Self.section,
      set: "don't fragment: a router that cannot pass it on whole says so",
      clear: "routers may cut it into fragments")
    try flag(
      "Flags: MF", Self.section, set: "more fragments of the same packet follow this one",
      clear: "the last fragment, or the whole packet")
  }

  private mutating func fragmentOffset() throws(Stop) -> UInt64 {
    try field("Fragment Offset", bits: 13, Self.section) {
      $0 == 0
        ? Said("0", "starts at the beginning of the packet's data")
        : Said("\($0 * 8) octets", "how far into the whole packet's data this fragment starts")
    }
  }

  private mutating func headerChecksum(_ header: IPv4Header?) throws(Stop) {
    let stage = stage
    try field("Header Checksum", bits: 16, Self.section) { value in
      let seen = Self.hexadecimal(value, digits: 4)
      guard let header else {
        return Said(
          seen, "over the header, which is not whole here: it cannot be checked", .unknown)
      }
      if header.isChecksumValid { return Said("\(seen), right", "over the header only", .right) }
      if value == 0, stage == .leavingThisHost {
        return Said(seen, "not filled in yet: left to the kernel or the network card", .unknown)
      }
      let right = Self.hexadecimal(UInt64(header.computedChecksum), digits: 4)
      return Said(
        "\(seen), wrong",
        "the header's fields ask for \(right): one of them was damaged or changed",
        .wrong)
    }
  }
}
