import PacketWire

extension PacketPrinter {
  /// Appends the value of an option; what is left of it that does not make up another item is counted.
  mutating func appendDHCPv4Value(
    _ code: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) {
    if code == 53, value.count == 1 {
      return appendNumber(
        value[0], DHCPv4OptionNames.messageType(value[0]), "Unknown (", ")", into: &out)
    }
    if code == 55 { return appendRequestedOptions(value, into: &out) }
    var format = DHCPv4OptionNames.entry(code)?.format
    if format == nil {
      format = value.count % 2 == 1 ? .octets : value.count % 4 == 2 ? .shortNumbers : .numbers
    }
    var left = 0
    switch format {
    case .text: appendQuoted(value, into: &out)
    case .addresses:
      left = appendItems(value, of: 4, into: &out) { printer, item, out in
        printer.append(.v4(item.ipv4Address(at: 0)), into: &out)
      }
    case .addressPairs:
      left = appendItems(value, of: 8, into: &out) { printer, item, out in
        out.append(octet: 0x28)
        printer.append(.v4(item.ipv4Address(at: 0)), into: &out)
        out.append(octet: 0x3a)
        printer.append(.v4(item.ipv4Address(at: 4)), into: &out)
        out.append(octet: 0x29)
      }
    case .numbers:
      left = appendItems(value, of: 4, into: &out) { _, item, out in
        out.append(decimal: item.u32(at: 0))
      }
    case .signedNumbers:
      left = appendItems(value, of: 4, into: &out) { _, item, out in
        out.append(decimal: Int32(bitPattern: item.u32(at: 0)))
      }
    case .shortNumbers:
      left = appendItems(value, of: 2, into: &out) { _, item, out in
        out.append(decimal: item.u16(at: 0))
      }
    case .flags:
      left = appendItems(value, of: 1, into: &out) { _, item, out in
        switch item[0] {
        case 0: out.append(octet: 0x4e)
        case 1: out.append(octet: 0x59)
        default:
          out.append(decimal: item[0])
          out.append(octet: 0x3f)
        }
      }
    case .octets, nil: appendDotted(value, into: &out)
    case .special: left = appendSpecial(code, value, into: &out)
    }
    guard left > 0 else { return }
    out.append("\n\t  trailing data length ")
    out.append(decimal: left)
  }

  /// Appends items of `size` octets with commas between them, and gives back how many octets are left.
  private func appendItems(
    _ value: Span<UInt8>, of size: Int, into out: inout TextBuffer,
    _ append: (PacketPrinter, Span<UInt8>, inout TextBuffer) -> Void
  ) -> Int {
    var offset = 0
    while offset &+ size <= value.count {
      if offset > 0 { out.append(octet: 0x2c) }
      append(self, value.extracting(offset..<offset &+ size), &out)
      offset &+= size
    }
    return value.count &- offset
  }

  private func appendDotted(_ value: Span<UInt8>, into out: inout TextBuffer) {
    for index in value.indices {
      if index > 0 { out.append(octet: 0x2e) }
      out.append(decimal: value[index])
    }
  }

  private func appendQuoted(_ value: Span<UInt8>, into out: inout TextBuffer) {
    out.append(octet: 0x22)
    out.append(caret: value)
    out.append(octet: 0x22)
  }

  /// Appends the name, or the number between `prefix` and `suffix`.
  private func appendNumber(
    _ number: UInt8, _ name: String?, _ prefix: String, _ suffix: String,
    into out: inout TextBuffer
  ) {
    if let name { return out.append(name) }
    out.append(prefix)
    out.append(decimal: number)
    out.append(suffix)
  }

  private func appendRequestedOptions(_ value: Span<UInt8>, into out: inout TextBuffer) {
    for index in value.indices {
      out.append(index % 4 == 0 ? "\n\t      " : ", ")
      out.append(DHCPv4OptionNames.entry(value[index])?.name ?? "Unknown")
      out.append(" (")
      out.append(decimal: value[index])
      out.append(octet: 0x29)
    }
  }

  private mutating func appendShort(_ needed: Int, into out: inout TextBuffer) {
    out.append("[ERROR: length < ")
    out.append(decimal: needed)
    out.append(" bytes]")
    isMarked = true
  }

  /// Appends an option that has a form of its own, and gives back how many octets are left.
  private mutating func appendSpecial(
    _ code: UInt8, _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Int {
    let needed =
      code == 81 ? 3 : code == 77 ? 2 : code == 121 || code == 249 ? 5 : code == 82 ? 0 : 1
    guard value.count >= needed else {
      appendShort(needed, into: &out)
      return 0
    }
    switch code {
    case 46:
      appendNumber(value[0], DHCPv4OptionNames.nodeType(value[0]), "#", "", into: &out)
      return value.count &- 1
    case 52:
      appendNumber(value[0], DHCPv4OptionNames.overload(value[0]), "#", "", into: &out)
      return value.count &- 1
    case 61: appendClientIdentifier(value, into: &out)
    case 77: appendUserClasses(value, into: &out)
    case 81: appendClientName(value, into: &out)
    case 82: return appendAgentInformation(value, into: &out)
    default: appendClasslessRoutes(value, into: &out)
    }
    return 0
  }

  /// RFC 2132 §9.14: type 0 is text, others are hardware types.
  private func appendClientIdentifier(_ value: Span<UInt8>, into out: inout TextBuffer) {
    guard value[0] != 0 else { return appendQuoted(value.extracting(droppingFirst: 1), into: &out) }
    appendNumber(
      value[0], DHCPv4OptionNames.hardware(value[0]), "hardware-type ", ",", into: &out)
    out.append(octet: 0x20)
    for index in 1..<value.count {
      if index > 1 { out.append(octet: 0x3a) }
      out.append(hex: value[index])
    }
  }

  /// RFC 4702 §2: flags, two codes that are no longer used, and the name.
  private func appendClientName(_ value: Span<UInt8>, into out: inout TextBuffer) {
    if value[0] & 0xf0 != 0 {
      out.append("[ERROR: MBZ nibble 0x")
      out.append(hex: value[0] >> 4, digits: 1)
      out.append(" != 0] ")
    }
    if value[0] & 0x0f != 0 {
      out.append(octet: 0x5b)
      if value[0] & 1 != 0 { out.append(octet: 0x53) }
      if value[0] & 2 != 0 { out.append(octet: 0x4f) }
      if value[0] & 4 != 0 { out.append(octet: 0x45) }
      if value[0] & 8 != 0 { out.append(octet: 0x4e) }
      out.append("] ")
    }
    if value.u16(at: 1) != 0 {
      out.append(decimal: value[1])
      out.append(octet: 0x2f)
      out.append(decimal: value[2])
      out.append(octet: 0x20)
    }
    appendQuoted(value.extracting(droppingFirst: 3), into: &out)
  }

  /// RFC 3004 §4: strings with their lengths.
  private mutating func appendUserClasses(_ value: Span<UInt8>, into out: inout TextBuffer) {
    var (offset, number) = (0, 1)
    while offset < value.count {
      let length = Int(value[offset])
      offset &+= 1
      out.append("\n\t      instance#")
      out.append(decimal: number)
      out.append(": ")
      guard length > 0, offset &+ length <= value.count else {
        out.append(
          length == 0
            ? "[ERROR: suboption length must be non-zero]" : "[ERROR: invalid option]")
        isMarked = true
        return
      }
      appendQuoted(value.extracting(offset..<offset &+ length), into: &out)
      out.append(", length ")
      out.append(decimal: length)
      offset &+= length
      number &+= 1
    }
  }

  /// RFC 3046 §2.0: what a relay adds, in options of its own.
  private mutating func appendAgentInformation(
    _ value: Span<UInt8>, into out: inout TextBuffer
  ) -> Int {
    var offset = 0
    while offset &+ 2 <= value.count {
      let (code, length) = (value[offset], Int(value[offset &+ 1]))
      offset &+= 2
      let names: [UInt8: String] = [1: "Circuit-ID", 2: "Remote-ID", 6: "Subscriber-ID"]
      out.append("\n\t      ")
      out.append(names[code] ?? "Unknown")
      out.append(" SubOption ")
      out.append(decimal: code)
      out.append(", length ")
      out.append(decimal: length)
      out.append(": ")
      guard offset &+ length <= value.count else {
        out.append("length goes past end of option")
        isMarked = true
        return 0
      }
      let content = value.extracting(offset..<offset &+ length)
      if names[code] != nil {
        out.append(caret: content)
      } else {
        appendHexLines(content, into: &out)
      }
      offset &+= length
    }
    return value.count &- offset
  }

  private func appendHexLines(_ octets: Span<UInt8>, into out: inout TextBuffer) {
    for index in octets.indices {
      if index % 16 == 0 {
        out.append("\n\t\t0x")
        out.append(hex: UInt16(truncatingIfNeeded: index))
        out.append(": ")
      }
      if index % 2 == 0 { out.append(octet: 0x20) }
      out.append(hex: octets[index])
    }
  }

  /// RFC 3442: destinations, of which only the octets are there that the mask covers, and routers.
  private mutating func appendClasslessRoutes(_ value: Span<UInt8>, into out: inout TextBuffer) {
    var offset = 0
    while offset < value.count {
      if offset > 0 { out.append(octet: 0x2c) }
      let width = Int(value[offset])
      offset &+= 1
      guard width <= 32 else {
        out.append("[ERROR: Mask width (")
        out.append(decimal: width)
        out.append(") > 32]")
        isMarked = true
        return
      }
      let significant = (width &+ 7) / 8
      guard offset &+ significant &+ 4 <= value.count else {
        out.append("[ERROR: Remaining length (")
        out.append(decimal: value.count &- offset)
        out.append(") < ")
        out.append(decimal: significant &+ 4)
        out.append(" bytes]")
        isMarked = true
        return
      }
      out.append(octet: 0x28)
      if width == 0 {
        out.append("default")
      } else {
        for index in 0..<4 {
          if index > 0 { out.append(octet: 0x2e) }
          out.append(decimal: index < significant ? value[offset &+ index] : 0)
        }
        out.append(octet: 0x2f)
        out.append(decimal: width)
      }
      out.append(octet: 0x3a)
      append(.v4(value.ipv4Address(at: offset &+ significant)), into: &out)
      out.append(octet: 0x29)
      offset &+= significant &+ 4
    }
  }
}
