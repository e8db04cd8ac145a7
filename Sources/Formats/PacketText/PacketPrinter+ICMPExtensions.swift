import PacketWire

extension PacketPrinter {
  /// Appends an ICMP extension structure (RFC 4884 §7) behind `title`, a line for it and some for each
  /// of its objects.
  mutating func appendExtensions(
    _ title: String, _ structure: Span<UInt8>, into out: inout TextBuffer
  ) {
    var reader = PacketReader(structure)
    out.append("\n\t")
    guard let header = try? ICMPExtensionHeader(parsing: &reader) else {
      out.append(title)
      return appendCut("icmp", into: &out)
    }
    out.append(title)
    if title.isEmpty {
      out.append("ICMP Multi-Part extension v")
      out.append(decimal: header.version)
      guard header.version == 2 else { return out.append(" packet not supported") }
    }
    var sum = InternetChecksum()
    sum.add(structure)
    out.append(", checksum 0x")
    out.append(hex: header.checksum)
    out.append(sum.folded == 0xffff ? " (correct), length " : " (incorrect), length ")
    out.append(decimal: structure.count)
    var objects: [ICMPExtensionObject] = []
    do throws(PacketError) {
      try ICMPExtensionObject.forEach(in: structure) { objects.append($0) }
    } catch {
      isMarked = true
    }
    for object in objects { append(object, structure, into: &out) }
  }

  private mutating func append(
    _ object: ICMPExtensionObject, _ structure: Span<UInt8>, into out: inout TextBuffer
  ) {
    out.append("\n\t  ")
    switch object.classNumber {
    case ICMPExtensionObject.labelStack: out.append("MPLS Stack Entry Object (")
    case ICMPExtensionObject.interfaceInformation:
      out.append("Interface Information Object (")
    case ICMPExtensionObject.interfaceIdentification:
      out.append("Interface Identification Object (")
    default: out.append("unknown Object (")
    }
    out.append(decimal: object.classNumber)
    out.append("), Class-Type: ")
    out.append(decimal: object.classType)
    out.append(", length ")
    out.append(decimal: object.value.count &+ 4)
    let value = structure.extracting(object.value)
    switch object.classNumber {
    case ICMPExtensionObject.labelStack: appendLabels(value, into: &out)
    case ICMPExtensionObject.interfaceInformation
    where append(
      interface: object.classType, value, into: &out):
      break
    case ICMPExtensionObject.interfaceIdentification
    where append(
      identification: object.classType, value, into: &out):
      break
    default: out.append(hexDump: value, indented: "\n\t    ")
    }
  }

  /// RFC 4950 §4.
  private func appendLabels(_ value: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset &+ MPLSLabel.length <= value.count {
      let label = MPLSLabel(value.extracting(droppingFirst: offset))
      out.append("\n\t    label ")
      out.append(decimal: label.label)
      out.append(", tc ")
      out.append(decimal: label.trafficClass)
      if label.isBottomOfStack { out.append(", [S]") }
      out.append(", ttl ")
      out.append(decimal: label.timeToLive)
      offset &+= MPLSLabel.length
    }
  }

  /// RFC 5837 §4; false if it cannot be read.
  private func append(
    interface classType: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    var reader = PacketReader(value)
    guard
      let interface = try? ICMPInterfaceInformation(classType: classType, parsing: &reader)
    else { return false }
    out.append("\n\t    ")
    switch interface.role {
    case .incoming: out.append("incoming interface")
    case .sublink: out.append("incoming link below IP")
    case .outgoing: out.append("outgoing interface")
    case .nextHop: out.append("next hop")
    }
    if let index = interface.index {
      out.append(", index ")
      out.append(decimal: index)
    }
    if let address = interface.address {
      out.append(", address ")
      append(address, into: &out)
    }
    if let name = interface.name {
      out.append(", name ")
      out.append(untrusted: value.extracting(name), atMost: 64)
    }
    if let mtu = interface.mtu {
      out.append(", mtu ")
      out.append(decimal: mtu)
    }
    return true
  }

  /// RFC 8335 §2.1; false if it cannot be read.
  private func append(
    identification classType: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    switch (classType, value.count) {
    case (1, _):
      out.append("\n\t    Interface Name, length ")
      out.append(decimal: value.count)
      out.append(": ")
      var end = value.count
      while end > 0, value[end &- 1] == 0 { end &-= 1 }
      out.append(untrusted: value.extracting(first: end), atMost: 64)
    case (2, 4):
      out.append("\n\t    Interface Index: ")
      out.append(decimal: value.u32(at: 0))
    case (3, 8...) where value.u16(at: 0) == 1 && value[2] == 4:
      out.append("\n\t    IP Address sub-object: ")
      append(.v4(value.ipv4Address(at: 4)), into: &out)
    case (3, 20...) where value.u16(at: 0) == 2 && value[2] == 16:
      out.append("\n\t    IP6 Address sub-object: ")
      append(.v6(value.ipv6Address(at: 4)), into: &out)
    case (3, 10...) where value.u16(at: 0) == 0x4005 && value[2] == 6:
      out.append("\n\t    48-bit MAC Address sub-object: ")
      out.append(MACAddress(bits: value.u48(at: 4)))
    default: return false
    }
    return true
  }

  /// Appends what an extended echo asks or answers at `-v` (RFC 8335 §2, §3).
  mutating func appendProbe(
    isRequest: Bool, code: UInt8, rest: UInt32, _ body: Span<UInt8>,
    into out: inout TextBuffer
  ) {
    guard !isRequest else {
      return appendExtensions(
        rest & 1 == 1 ? "Local Interface" : "Remote Interface", body, into: &out)
    }
    out.append("\n\tCode ")
    out.append(decimal: code)
    out.append(" (")
    switch code {
    case 0: out.append("No error")
    case 1: out.append("Malformed Query")
    case 2: out.append("No Such Interface")
    case 3: out.append("No Such Table Entry")
    case 4: out.append("Multiple Interfaces Satisfy Query")
    default: out.append("Unknown")
    }
    let state = rest >> 5 & 7
    out.append("), State ")
    out.append(decimal: state)
    out.append(" (")
    let states = ["Reserved", "Incomplete", "Reachable", "Stale", "Delay", "Probe", "Failed"]
    out.append(Int(state) < states.count ? states[Int(state)] : "Unknown")
    out.append("), active ")
    out.append(decimal: rest >> 2 & 1)
    out.append(" ipv4 ")
    out.append(decimal: rest >> 1 & 1)
    out.append(" ipv6 ")
    out.append(decimal: rest & 1)
  }
}
