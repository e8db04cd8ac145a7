import PacketWire

/// A place in a frame between its link header and its network header. Offsets count from the frame's
/// start, in octets.
struct EncapsulatedPart {
  /// Where it starts.
  var offset: Int
  /// Where it ended on the wire.
  var end: Int
  /// Who sent it to whom, as the link header has it.
  var ends: (source: MACAddress, destination: MACAddress)?

  /// How long it was on the wire.
  var length: Int { max(end &- offset, 0) }

  /// Where in so many captured octets it stands, as far as they go.
  func captured(of count: Int) -> Range<Int> {
    let start = min(offset, count)
    return start..<max(min(end, count), start)
  }

  /// The same without its first octets.
  func dropping(_ count: Int) -> EncapsulatedPart {
    EncapsulatedPart(offset: offset &+ count, end: end, ends: ends)
  }
}

extension PacketPrinter {
  /// Appends what an EtherType announces; false, and nothing appended, if no printer knows it.
  mutating func append(
    _ type: EtherType, _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>,
    into out: inout TextBuffer
  ) -> Bool {
    switch type {
    case .ipv4, .ipv6, .arp: return appendNetwork(part, frame, octets, into: &out)
    case .reverseARP: appendReverseARP(part, octets, into: &out)
    case .mpls, .upstreamMPLS: appendMPLS(part, frame, octets, into: &out)
    case .pppoeDiscovery, .pppoeSession: appendPPPoE(part, frame, octets, into: &out)
    case _ where type.isLength:
      var inner = part
      inner.end = min(part.end, part.offset &+ Int(type.rawValue))
      appendLLC(inner, frame, octets, into: &out)
    default: return false
    }
    return true
  }

  /// Appends the packet at `part`, if that is where the frame's network header was found.
  mutating func appendNetwork(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) -> Bool {
    guard frame.networkOffset == part.offset else { return false }
    let end = min(octets.count, max(part.end, part.offset))
    return appendNetwork(
      frame, octets.extracting(first: end), length: part.end, into: &out)
  }

  /// Octets of `part` that no printer reads.
  func appendUnknown(
    _ part: EncapsulatedPart, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    appendUnknown(octets.extracting(part.captured(of: octets.count)), from: 0, into: &out)
  }

  /// An MPLS label stack and what it carries (RFC 3032).
  mutating func appendMPLS(
    _ part: EncapsulatedPart, _ frame: Frame, _ octets: Span<UInt8>, into out: inout TextBuffer
  ) {
    out.append("MPLS")
    var rest = part
    var isFirst = true
    while true {
      guard rest.length >= MPLSLabel.length else { return appendInvalid(into: &out) }
      let captured = octets.extracting(rest.captured(of: octets.count))
      guard captured.count >= MPLSLabel.length else { return appendCut("mpls", into: &out) }
      let label = MPLSLabel(captured)
      out.append(options.isVerbose && !isFirst ? "\n\t" : " ")
      append(label, into: &out)
      rest = rest.dropping(MPLSLabel.length)
      isFirst = false
      if label.isBottomOfStack { break }
    }
    guard rest.length > 0 else { return }
    let captured = octets.extracting(rest.captured(of: octets.count))
    guard let first = captured.first, first >> 4 == 4 || first >> 4 == 6 else {
      isMarked = true
      return appendUnknown(rest, octets, into: &out)
    }
    out.append(options.isVerbose ? "\n\t" : " ")
    if !appendNetwork(rest, frame, octets, into: &out) { appendUnknown(rest, octets, into: &out) }
  }

  private func append(_ label: MPLSLabel, into out: inout TextBuffer) {
    out.append("(label ")
    out.append(decimal: label.label)
    if options.isVerbose, label.label < 16 {
      // RFC 3032 §2.1.
      switch label.label {
      case 0: out.append(" (IPv4 explicit NULL)")
      case 1: out.append(" (router alert)")
      case 2: out.append(" (IPv6 explicit NULL)")
      case 3: out.append(" (implicit NULL)")
      default: out.append(" (rsvd)")
      }
    }
    out.append(", tc ")
    out.append(decimal: label.trafficClass)
    if label.isBottomOfStack { out.append(", [S]") }
    out.append(", ttl ")
    out.append(decimal: label.timeToLive)
    out.append(octet: 0x29)
  }
}

extension MPLSLabel {
  /// The entry at the front of `octets`, of which the caller has seen that they are enough.
  init(_ octets: Span<UInt8>) {
    self.init(label: 0, isBottomOfStack: false, timeToLive: 0)
    bits = octets.u32(at: 0)
  }
}

extension Span<UInt8> {
  /// The first octet.
  var first: UInt8? { isEmpty ? nil : self[0] }
}
