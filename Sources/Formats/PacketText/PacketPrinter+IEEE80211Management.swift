import PacketWire

/// What a management frame tells in its elements (IEEE 802.11 §9.4.2).
private struct ManagementElements {
  var network: Range<Int>?
  var rates: Range<Int>?
  var channel: UInt8?
  var mesh: Range<Int>?
  var hasChallenge = false
  var isComplete = true

  /// Reads the elements from `start` on, the first of each kind.
  init(_ body: Span<UInt8>, from start: Int) {
    var offset = start
    while offset < body.count {
      guard offset &+ 2 <= body.count else {
        isComplete = false
        return
      }
      let value = offset &+ 2..<offset &+ 2 &+ Int(body[offset &+ 1])
      // A name has at most 32 octets, and rates are at most eight, of which some send more.
      let limit = body[offset] == 0 ? 32 : body[offset] == 1 ? 16 : 255
      guard value.upperBound <= body.count, value.count <= limit else {
        isComplete = false
        return
      }
      switch body[offset] {
      case 0: network = network ?? value
      case 1: rates = rates ?? value
      case 3 where value.count == 1: channel = channel ?? body[value.lowerBound]
      case 16: hasChallenge = true
      case 114: mesh = mesh ?? value
      default: break
      }
      offset = value.upperBound
    }
  }
}

extension PacketPrinter {
  /// Appends what a management frame says (IEEE 802.11 §9.3.3); false when it is cut.
  mutating func appendManagement(
    _ header: IEEE80211Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard let name = header.name else {
      out.append("Unhandled Management subtype(")
      out.append(hex: header.subtype, digits: 1)
      out.append(octet: 0x29)
      return true
    }
    out.append(name)
    if header.isProtected { return appendInitializationVector(body, into: &out) }
    switch header.subtype {
    case 0: return appendElements(body, fixed: 4, into: &out)
    case 1, 3: return appendAssociation(body, into: &out)
    case 2: return appendReassociation(body, into: &out)
    case 4: return appendElements(body, fixed: 0, into: &out)
    case 5, 8:
      return appendElements(body, fixed: 12, isBeacon: header.subtype == 8, into: &out)
    case 10, 12: return appendReason(header, body, into: &out)
    case 11: return appendAuthentication(body, into: &out)
    case 13: return appendAction(header, body, into: &out)
    default: return true
    }
  }

  /// The elements of a frame that has `fixed` octets before them: in a beacon or the response to a
  /// probe 12, of which the last two are capabilities.
  private func appendElements(
    _ body: Span<UInt8>, fixed: Int, isBeacon: Bool = false, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= fixed else { return false }
    let elements = ManagementElements(body, from: fixed)
    append(" (", elements.network, body, into: &out)
    if let rates = elements.rates { append(rates: body.extracting(rates), into: &out) }
    guard fixed == 12 else { return elements.isComplete }
    let capabilities = body.u16(at: 10).byteSwapped
    if isBeacon { out.append(capabilities & 1 != 0 ? " ESS" : " IBSS") }
    if let channel = elements.channel {
      out.append(" CH: ")
      out.append(decimal: channel)
    }
    if capabilities & 0x10 != 0 { out.append(", PRIVACY") }
    guard elements.isComplete else { return false }
    append(" (MESHID: ", elements.mesh, body, into: &out)
    return true
  }

  private func append(
    _ label: String, _ name: Range<Int>?, _ body: Span<UInt8>, into out: inout TextBuffer
  ) {
    guard let name else { return }
    out.append(label)
    out.append(caret: body.extracting(name))
    out.append(octet: 0x29)
  }

  /// Rates in units of half a megabit a second; the high bit marks those that everybody must know.
  private func append(rates: Span<UInt8>, into out: inout TextBuffer) {
    for index in rates.indices {
      out.append(index == 0 ? " [" : " ")
      out.append(tenths: UInt32(rates[index] & 0x7f) &* 5)
      if rates[index] & 0x80 != 0 { out.append(octet: 0x2a) }
    }
    if !rates.isEmpty { out.append(" Mbit]") }
  }

  private func appendAssociation(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 6 else { return false }
    out.append(" AID(")
    out.append(hex: body.u16(at: 4).byteSwapped & 0x3fff, digits: 1)
    out.append(body.u16(at: 0).byteSwapped & 0x10 != 0 ? ") : PRIVACY : " : ") :: ")
    out.append(status: body.u16(at: 2).byteSwapped)
    return ManagementElements(body, from: 6).isComplete
  }

  private func appendReassociation(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 10 else { return false }
    let elements = ManagementElements(body, from: 10)
    append(" (", elements.network, body, into: &out)
    out.append(" AP : ")
    out.append(MACAddress(bits: body.u48(at: 4)))
    return elements.isComplete
  }

  private func appendReason(
    _ header: IEEE80211Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 2 else { return false }
    if header.subtype == 12, !options.showsLinkHeader, let source = header.address2 {
      out.append(" (")
      out.append(source)
      out.append(octet: 0x29)
    }
    out.append(": ")
    out.append(reason: body.u16(at: 0).byteSwapped)
    return true
  }

  private func appendAuthentication(
    _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 6 else { return false }
    let algorithm = body.u16(at: 0).byteSwapped
    let sequence = body.u16(at: 2).byteSwapped
    let elements = ManagementElements(body, from: 6)
    out.append(
      algorithm == 0
        ? " (Open System)-"
        : algorithm == 1 ? " (Shared Key)-" : algorithm == 2 ? " (EAP)-" : " (Reserved)-")
    out.append(hex: sequence, digits: 1)
    out.append(algorithm == 1 && elements.hasChallenge ? " [Challenge Text] " : ": ")
    if sequence & 1 == 1 { out.append(status: body.u16(at: 4).byteSwapped) }
    return elements.isComplete
  }

  private func appendAction(
    _ header: IEEE80211Header, _ body: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard body.count >= 2 else { return false }
    if !options.showsLinkHeader, let source = header.address2 {
      out.append(" (")
      out.append(source)
      out.append(octet: 0x29)
    }
    out.append(": ")
    out.append(category: body[0], action: body[1])
    return true
  }
}
