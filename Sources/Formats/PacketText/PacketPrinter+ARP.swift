import PacketWire

extension PacketPrinter {
  /// Appends an ARP packet; `length` counts the padding behind it, as in a short Ethernet frame.
  func append(
    _ packet: ARPPacket, _ octets: Span<UInt8>, from offset: Int, length: Int,
    into out: inout TextBuffer
  ) {
    if !options.showsLinkHeader { out.append("ARP, ") }
    let carriesIPv4 = packet.protocolType == .ipv4
    if options.isVerbose || !carriesIPv4 {
      out.append(packet.hardwareTypeName ?? "Unknown Hardware (\(packet.hardwareType))")
      out.append(" (len 6), ")
      out.append(packet.protocolType.name ?? "Unknown")
      out.append(" (len 4)")
      guard options.isVerbose else { return appendLength(length, into: &out) }
      out.append(", ")
    }
    switch packet.operation {
    case .request:
      out.append("Request who-has ")
      append(carriesIPv4 ? packet.targetAddress : nil, into: &out)
      // RFC 826 leaves the looked-for address open; a request that names one is worth seeing.
      if packet.targetMAC.bits != 0 {
        out.append(" (")
        out.append(packet.targetMAC)
        out.append(octet: 0x29)
      }
      out.append(" tell ")
      append(carriesIPv4 ? packet.senderAddress : nil, into: &out)
    case .reply:
      out.append("Reply ")
      append(carriesIPv4 ? packet.senderAddress : nil, into: &out)
      out.append(" is-at ")
      out.append(packet.senderMAC)
    default:
      guard appendRare(packet, into: &out) else {
        return appendUnknown(octets, from: offset, into: &out)
      }
    }
    appendLength(length, into: &out)
  }

  /// Appends a reverse ARP packet, which has the form of ARP's (RFC 903).
  mutating func appendReverseARP(
    _ part: EncapsulatedPart, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    var reader = PacketReader(octets.extracting(part.captured(of: octets.count)))
    guard let packet = try? ARPPacket(parsing: &reader) else {
      return appendCut("arp", into: &out)
    }
    append(packet, octets, from: part.offset, length: part.length, into: &out)
  }

  /// Reverse and inverse ARP (RFC 903, RFC 2390); false if there is no form for the operation.
  private func appendRare(_ packet: ARPPacket, into out: inout TextBuffer) -> Bool {
    switch packet.operation.rawValue {
    case 3, 8:
      out.append(packet.operation.rawValue == 3 ? "Reverse Request" : "Inverse Request")
      out.append(" who-is ")
      out.append(packet.targetMAC)
      out.append(" tell ")
      out.append(packet.senderMAC)
    case 4:
      out.append("Reverse Reply ")
      out.append(packet.targetMAC)
      out.append(" at ")
      append(packet.targetAddress, into: &out)
    case 9:
      out.append("Inverse Reply ")
      out.append(packet.senderMAC)
      out.append(" at ")
      append(packet.senderAddress, into: &out)
    case 10:
      out.append("NACK Reply ")
      return false
    default:
      out.append("Unknown (")
      out.append(decimal: packet.operation.rawValue)
      out.append(") ")
      return false
    }
    return true
  }

  private func append(_ address: IPv4Address?, into out: inout TextBuffer) {
    guard let address else { return out.append("<wrong proto type>") }
    append(.v4(address), into: &out)
  }

  func appendLength(_ length: Int, into out: inout TextBuffer) {
    out.append(", length ")
    out.append(decimal: length)
  }
}

extension ARPPacket {
  /// The hardware type's name (IANA "ARP Parameters"); nil for one without.
  var hardwareTypeName: String? {
    switch hardwareType {
    case 1: "Ethernet"
    case 6: "TokenRing"
    case 7: "ArcNet"
    case 15: "FrameRelay"
    case 17: "Strip"
    case 24: "IEEE 1394"
    case 27: "Infiniband"
    default: nil
    }
  }
}
