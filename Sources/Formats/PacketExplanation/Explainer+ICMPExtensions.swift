import PacketText
import PacketWire

extension Explainer {
  private static let section = "RFC 4884 §7"

  /// An ICMP extension structure, up to `end`. `start` is where it stands.
  mutating func extensions(at start: Int) {
    begin("ICMP extension structure")
    do throws(Stop) {
      try extensionHeader(start)
      while available > 0 { try object() }
    } catch {
      rest("Data", Self.section, "not explained: what stands before it could not be read")
    }
  }

  private mutating func extensionHeader(_ start: Int) throws(Stop) {
    let version = try field("Version", bits: 4, Self.section) {
      Said(
        "\($0)", $0 == 2 ? "the only version there is" : "not the version 2 that there is",
        $0 == 2 ? .neutral : .wrong)
    }
    try reserved(bits: 12, Self.section)
    var sum = InternetChecksum()
    sum.add(octets.span.extracting(start..<structureEnd(start)))
    let isRight = sum.folded == 0xffff
    try field("Checksum", bits: 16, Self.section) { value in
      let seen = Self.hexadecimal(value, digits: 4)
      if value == 0 { return Said("\(seen), none", "the sender computed none", .unknown) }
      return isRight
        ? Said("\(seen), right", "over the whole structure", .right)
        : Said("\(seen), wrong", "the structure's octets ask for another: it was damaged", .wrong)
    }
    guard version == 2 else { throw stop("extensions of version \(version) cannot be read") }
  }

  /// In an extended echo request data may stand behind the one object (RFC 8335 §2).
  private func structureEnd(_ start: Int) -> Int {
    let structure = frame.icmpExtensions(in: octets.span.extracting(frameStart..<octets.count))
    guard let structure, structure.lowerBound + frameStart == start else { return end }
    return min(end, structure.upperBound + frameStart)
  }

  private mutating func object() throws(Stop) {
    let room = available
    let length = Int(
      try field("Length", bits: 16, Self.section) { value in
        let fits = value >= 4 && Int(value) <= room
        return Said(
          Self.count(value, "octet"),
          fits ? "of this object, its four first octets included" : "cannot be",
          fits ? .neutral : .wrong)
      })
    guard length >= 4, length <= room else { throw stop("an object of \(length) octets cannot be") }
    let number = UInt8(
      try field("Class-Num", bits: 8, Self.section) { value in
        switch UInt8(value) {
        case ICMPExtensionObject.labelStack: Said("1 (MPLS Label Stack)", "RFC 4950 defines it")
        case ICMPExtensionObject.interfaceInformation:
          Said("2 (Interface Information)", "RFC 5837 defines it")
        case ICMPExtensionObject.interfaceIdentification:
          Said("3 (Interface Identification)", "RFC 8335 defines it")
        default: Said("\(value)", "a class that is not explained here")
        }
      })
    try within(length - 3) { (inner: inout Explainer) throws(Stop) in
      switch number {
      case ICMPExtensionObject.labelStack: try inner.labelStack()
      case ICMPExtensionObject.interfaceInformation: try inner.interfaceInformation()
      case ICMPExtensionObject.interfaceIdentification: try inner.interfaceIdentification()
      default:
        try inner.field("C-Type", bits: 8, Self.section) {
          Said("\($0)", "which of its class it is")
        }
      }
      inner.rest("Object payload", Self.section, "the object's own data")
    }
  }

  private mutating func labelStack() throws(Stop) {
    let source = "RFC 4950 §4"
    try field("C-Type", bits: 8, source) {
      Said("\($0)", $0 == 1 ? "the labels with which the packet arrived" : "a kind without a name")
    }
    while available >= MPLSLabel.length {
      try field("Label", bits: 20, "RFC 3032 §2.1") {
        Said("\($0)", $0 < 16 ? "a label with a meaning of its own" : "by which routers switch it")
      }
      try field("TC", bits: 3, "RFC 5462 §3") {
        Said("\($0)", "traffic class: which treatment it gets")
      }
      try flag(
        "S", "RFC 3032 §2.1", set: "the bottom of the stack", clear: "another label follows")
      try field("TTL", bits: 8, "RFC 3032 §2.1") {
        Said("\($0)", "hops left, as the label counts them")
      }
    }
  }

  private mutating func interfaceInformation() throws(Stop) {
    let source = "RFC 5837 §4.1"
    let roles = [
      "the packet came in by it", "the packet came in by the link below it",
      "the packet would have left by it", "the next hop that it would have been sent to",
    ]
    try field("Interface Role", bits: 2, source) { Said("\($0)", roles[Int($0 & 3)]) }
    try reserved("Rsvd1", bits: 2, source)
    let hasIndex = try flag("ifIndex", source, set: "its number follows", clear: "no number")
    let hasAddress = try flag("IPAddr", source, set: "its address follows", clear: "no address")
    let hasName = try flag("name", source, set: "its name follows", clear: "no name")
    let hasMTU = try flag("MTU", source, set: "its MTU follows", clear: "no MTU")
    if hasIndex {
      try field("ifIndex", bits: 32, source) { Said("\($0)", "the interface's number there") }
    }
    if hasAddress { try interfaceAddress() }
    if hasName { try interfaceName() }
    if hasMTU {
      try field("MTU", bits: 32, source) {
        Said(Self.count($0, "octet"), "the longest packet that leaves by it")
      }
    }
  }

  private mutating func interfaceAddress() throws(Stop) {
    let source = "RFC 5837 §4.2"
    let family = try field("AFI", bits: 16, source) { value in
      switch value {
      case 1: Said("1 (IPv4)", "the family of the address")
      case 2: Said("2 (IPv6)", "the family of the address")
      default: Said("\(value)", "a family that an interface's address cannot have here", .wrong)
      }
    }
    try reserved(bits: 16, source)
    switch family {
    case 1: try address("IP Address", .v4, source, "the interface's address")
    case 2: try address("IP Address", .v6, source, "the interface's address")
    default: throw stop("an address of family \(family) cannot be read")
    }
  }

  private mutating func interfaceName() throws(Stop) {
    let source = "RFC 5837 §4.3"
    let length = Int(
      try field("Length", bits: 8, source) {
        Said(
          Self.count($0, "octet"), "of the name, this one included",
          (1...64).contains($0) ? .neutral : .wrong)
      })
    guard (1...64).contains(length) else { throw stop("a name of \(length) octets cannot be") }
    try field("Interface Name", octets: length - 1, source) { octets in
      Said(Self.name(octets), "what the router calls the interface")
    }
  }

  /// Zeros at its end fill it up.
  private static func name(_ octets: Span<UInt8>) -> String {
    var end = octets.count
    while end > 0, octets[end - 1] == 0 { end -= 1 }
    return SafeText.escaped(octets.extracting(first: end), atMost: 64)
  }

  private mutating func interfaceIdentification() throws(Stop) {
    let source = "RFC 8335 §2.1"
    let type = try field("C-Type", bits: 8, source) { value in
      switch value {
      case 1: Said("1 (by name)", "how the interface is named")
      case 2: Said("2 (by index)", "how the interface is named")
      case 3: Said("3 (by address)", "how the interface is named")
      default: Said("\(value)", "a way to name it without a meaning here", .wrong)
      }
    }
    switch type {
    case 1:
      try field("Interface Name", octets: available, source) {
        Said(Self.name($0), "the interface that is asked about")
      }
    case 2 where available == 4:
      try field("ifIndex", bits: 32, source) { Said("\($0)", "the interface that is asked about") }
    case 3:
      try identificationAddress(source)
    default: break
    }
  }

  private mutating func identificationAddress(_ source: String) throws(Stop) {
    let family = try field("AFI", bits: 16, source) { Said("\($0)", "the family of the address") }
    let length = try field("Address Length", bits: 8, source) {
      Said(Self.count($0, "octet"), "how much of the address counts")
    }
    try reserved(bits: 8, source)
    switch (family, length) {
    case (1, 4): try address("Address", .v4, source, "the interface that is asked about")
    case (2, 16): try address("Address", .v6, source, "the interface that is asked about")
    case (0x4005, 6):
      try field("Address", bits: 48, source) {
        Said(MACAddress(bits: $0).description, "the interface that is asked about")
      }
    default: break
    }
  }
}
